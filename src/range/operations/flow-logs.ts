import type {
  CreateFlowLogsRequest,
  CreateFlowLogsResult,
  DeleteFlowLogsRequest,
  DeleteFlowLogsResult,
  DescribeFlowLogsRequest,
  DescribeFlowLogsResult,
  UnsuccessfulItem,
} from '@aws-sdk/client-ec2';
import { type Account, putTags, requestedTags, tagsOf } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError, badParameter } from '../aws-error.ts';
import { filtered, page } from './query.ts';

type Settings = Omit<
  CreateFlowLogsRequest,
  'ResourceIds' | 'ResourceType' | 'ClientToken' | 'TagSpecifications' | 'DryRun'
>;

export interface SimulatedFlowLog {
  readonly id: string;
  readonly resourceId: string;
  readonly createdAt: number;
  readonly settings: Settings;
}

export const flowLogsOf = accountState(() => new Map<string, SimulatedFlowLog>());

/** Source: Amazon VPC User Guide, "Flow log records": version 2. */
const DEFAULT_FORMAT = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'bytes',
  'start',
  'end',
  'action',
  'log-status',
]
  .map((field) => `\${${field}}`)
  .join(' ');
const INTERVALS = [60, 600];

/** Source: Amazon EC2 API Reference, "CreateFlowLogs" and "Error codes for the Amazon EC2 API". */
export function createFlowLogs(account: Account, input: CreateFlowLogsRequest): CreateFlowLogsResult {
  const { ResourceIds = [], ResourceType, ClientToken, TagSpecifications, DryRun: _, ...settings } = input;
  check(account, settings);
  const FlowLogIds: string[] = [];
  const Unsuccessful: UnsuccessfulItem[] = [];
  const logs = flowLogsOf(account);
  for (const resourceId of ResourceIds) {
    const kind = kindOf(account, ResourceType);
    if (!kind.all.has(resourceId)) {
      const Message = `The ${kind.what} ID '${resourceId}' does not exist`;
      Unsuccessful.push({ ResourceId: resourceId, Error: { Code: kind.notFound, Message } });
      continue;
    }
    const same = [...logs.values()].some(
      (log) => log.resourceId === resourceId && destinationOf(log.settings) === destinationOf(settings),
    );
    if (same)
      throw new AwsError(
        'FlowLogAlreadyExists',
        'Error. There is an existing Flow Log with the same configuration and log destination.',
      );
    const id = account.newId('fl');
    logs.set(id, { id, resourceId, createdAt: account.clock.now(), settings });
    putTags(account, id, requestedTags(TagSpecifications, 'vpc-flow-log'));
    FlowLogIds.push(id);
  }
  return { FlowLogIds, Unsuccessful, ...(ClientToken === undefined ? {} : { ClientToken }) };
}

export function describeFlowLogs(account: Account, input: DescribeFlowLogsRequest): DescribeFlowLogsResult {
  const logs = flowLogsOf(account);
  for (const id of input.FlowLogIds ?? []) if (!logs.has(id)) throw noFlowLog(id);
  const wanted = [...logs.values()].filter(
    ({ id }) => input.FlowLogIds === undefined || input.FlowLogIds.includes(id),
  );
  const found = filtered(
    wanted,
    input.Filter,
    {
      'deliver-log-status': () => ['SUCCESS'],
      'flow-log-id': ({ id }) => [id],
      'log-destination-type': ({ settings }) => [settings.LogDestinationType ?? 'cloud-watch-logs'],
      'log-group-name': ({ settings }) => [settings.LogGroupName],
      'resource-id': ({ resourceId }) => [resourceId],
      'traffic-type': ({ settings }) => [settings.TrafficType],
    },
    ({ id }) => tagsOf(account, id),
  );
  const { items, NextToken } = page(found, input);
  const FlowLogs = items.map(({ id, resourceId, createdAt, settings }) => ({
    LogDestinationType: 'cloud-watch-logs' as const,
    LogFormat: DEFAULT_FORMAT,
    MaxAggregationInterval: 600,
    ...settings,
    FlowLogId: id,
    ResourceId: resourceId,
    CreationTime: new Date(createdAt),
    FlowLogStatus: 'ACTIVE',
    DeliverLogsStatus: 'SUCCESS',
    Tags: tagsOf(account, id),
  }));
  return { FlowLogs, ...(NextToken ? { NextToken } : {}) };
}

export function deleteFlowLogs(
  account: Account,
  { FlowLogIds = [] }: DeleteFlowLogsRequest,
): DeleteFlowLogsResult {
  const Unsuccessful: UnsuccessfulItem[] = [];
  for (const id of FlowLogIds) {
    if (flowLogsOf(account).delete(id)) account.tags.delete(id);
    else {
      const { code: Code, message: Message } = noFlowLog(id);
      Unsuccessful.push({ ResourceId: id, Error: { Code, Message } });
    }
  }
  return { Unsuccessful };
}

function check(account: Account, settings: Settings): void {
  const { LogDestinationType = 'cloud-watch-logs', LogDestination, LogGroupName } = settings;
  if (LogDestination !== undefined && LogGroupName !== undefined)
    throw new AwsError(
      'InvalidParameterCombination',
      'LogDestination and LogGroupName cannot be specified together.',
    );
  if (LogDestination === undefined && LogGroupName === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter LogDestination.');
  if (LogDestinationType === 'cloud-watch-logs' && settings.DeliverLogsPermissionArn === undefined)
    throw new AwsError(
      'InvalidParameter',
      'DeliverLogsPermissionArn can not be empty for cloud-watch-logs destination type.',
    );
  if (
    LogDestinationType === 's3' &&
    !account.buckets.has(/^arn:aws:s3:::([^/]+)/.exec(LogDestination ?? '')?.[1] ?? '')
  )
    throw new AwsError('InvalidParameter', `LogDestination: ${LogDestination} does not exist`);
  const { MaxAggregationInterval: interval } = settings;
  if (interval !== undefined && !INTERVALS.includes(interval))
    throw badParameter(`Invalid value ${interval} for MaxAggregationInterval: it is 60 or 600.`);
}

function kindOf(account: Account, type: CreateFlowLogsRequest['ResourceType']) {
  switch (type) {
    case 'VPC':
      return { all: account.vpcs, what: 'vpc', notFound: 'InvalidVpcId.NotFound' };
    case 'Subnet':
      return { all: account.subnets, what: 'subnet', notFound: 'InvalidSubnetId.NotFound' };
    case 'NetworkInterface':
      return {
        all: account.networkInterfaces,
        what: 'network interface',
        notFound: 'InvalidNetworkInterfaceId.NotFound',
      };
    default:
      throw badParameter(`Value (${type}) for parameter resourceType is not simulated`);
  }
}

function destinationOf({
  LogDestination,
  LogGroupName,
  TrafficType,
  LogFormat = DEFAULT_FORMAT,
}: Settings): string {
  return JSON.stringify([LogDestination ?? LogGroupName, TrafficType, LogFormat]);
}

function noFlowLog(id: string): AwsError {
  return new AwsError('InvalidFlowLogId.NotFound', `The flow log ID '${id}' does not exist`);
}
