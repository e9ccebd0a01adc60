import { AwsError } from '../../aws-error.ts';
import { logGroupsOf } from '../../logs/groups.ts';
import { LOGS } from '../../logs/service.ts';
import { perform } from '../../perform.ts';
import { applyChanges, present, type Setter } from '../changes.ts';
import {
  type CfnTag,
  type Properties,
  type ResourceType,
  tagChanges,
  tagProperty,
} from '../resource-type.ts';

const SETTERS: Readonly<Record<string, Setter>> = {
  RetentionInDays(account, logGroupName, after) {
    if (after === undefined) perform(account, LOGS, 'DeleteRetentionPolicy', { logGroupName });
    else perform(account, LOGS, 'PutRetentionPolicy', { logGroupName, retentionInDays: Number(after) });
  },
  KmsKeyId(account, logGroupName, after) {
    if (after === undefined) perform(account, LOGS, 'DisassociateKmsKey', { logGroupName });
    else perform(account, LOGS, 'AssociateKmsKey', { logGroupName, kmsKeyId: after });
  },
  Tags(account, name, after, before) {
    const resourceArn = logGroupsOf(account).get(name)?.arn;
    const { put, remove } = tagChanges((before ?? []) as CfnTag[], after);
    const tags = Object.fromEntries(put.map(({ Key, Value }) => [Key, Value]));
    if (put.length > 0) perform(account, LOGS, 'TagResource', { resourceArn, tags });
    if (remove.length > 0) perform(account, LOGS, 'UntagResource', { resourceArn, tagKeys: remove });
  },
};

/** Source: AWS CloudFormation Template Reference, "AWS::Logs::LogGroup". */
export const LOG_GROUP: ResourceType = {
  replacement: ['LogGroupName'],
  readOnly: ['Arn'],
  name: 'LogGroupName',
  create(account, properties, newName) {
    const logGroupName = String(properties.LogGroupName ?? newName);
    if (logGroupsOf(account).has(logGroupName))
      throw new AwsError('AlreadyExists', `${logGroupName} already exists`, 409);
    const { KmsKeyId, LogGroupClass, Tags = [] } = properties;
    perform(account, LOGS, 'CreateLogGroup', {
      logGroupName,
      ...present({ kmsKeyId: KmsKeyId, logGroupClass: LogGroupClass }),
      tags: Object.fromEntries((Tags as CfnTag[]).map(({ Key, Value }) => [Key, Value])),
    });
    this.update(account, logGroupName, properties, { KmsKeyId, Tags });
    return { physicalId: logGroupName, attributes: { Arn: this.read?.(account, logGroupName)?.Arn } };
  },
  update(account, name, after, before) {
    applyChanges(SETTERS, account, name, { before, after });
  },
  delete(account, logGroupName) {
    perform(account, LOGS, 'DeleteLogGroup', { logGroupName });
  },
  read(account, name): Properties | undefined {
    const { logGroups } = perform<{ logGroups: Record<string, unknown>[] }>(
      account,
      LOGS,
      'DescribeLogGroups',
      {
        logGroupNamePrefix: name,
      },
    );
    const found = logGroups.find(({ logGroupName }) => logGroupName === name);
    if (found === undefined) return undefined;
    const { tags } = perform<{ tags: Record<string, string> }>(account, LOGS, 'ListTagsForResource', {
      resourceArn: found.logGroupArn,
    });
    return {
      LogGroupName: name,
      Arn: found.arn,
      LogGroupClass: found.logGroupClass,
      ...present({ RetentionInDays: found.retentionInDays, KmsKeyId: found.kmsKeyId }),
      ...tagProperty(Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))),
    };
  },
  list: (account) => [...logGroupsOf(account).keys()],
};
