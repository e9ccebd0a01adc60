import { createHash } from 'node:crypto';
import type { Instance, IpPermission, NetworkInterface, Snapshot, Tag, Volume } from '@aws-sdk/client-ec2';
import { AwsError } from './aws-error.ts';
import type { SimulatedClock } from './clock.ts';
import type { CloudFormationState } from './cloudformation/stack.ts';
import type { Delivery } from './delivery.ts';
import type { SimulatedStream } from './kinesis/stream.ts';
import type { SimulatedBucket } from './s3/bucket.ts';
import type { SimulatedQueue } from './sqs/queue.ts';

/** Everything that one simulated account has in one region. */
export interface Account {
  readonly id: string;
  readonly region: string;
  readonly clock: SimulatedClock;
  readonly instances: Map<string, SimulatedInstance>;
  readonly networkInterfaces: Map<string, NetworkInterface>;
  readonly volumes: Map<string, Volume>;
  readonly snapshots: Map<string, SimulatedSnapshot>;
  readonly securityGroups: Map<string, SimulatedGroup>;
  readonly vpcs: Map<string, { readonly id: string; readonly cidr: string }>;
  readonly subnets: Map<string, { readonly id: string; readonly vpcId: string; readonly cidr: string }>;
  readonly tags: Map<string, Map<string, string>>;
  readonly buckets: Map<string, SimulatedBucket>;
  readonly queues: Map<string, SimulatedQueue>;
  readonly streams: Map<string, SimulatedStream>;
  readonly cloudformation: CloudFormationState;
  /** Where topics (SNS) and the event bus (EventBridge) hand on what they are given. */
  readonly deliveries: Delivery[];
  /** Answers that were given under a client token. */
  readonly clientTokens: Map<string, { readonly parameters: string; readonly output: unknown }>;
  readonly settings: SimulationSettings;
  /** Volumes whose next snapshots end in state `error`. */
  readonly failingVolumes: Set<string>;
  /** A new id as AWS writes them, e.g. `i-0a1b2c3d4e5f67890`; the same sequence for every account. */
  newId(prefix: string): string;
}

/** How long things take in the account, simulated milliseconds. */
export interface SimulationSettings {
  readonly snapshotDuration: number;
  readonly stateChangeDuration: number;
  /** How long CloudFormation and the Cloud Control API take for a resource, a change set, a look for drift. */
  readonly stackStepDuration: number;
  /** How long a describe call does not show a new snapshot or security group. */
  readonly visibilityLag: number;
  /** Until CloudTrail delivers a log file with the record of a call. */
  readonly trailDelay: number;
  /** Until the event of a call is on the event bus. */
  readonly eventDelay: number;
}

export interface SimulatedInstance {
  readonly instance: Instance;
  readonly userData: string;
  readonly consoleOutput: string;
  terminationProtected: boolean;
  stopProtected?: boolean;
  /** When TerminateInstances or StopInstances was called. */
  ending?: { readonly to: 'terminated' | 'stopped'; readonly at: number; readonly hibernates?: boolean };
  /** When StartInstances was called, simulated milliseconds since the epoch. */
  startedAt?: number;
}

export interface SimulatedSnapshot {
  readonly snapshot: Snapshot;
  readonly createdAt: number;
  readonly fails: boolean;
}

export interface SimulatedGroup {
  readonly groupId: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
  /** Simulated milliseconds since the epoch. */
  readonly createdAt?: number;
  ingress: IpPermission[];
  egress: IpPermission[];
}

export const DEFAULT_SETTINGS: SimulationSettings = {
  snapshotDuration: 90_000,
  stateChangeDuration: 30_000,
  stackStepDuration: 2_000,
  visibilityLag: 0,
  trailDelay: 300_000,
  eventDelay: 30_000,
};

export function newAccount(
  id: string,
  region: string,
  clock: SimulatedClock,
  settings: Partial<SimulationSettings> = {},
): Account {
  let ids = 0;
  return {
    id,
    region,
    clock,
    instances: new Map(),
    networkInterfaces: new Map(),
    volumes: new Map(),
    snapshots: new Map(),
    securityGroups: new Map(),
    vpcs: new Map(),
    subnets: new Map(),
    tags: new Map(),
    buckets: new Map(),
    queues: new Map(),
    streams: new Map(),
    cloudformation: { stacks: new Map(), records: new Map(), driftDetections: new Map() },
    deliveries: [],
    clientTokens: new Map(),
    settings: { ...DEFAULT_SETTINGS, ...settings },
    failingVolumes: new Set(),
    newId(prefix) {
      ids++;
      const digest = createHash('sha256').update(`${id}/${region}/${ids}`).digest('hex');
      return `${prefix}-0${digest.slice(0, 16)}`;
    },
  };
}

export function tagsOf(account: Account, resourceId: string): Tag[] {
  return [...(account.tags.get(resourceId) ?? [])].map(([Key, Value]) => ({ Key, Value }));
}

/** AWS allows 50 tags on a resource. */
const TAG_LIMIT = 50;

export function putTags(account: Account, resourceId: string, tags: readonly Tag[]): void {
  const stored = account.tags.get(resourceId) ?? new Map<string, string>();
  for (const { Key = '', Value = '' } of tags) stored.set(Key, Value);
  if (stored.size > TAG_LIMIT)
    throw new AwsError('TagLimitExceeded', 'You have reached the maximum number of tags');
  account.tags.set(resourceId, stored);
}

/** The tags that a request gives to the resources of a type it creates. */
export function requestedTags(
  specifications: readonly { ResourceType?: string | undefined; Tags?: Tag[] | undefined }[] | undefined,
  resourceType: string,
): Tag[] {
  return (specifications ?? [])
    .filter((one) => one.ResourceType === resourceType)
    .flatMap(({ Tags }) => Tags ?? []);
}
