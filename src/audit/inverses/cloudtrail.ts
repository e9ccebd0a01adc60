import type { Json } from '../../model/json.ts';
import { isObject, listOf, memberOf, present, textOf } from '../members.ts';
import type { BackCall, Inverse } from '../way-back.ts';
import { backCall, calls, linesOf, noBefore, nothing, notInRecord, stateBefore } from './inverse.ts';

const row = linesOf('cloudtrail.amazonaws.com');
const TRAIL = 'AWS::CloudTrail::Trail';
const STORE = 'AWS::CloudTrail::EventDataStore';

/** Members of UpdateTrail, in the record, in the schema, and as the API takes them. */
const MEMBERS: readonly (readonly [record: string, property: string, input: string])[] = [
  ['s3BucketName', 'S3BucketName', 'S3BucketName'],
  ['s3KeyPrefix', 'S3KeyPrefix', 'S3KeyPrefix'],
  ['snsTopicName', 'SnsTopicName', 'SnsTopicName'],
  ['includeGlobalServiceEvents', 'IncludeGlobalServiceEvents', 'IncludeGlobalServiceEvents'],
  ['isMultiRegionTrail', 'IsMultiRegionTrail', 'IsMultiRegionTrail'],
  ['enableLogFileValidation', 'EnableLogFileValidation', 'EnableLogFileValidation'],
  ['cloudWatchLogsLogGroupArn', 'CloudWatchLogsLogGroupArn', 'CloudWatchLogsLogGroupArn'],
  ['cloudWatchLogsRoleArn', 'CloudWatchLogsRoleArn', 'CloudWatchLogsRoleArn'],
  ['kmsKeyId', 'KMSKeyId', 'KmsKeyId'],
  ['isOrganizationTrail', 'IsOrganizationTrail', 'IsOrganizationTrail'],
];
/** CloudTrail forgets these for an empty text. Source: AWS CloudTrail User Guide, "Stopping CloudTrail from sending events to CloudWatch Logs". */
const FORGETTABLE = new Set([
  'cloudWatchLogsLogGroupArn',
  'cloudWatchLogsRoleArn',
  'kmsKeyId',
  'snsTopicName',
  's3KeyPrefix',
]);

/** What a trail records, where it is not what a new trail records. */
function selectors(before: Json | undefined, TrailName: string): BackCall | undefined {
  const advanced = listOf(before, 'AdvancedEventSelectors');
  const basic = listOf(before, 'EventSelectors');
  if (advanced.length > 0)
    return backCall('cloudtrail', 'PutEventSelectors', { TrailName, AdvancedEventSelectors: advanced });
  return basic.length > 0
    ? backCall('cloudtrail', 'PutEventSelectors', { TrailName, EventSelectors: basic })
    : undefined;
}

const deletedTrail = row(
  'DeleteTrail',
  TRAIL,
  [
    'cloudtrail:CreateTrail',
    'cloudtrail:AddTags',
    'cloudtrail:PutEventSelectors',
    'cloudtrail:PutInsightSelectors',
    'cloudtrail:StartLogging',
    'iam:PassRole',
  ],
  (call, states) => {
    const before = stateBefore(states);
    const Name = textOf(before, 'TrailName') ?? textOf(call.request, 'name')?.split('/').at(-1);
    if (Name === undefined) return notInRecord(call);
    if (textOf(before, 'S3BucketName') === undefined) return noBefore(`what the trail ${Name} was`);
    const tags = listOf(before, 'Tags');
    const members = MEMBERS.map(([, property, input]) => [input, memberOf(before, property)]);
    const create = backCall(
      'cloudtrail',
      'CreateTrail',
      present({ Name, ...Object.fromEntries(members), TagsList: tags.length === 0 ? undefined : tags }),
      ['TrailAlreadyExistsException'],
    );
    const select = selectors(before, Name);
    const insights = listOf(before, 'InsightSelectors');
    return calls(
      `make the trail ${Name} again and start it; what happened meanwhile is not in it`,
      create,
      ...(select === undefined ? [] : [select]),
      ...(insights.length === 0
        ? []
        : [backCall('cloudtrail', 'PutInsightSelectors', { TrailName: Name, InsightSelectors: insights })]),
      ...(memberOf(before, 'IsLogging') === false ? [] : [backCall('cloudtrail', 'StartLogging', { Name })]),
    );
  },
);

