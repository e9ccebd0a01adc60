import type {
  AddTagsRequest,
  CreateTrailRequest,
  DescribeTrailsRequest,
  GetTrailStatusRequest,
  GetTrailStatusResponse,
  ListTagsRequest,
  RemoveTagsRequest,
  Tag,
  Trail,
  UpdateTrailRequest,
} from '@aws-sdk/client-cloudtrail';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { newTrail, type SimulatedTrail, trailsOf } from './trail.ts';

type Settings = Omit<UpdateTrailRequest, 'Name'>;

export function createTrail(account: Account, input: CreateTrailRequest): object {
  const { Name = '', TagsList = [], ...settings } = input;
  checkName(Name);
  if (trailsOf(account).has(Name))
    throw new AwsError(
      'TrailAlreadyExistsException',
      `Trail ${Name} already exists for customer: ${account.id}`,
    );
  if (settings.S3BucketName === undefined)
    throw new AwsError('InvalidS3BucketNameException', 'S3 bucket name is required.');
  mustHave(account, settings);
  // A new trail records nothing until StartLogging.
  const trail = newTrail(account, Name, settings.S3BucketName, { isLogging: false, startedAt: undefined });
  set(account, trail, settings);
  for (const { Key = '', Value = '' } of TagsList) trail.tags.set(Key, Value);
  return shown(trail);
}

export function updateTrail(account: Account, { Name, ...settings }: UpdateTrailRequest): object {
  const trail = trailOf(account, Name);
  mustHave(account, settings);
  set(account, trail, settings);
  return shown(trail);
}

export function deleteTrail(account: Account, { Name }: { Name?: string | undefined }): object {
  trailsOf(account).delete(trailOf(account, Name).name);
  return {};
}

export function getTrail(account: Account, { Name }: { Name?: string | undefined }): { Trail: Trail } {
  return { Trail: described(account, trailOf(account, Name)) };
}

/** Trails that do not exist are left out. */
export function describeTrails(
  account: Account,
  { trailNameList = [] }: DescribeTrailsRequest,
): { trailList: Trail[] } {
  const all = [...trailsOf(account).values()];
  const wanted = all.filter(
    ({ name, arn }) =>
      trailNameList.length === 0 || trailNameList.includes(name) || trailNameList.includes(arn),
  );
  return { trailList: wanted.map((trail) => described(account, trail)) };
}

export function listTrails(account: Account): object {
  const Trails = [...trailsOf(account).values()].map(({ name, arn }) => ({
    Name: name,
    TrailARN: arn,
    HomeRegion: account.region,
  }));
  return { Trails };
}

export function startLogging(account: Account, { Name }: { Name?: string | undefined }): object {
  const trail = trailOf(account, Name);
  if (!trail.isLogging) trail.startedAt = account.clock.now();
  trail.isLogging = true;
  return {};
}

export function stopLogging(account: Account, { Name }: { Name?: string | undefined }): object {
  const trail = trailOf(account, Name);
  if (trail.isLogging) trail.stoppedAt = account.clock.now();
  trail.isLogging = false;
  return {};
}

export function getTrailStatus(account: Account, { Name }: GetTrailStatusRequest): GetTrailStatusResponse {
  const { isLogging, startedAt, stoppedAt, deliveredAt, deliveryError } = trailOf(account, Name);
  const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at));
  return {
    IsLogging: isLogging,
    StartLoggingTime: time(startedAt),
    StopLoggingTime: time(stoppedAt),
    LatestDeliveryTime: time(deliveredAt),
    LatestDeliveryError: deliveryError,
  };
}

export function addTags(account: Account, { ResourceId, TagsList = [] }: AddTagsRequest): object {
  const { tags } = trailOf(account, ResourceId);
  for (const { Key = '', Value = '' } of TagsList) tags.set(Key, Value);
  return {};
}

export function removeTags(account: Account, { ResourceId, TagsList = [] }: RemoveTagsRequest): object {
  const { tags } = trailOf(account, ResourceId);
  for (const { Key = '' } of TagsList) tags.delete(Key);
  return {};
}

