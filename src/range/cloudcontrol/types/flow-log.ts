import type { FlowLog } from '@aws-sdk/client-ec2';
import { AwsError } from '../../aws-error.ts';
import { EC2 } from '../../ec2.ts';
import { flowLogsOf } from '../../operations/flow-logs.ts';
import { perform } from '../../perform.ts';
import { pick, present } from '../changes.ts';
import {
  type CfnTag,
  type Properties,
  type ResourceType,
  tagChanges,
  tagProperty,
} from '../resource-type.ts';

const SETTINGS = [
  'DeliverLogsPermissionArn',
  'LogDestination',
  'LogDestinationType',
  'LogFormat',
  'LogGroupName',
  'MaxAggregationInterval',
  'TrafficType',
];

/** Source: AWS CloudFormation Template Reference, "AWS::EC2::FlowLog". */
export const FLOW_LOG: ResourceType = {
  replacement: ['ResourceId', 'ResourceType', ...SETTINGS],
  readOnly: ['Id'],
  create(account, properties) {
    const { ResourceId, ResourceType: type, MaxAggregationInterval: interval, Tags } = properties;
    const { FlowLogIds, Unsuccessful } = perform<{
      FlowLogIds: string[];
      Unsuccessful: { Error: { Code: string; Message: string } }[];
    }>(account, EC2, 'CreateFlowLogs', {
      ResourceIds: [ResourceId],
      ResourceType: type,
      ...pick(properties, SETTINGS),
      ...(interval === undefined ? {} : { MaxAggregationInterval: Number(interval) }),
      ...(Tags === undefined ? {} : { TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags }] }),
    });
    const [failed] = Unsuccessful;
    if (failed !== undefined) throw new AwsError(failed.Error.Code, failed.Error.Message);
    const [Id = ''] = FlowLogIds;
    return { physicalId: Id, attributes: { Id } };
  },
  update(account, id, after, before) {
    const { put, remove } = tagChanges((before.Tags ?? []) as CfnTag[], after.Tags);
    if (put.length > 0) perform(account, EC2, 'CreateTags', { Resources: [id], Tags: put });
    if (remove.length > 0)
      perform(account, EC2, 'DeleteTags', { Resources: [id], Tags: remove.map((Key) => ({ Key })) });
  },
  delete(account, id) {
    perform(account, EC2, 'DeleteFlowLogs', { FlowLogIds: [id] });
  },
  read(account, Id): Properties | undefined {
    if (!flowLogsOf(account).has(Id)) return undefined;
    const { FlowLogs } = perform<{ FlowLogs: FlowLog[] }>(account, EC2, 'DescribeFlowLogs', {
      FlowLogIds: [Id],
    });
    const [found] = FlowLogs;
    if (found === undefined) return undefined;
    const { ResourceId = '', Tags = [] } = found;
    const type = ResourceId.startsWith('vpc-')
      ? 'VPC'
      : ResourceId.startsWith('eni-')
        ? 'NetworkInterface'
        : 'Subnet';
    return present({
      Id,
      ResourceId,
      ResourceType: type,
      ...pick(found as Properties, SETTINGS),
      ...tagProperty(Tags),
    });
  },
  list: (account) => [...flowLogsOf(account).keys()],
};