const updatedTrail = row('UpdateTrail', TRAIL, ['cloudtrail:UpdateTrail', 'iam:PassRole'], (call, states) => {
  const Name = textOf(call.request, 'name');
  if (Name === undefined) return notInRecord(call);
  const before = stateBefore(states);
  if (before === undefined) return noBefore(`what the trail ${Name} was`);
  const set = MEMBERS.filter(([record]) => isSet(call.request, record));
  if (set.length === 0) return nothing(`no setting of ${Name} was given`);
  const input: Record<string, Json> = { Name };
  for (const [record, property, member] of set) {
    const value = memberOf(before, property) ?? (FORGETTABLE.has(record) ? '' : undefined);
    if (value === undefined) return noBefore(`${property} of the trail ${Name}`);
    input[member] = value;
  }
  const names = set.map(([, property]) => property).join(', ');
  return calls(`set ${names} of the trail ${Name} as before`, backCall('cloudtrail', 'UpdateTrail', input));
});

function isSet(request: Json, member: string): boolean {
  const value = memberOf(request, member);
  return value !== undefined && value !== null;
}

export const CLOUDTRAIL_INVERSES: readonly Inverse[] = [
  row('StopLogging', TRAIL, ['cloudtrail:StartLogging'], (call, states) => {
    const Name = textOf(call.request, 'name');
    if (Name === undefined) return notInRecord(call);
    if (memberOf(stateBefore(states), 'IsLogging') === false)
      return nothing(`the trail ${Name} did not log before`);
    return calls(
      `start the trail ${Name} again; what happened meanwhile is not in it`,
      backCall('cloudtrail', 'StartLogging', { Name }),
    );
  }),
  deletedTrail,
  updatedTrail,
  row('PutEventSelectors', TRAIL, ['cloudtrail:PutEventSelectors'], (call, states) => {
    const name = textOf(call.request, 'trailName');
    if (name === undefined) return notInRecord(call);
    const back = selectors(stateBefore(states), name);
    if (back === undefined) return noBefore(`what the trail ${name} recorded`);
    return calls(`record with the trail ${name} what it recorded before`, back);
  }),
  row('PutInsightSelectors', TRAIL, ['cloudtrail:PutInsightSelectors'], (call, states) => {
    const TrailName = textOf(call.request, 'trailName');
    if (TrailName === undefined) return notInRecord(call);
    const before = stateBefore(states);
    if (!isObject(before)) return noBefore(`the insights of the trail ${TrailName}`);
    const InsightSelectors = listOf(before, 'InsightSelectors');
    return calls(
      `look for the insights of the trail ${TrailName} that it had before`,
      backCall('cloudtrail', 'PutInsightSelectors', { TrailName, InsightSelectors }),
    );
  }),
  row('DeleteEventDataStore', STORE, ['cloudtrail:RestoreEventDataStore'], (call) => {
    const EventDataStore = textOf(call.request, 'eventDataStore');
    if (EventDataStore === undefined) return notInRecord(call);
    return calls(
      `restore the event data store ${EventDataStore}`,
      backCall('cloudtrail', 'RestoreEventDataStore', { EventDataStore }),
    );
  }),
  row('StopEventDataStoreIngestion', STORE, ['cloudtrail:StartEventDataStoreIngestion'], (call) => {
    const EventDataStore = textOf(call.request, 'eventDataStore');
    if (EventDataStore === undefined) return notInRecord(call);
    return calls(
      `let events into the event data store ${EventDataStore} again`,
      backCall('cloudtrail', 'StartEventDataStoreIngestion', { EventDataStore }),
    );
  }),
];