export function listTags(account: Account, { ResourceIdList = [] }: ListTagsRequest): object {
  const ResourceTagList = ResourceIdList.map((ResourceId) => {
    const TagsList: Tag[] = [...trailOf(account, ResourceId).tags].map(([Key, Value]) => ({ Key, Value }));
    return { ResourceId, TagsList };
  });
  return { ResourceTagList };
}

/** By name or ARN; AWS's error when there is none. */
export function trailOf(account: Account, nameOrArn = ''): SimulatedTrail {
  const trails = trailsOf(account);
  const trail = trails.get(nameOrArn) ?? [...trails.values()].find(({ arn }) => arn === nameOrArn);
  if (trail === undefined) {
    const arn = nameOrArn.startsWith('arn:')
      ? nameOrArn
      : `arn:aws:cloudtrail:${account.region}:${account.id}:trail/${nameOrArn}`;
    throw new AwsError('TrailNotFoundException', `Unknown trail: ${arn} for the user: ${account.id}`);
  }
  return trail;
}

/** Source: AWS CloudTrail API Reference, "CreateTrail", requirements of the name. */
function checkName(name: string): void {
  if (/^[A-Za-z0-9](?!.*[._-]{2})[A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/.test(name)) return;
  throw new AwsError(
    'InvalidTrailNameException',
    'Trail name must meet the requirements: 3 to 128 letters, digits, periods, underscores and dashes, beginning and ending with a letter or digit.',
  );
}

function mustHave(account: Account, { S3BucketName }: Settings): void {
  if (S3BucketName !== undefined && !account.buckets.has(S3BucketName))
    throw new AwsError('S3BucketDoesNotExistException', `S3 bucket ${S3BucketName} does not exist!`);
}

function set(account: Account, trail: SimulatedTrail, settings: Settings): void {
  if (settings.S3BucketName !== undefined) trail.bucket = settings.S3BucketName;
  if (settings.S3KeyPrefix !== undefined) trail.prefix = settings.S3KeyPrefix || undefined;
  if (settings.SnsTopicName !== undefined) trail.topicArn = topicArn(account, settings.SnsTopicName);
  if (settings.IncludeGlobalServiceEvents !== undefined)
    trail.globalEvents = settings.IncludeGlobalServiceEvents;
  if (settings.IsMultiRegionTrail !== undefined) trail.multiRegion = settings.IsMultiRegionTrail;
  if (settings.EnableLogFileValidation !== undefined) trail.validation = settings.EnableLogFileValidation;
  if (settings.CloudWatchLogsLogGroupArn !== undefined)
    trail.logGroupArn = settings.CloudWatchLogsLogGroupArn || undefined;
  if (settings.CloudWatchLogsRoleArn !== undefined)
    trail.logRoleArn = settings.CloudWatchLogsRoleArn || undefined;
  if (settings.KmsKeyId !== undefined) trail.kmsKeyId = settings.KmsKeyId || undefined;
  if (settings.IsOrganizationTrail !== undefined) trail.isOrganization = settings.IsOrganizationTrail;
}

function topicArn({ region, id }: Account, nameOrArn: string): string | undefined {
  if (nameOrArn === '') return undefined;
  return nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:sns:${region}:${id}:${nameOrArn}`;
}

/** As CreateTrail and UpdateTrail answer. */
function shown(trail: SimulatedTrail) {
  return {
    Name: trail.name,
    S3BucketName: trail.bucket,
    S3KeyPrefix: trail.prefix,
    SnsTopicName: trail.topicArn?.split(':').at(-1),
    SnsTopicARN: trail.topicArn,
    IncludeGlobalServiceEvents: trail.globalEvents,
    IsMultiRegionTrail: trail.multiRegion,
    TrailARN: trail.arn,
    LogFileValidationEnabled: trail.validation,
    CloudWatchLogsLogGroupArn: trail.logGroupArn,
    CloudWatchLogsRoleArn: trail.logRoleArn,
    KmsKeyId: trail.kmsKeyId,
    IsOrganizationTrail: trail.isOrganization,
  };
}

function described(account: Account, trail: SimulatedTrail): Trail {
  return {
    ...shown(trail),
    HomeRegion: account.region,
    HasCustomEventSelectors: trail.hasCustomSelectors,
    HasInsightSelectors: false,
  };
}
