import { createHash } from 'node:crypto';
import type {
  CreateDetectorRequest,
  DetectorFeatureConfiguration,
  GetDetectorResponse,
  UpdateDetectorRequest,
} from '@aws-sdk/client-guardduty';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

export interface SimulatedDetector {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  updatedAt: number;
  enabled: boolean;
  frequency: 'FIFTEEN_MINUTES' | 'ONE_HOUR' | 'SIX_HOURS';
  /** Whether each feature is on, by name. */
  readonly features: Map<string, boolean>;
  readonly tags: Map<string, string>;
}

interface Detectors {
  readonly byId: Map<string, SimulatedDetector>;
  readonly byClientToken: Map<string, string>;
}

const detectorsIn = accountState<Detectors>(() => ({ byId: new Map(), byClientToken: new Map() }));

/** At most one: GuardDuty has one detector for an account and region. */
export function detectorsOf(account: Account): ReadonlyMap<string, SimulatedDetector> {
  return detectorsIn(account).byId;
}

/** What every detector does. Source: Amazon GuardDuty User Guide, "Foundational data sources". */
const FOUNDATION = ['CLOUD_TRAIL', 'DNS_LOGS', 'FLOW_LOGS'];

export function createDetector(account: Account, input: CreateDetectorRequest): { DetectorId: string } {
  const { byId, byClientToken } = detectorsIn(account);
  const earlier = input.ClientToken === undefined ? undefined : byClientToken.get(input.ClientToken);
  if (earlier !== undefined && byId.has(earlier)) return { DetectorId: earlier };
  if (byId.size > 0)
    throw badRequest('The request is rejected because a detector already exists for the current account.');
  const id = createHash('md5').update(account.newId('detector')).digest('hex');
  const now = account.clock.now();
  const detector: SimulatedDetector = {
    id,
    arn: `arn:aws:guardduty:${account.region}:${account.id}:detector/${id}`,
    createdAt: now,
    updatedAt: now,
    enabled: input.Enable ?? false,
    frequency: input.FindingPublishingFrequency ?? 'SIX_HOURS',
    features: new Map(FOUNDATION.map((name) => [name, true])),
    tags: new Map(Object.entries(input.Tags ?? {})),
  };
  setFeatures(detector, input.Features);
  byId.set(id, detector);
  if (input.ClientToken !== undefined) byClientToken.set(input.ClientToken, id);
  return { DetectorId: id };
}

export function getDetector(
  account: Account,
  { DetectorId }: { DetectorId?: string | undefined },
): GetDetectorResponse {
  const detector = detectorOf(account, DetectorId);
  return {
    CreatedAt: new Date(detector.createdAt).toISOString(),
    UpdatedAt: new Date(detector.updatedAt).toISOString(),
    ServiceRole: `arn:aws:iam::${account.id}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`,
    Status: detector.enabled ? 'ENABLED' : 'DISABLED',
    FindingPublishingFrequency: detector.frequency,
    Features: [...detector.features].map(([name, on]) => ({
      Name: name as 'CLOUD_TRAIL',
      Status: on ? 'ENABLED' : 'DISABLED',
    })),
    Tags: Object.fromEntries(detector.tags),
  };
}

export function updateDetector(account: Account, input: UpdateDetectorRequest): object {
  const detector = detectorOf(account, input.DetectorId);
  if (input.Enable !== undefined) detector.enabled = input.Enable;
  if (input.FindingPublishingFrequency !== undefined) detector.frequency = input.FindingPublishingFrequency;
  setFeatures(detector, input.Features);
  detector.updatedAt = account.clock.now();
  return {};
}

export function deleteDetector(
  account: Account,
  { DetectorId }: { DetectorId?: string | undefined },
): object {
  detectorsIn(account).byId.delete(detectorOf(account, DetectorId).id);
  return {};
}

export function listDetectors(account: Account): { DetectorIds: string[] } {
  return { DetectorIds: [...detectorsOf(account).keys()] };
}

export function listTagsForResource(
  account: Account,
  { ResourceArn }: { ResourceArn?: string | undefined },
): { Tags: Record<string, string> } {
  return { Tags: Object.fromEntries(tagged(account, ResourceArn).tags) };
}

export function tagResource(
  account: Account,
  { ResourceArn, Tags = {} }: { ResourceArn?: string | undefined; Tags?: Record<string, string> | undefined },
): object {
  const { tags } = tagged(account, ResourceArn);
  for (const [key, value] of Object.entries(Tags)) tags.set(key, value);
  return {};
}

export function untagResource(
  account: Account,
  { ResourceArn, TagKeys = [] }: { ResourceArn?: string | undefined; TagKeys?: string[] | undefined },
): object {
  const { tags } = tagged(account, ResourceArn);
  for (const key of TagKeys) tags.delete(key);
  return {};
}

function tagged(account: Account, arn: string | undefined): SimulatedDetector {
  return detectorOf(account, arn?.split('/').at(-1));
}

function detectorOf(account: Account, id = ''): SimulatedDetector {
  const detector = detectorsOf(account).get(id);
  if (detector !== undefined) return detector;
  throw badRequest(
    'The request is rejected because the input detectorId is not owned by the current account.',
  );
}

function setFeatures(
  { features }: SimulatedDetector,
  given: readonly DetectorFeatureConfiguration[] | undefined,
): void {
  for (const { Name = '', Status } of given ?? []) features.set(Name, Status === 'ENABLED');
}

function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message, 400);
}
