import { AwsError } from '../../aws-error.ts';
import { CLOUDTRAIL } from '../../cloudtrail/service.ts';
import { trailsOf } from '../../cloudtrail/trail.ts';
import { perform } from '../../perform.ts';
import { applyChanges, pick, present, type Setter } from '../changes.ts';
import {
  type CfnTag,
  type Properties,
  type ResourceType,
  tagChanges,
  tagProperty,
} from '../resource-type.ts';

/** Properties that CreateTrail and UpdateTrail take; the key of KMS has another spelling there. */
const SETTINGS = [
  'CloudWatchLogsLogGroupArn',
  'CloudWatchLogsRoleArn',
  'EnableLogFileValidation',
  'IncludeGlobalServiceEvents',
  'IsMultiRegionTrail',
  'IsOrganizationTrail',
  'KMSKeyId',
  'S3BucketName',
  'S3KeyPrefix',
  'SnsTopicName',
];
const FLAGS = /^(Enable|Include|Is)/;

const SETTERS: Readonly<Record<string, Setter>> = {
  IsLogging(account, Name, after) {
    perform(account, CLOUDTRAIL, after === true || after === 'true' ? 'StartLogging' : 'StopLogging', {
      Name,
    });
  },
  EventSelectors(account, TrailName, after) {
    if (after !== undefined)
      perform(account, CLOUDTRAIL, 'PutEventSelectors', { TrailName, EventSelectors: after });
  },
  AdvancedEventSelectors(account, TrailName, after) {
    if (after !== undefined)
      perform(account, CLOUDTRAIL, 'PutEventSelectors', { TrailName, AdvancedEventSelectors: after });
  },
  Tags(account, name, after, before) {
    const ResourceId = trailsOf(account).get(name)?.arn;
    const { put, remove } = tagChanges((before ?? []) as CfnTag[], after);
    if (put.length > 0) perform(account, CLOUDTRAIL, 'AddTags', { ResourceId, TagsList: put });
    if (remove.length > 0)
      perform(account, CLOUDTRAIL, 'RemoveTags', { ResourceId, TagsList: remove.map((Key) => ({ Key })) });
  },
};

/** Source: AWS CloudFormation Template Reference, "AWS::CloudTrail::Trail". */
export const TRAIL: ResourceType = {
  replacement: ['TrailName'],
  readOnly: ['Arn', 'SnsTopicArn'],
  name: 'TrailName',
  create(account, properties, newName) {
    const Name = String(properties.TrailName ?? newName);
    if (trailsOf(account).has(Name)) throw new AwsError('AlreadyExists', `${Name} already exists`, 409);
    const given = (properties.Tags ?? []) as CfnTag[];
    perform(account, CLOUDTRAIL, 'CreateTrail', {
      Name,
      ...settingsOf(properties),
      ...(given.length === 0 ? {} : { TagsList: given }),
    });
    const { Tags: _, ...rest } = properties;
    applyChanges(SETTERS, account, Name, { before: { IsLogging: false }, after: rest });
    const { Arn, SnsTopicArn } = this.read?.(account, Name) ?? {};
    return { physicalId: Name, attributes: present({ Arn, SnsTopicArn }) };
  },
  update(account, Name, after, before) {
    const changed = Object.entries(settingsOf(after)).filter(
      ([name, value]) => value !== settingsOf(before)[name],
    );
    const gone = Object.keys(settingsOf(before)).filter((name) => settingsOf(after)[name] === undefined);
    const input = Object.fromEntries([
      ...changed,
      ...gone.map((name) => [name, FLAGS.test(name) ? false : ''] as const),
    ]);
    if (Object.keys(input).length > 0) perform(account, CLOUDTRAIL, 'UpdateTrail', { Name, ...input });
    applyChanges(SETTERS, account, Name, { before, after });
  },
  delete(account, Name) {
    perform(account, CLOUDTRAIL, 'DeleteTrail', { Name });
  },
  read(account, Name): Properties | undefined {
    const known = trailsOf(account).get(Name);
    if (known === undefined) return undefined;
    const { Trail } = perform<{ Trail: Properties }>(account, CLOUDTRAIL, 'GetTrail', { Name });
    const { IsLogging } = perform<Properties>(account, CLOUDTRAIL, 'GetTrailStatus', { Name });
    const selectors = perform<Properties>(account, CLOUDTRAIL, 'GetEventSelectors', { TrailName: Name });
    const { ResourceTagList } = perform<{ ResourceTagList: { TagsList: CfnTag[] }[] }>(
      account,
      CLOUDTRAIL,
      'ListTags',
      { ResourceIdList: [known.arn] },
    );
    return present({
      ...pick(Trail, SETTINGS),
      TrailName: Name,
      Arn: known.arn,
      SnsTopicArn: Trail.SnsTopicARN,
      EnableLogFileValidation: Trail.LogFileValidationEnabled,
      KMSKeyId: Trail.KmsKeyId,
      IsLogging,
      ...pick(selectors, ['EventSelectors', 'AdvancedEventSelectors']),
      ...tagProperty(ResourceTagList[0]?.TagsList ?? []),
    });
  },
  list: (account) => [...trailsOf(account).keys()],
};

function settingsOf(properties: Properties): Properties {
  const given = Object.entries(pick(properties, SETTINGS)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [
      name === 'KMSKeyId' ? 'KmsKeyId' : name,
      FLAGS.test(name) ? value === true || value === 'true' : value,
    ]),
  );
}
