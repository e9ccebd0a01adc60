import { USER } from '../src/model/subject.ts';
import { manage } from '../src/range/ssm/managed.ts';
import { ACCOUNT, type Acting, subjectOf } from './acting.ts';
import type { ActionScenario, Prepared } from './action-scenarios/scenario.ts';
import { SCENARIOS } from './action-scenarios/scenarios.ts';

/** An account in which a playbook of the box has something to do, and what must have come of it. */
export interface PlaybookScene extends Omit<Prepared, 'with' | 'before'> {
  /** The values of its inputs. */
  readonly with?: Readonly<Record<string, string | number | boolean | string[]>>;
  /** Fields and values that made a rule match. */
  readonly found?: Readonly<Record<string, string>>;
  readonly records?: readonly string[];
  /** What shows that it was done. */
  state(): Promise<unknown>;
  readonly before: unknown;
  readonly after: unknown;
}

type Scene = (world: Acting) => Promise<PlaybookScene>;

const BAD = '198.51.100.7';
const FORENSICS = '999988887777';

/** The account of an action's scenario, by its place among them. */
function accountOf(action: string, world: Acting, place = 0): Promise<Prepared> {
  const scenario: ActionScenario | undefined = SCENARIOS[action]?.[place];
  if (scenario === undefined) throw new Error(`there is no scenario ${place} of ${action}`);
  return scenario.prepare(world);
}

const given = (prepared: Prepared) => (prepared.with ?? {}) as Record<string, string>;

/** Of every playbook that answers something else than an instance, and of one that examines one. */
export const PLAYBOOK_SCENES: Readonly<Record<string, Scene>> = {
  async 'disable-credentials, of a user'(world) {
    const { subject } = await accountOf('deactivate-access-key', world);
    const iam = await world.aws.use('iam');
    await iam.createAccessKey({ UserName: 'ada' });
    const keys = async () => (await iam.listAccessKeys({ UserName: 'ada' })).AccessKeyMetadata ?? [];
    const [used] = await keys();
    return {
      subject,
      records: [JSON.stringify({ userIdentity: { accessKeyId: used?.AccessKeyId } })],
      state: async () => (await keys()).map(({ Status }) => Status),
      before: ['Active', 'Active'],
      after: ['Inactive', 'Active'],
    };
  },
  async 'disable-credentials, of the key of a GuardDuty finding'(world) {
    await accountOf('deactivate-access-key', world);
    const iam = await world.aws.use('iam');
    const keys = async () => (await iam.listAccessKeys({ UserName: 'ada' })).AccessKeyMetadata ?? [];
    const accessKeyId = (await keys())[0]?.AccessKeyId;
    return {
      subject: subjectOf(USER, 'ada'),
      records: [JSON.stringify({ resource: { accessKeyDetails: { accessKeyId, userType: 'IAMUser' } } })],
      state: async () => (await keys()).map(({ Status }) => Status),
      before: ['Active'],
      after: ['Inactive'],
    };
  },
  'disable-credentials, of a role': (world) => role(world, [], ['AWSRevokeOlderSessions']),
  async 'quarantine-identity, of a role'(world) {
    const { subject } = await accountOf('revoke-role-sessions', world);
    const iam = await world.aws.use('iam');
    const attached = async () =>
      (await iam.listAttachedRolePolicies({ RoleName: 'web' })).AttachedPolicies?.map(
        ({ PolicyName }) => PolicyName,
      );
    const before = ['AmazonS3FullAccess'];
    return { subject, state: attached, before, after: ['AWSDenyAll', ...before] };
  },
  async 'close-public-bucket'(world) {
    const { subject } = await accountOf('block-public-bucket', world);
    const s3 = await world.aws.use('s3');
    const state = async () =>
      s3
        .getPublicAccessBlock({ Bucket: subject.id })
        .then(({ PublicAccessBlockConfiguration: block }) => block?.RestrictPublicBuckets)
        .catch(({ name }: Error) => name);
    return { subject, state, before: 'NoSuchPublicAccessBlockConfiguration', after: true };
  },
  async 'stop-sharing, of a snapshot'(world) {
    const { subject } = await accountOf('unshare-snapshot', world);
    const state = async () => {
      const asked = { SnapshotId: subject.id, Attribute: 'createVolumePermission' as const };
      return (await world.aws.ec2.describeSnapshotAttribute(asked)).CreateVolumePermissions?.map(
        ({ UserId, Group }) => UserId ?? Group,
      );
    };
    const before = ['210987654321', 'all'];
    return { subject, with: { keep: ['210987654321'] }, state, before, after: ['210987654321'] };
  },
  async 'stop-sharing, of an image'(world) {
    const { subject } = await accountOf('unshare-image', world);
    const state = async () => {
      const asked = { ImageId: subject.id, Attribute: 'launchPermission' as const };
      return (await world.aws.ec2.describeImageAttribute(asked)).LaunchPermissions?.length;
    };
    return { subject, state, before: 2, after: 0 };
  },
  'stop-sharing, of a database snapshot': (world) => databaseSnapshot(world, 0),
  'stop-sharing, of a snapshot of a cluster': (world) => databaseSnapshot(world, 1),
  async 'close-public-database'(world) {
    const { subject } = await accountOf('make-database-private', world);
    const rds = await world.aws.use('rds');
    const state = async () =>
      (await rds.describeDBInstances({ DBInstanceIdentifier: subject.id })).DBInstances?.[0]
        ?.PubliclyAccessible;
    return { subject, state, before: true, after: false };
  },
  async 'close-port'(world) {
    const { subject } = await accountOf('record-security-group', world);
    const state = async () => {
      const { SecurityGroups } = await world.aws.ec2.describeSecurityGroups({ GroupIds: [subject.id] });
      return SecurityGroups?.[0]?.IpPermissions?.map(({ FromPort }) => FromPort);
    };
    return { subject, state, before: [22, 80], after: [80] };
  },
  async 'block-in-waf'(world) {
    const { set } = given(await accountOf('block-address-in-waf', world)) as unknown as {
      readonly set: { readonly name: string; readonly id: string };
    };
    const waf = await world.aws.use('wafv2');
    const named = { Name: set.name, Id: set.id, Scope: 'REGIONAL' as const };
    return {
      subject: world.subject,
      with: { setName: set.name, setId: set.id },
      found: { 'httpRequest.clientIp': BAD, action: 'ALLOW' },
      state: async () => (await waf.getIPSet(named)).IPSet?.Addresses,
      before: [],
      after: [`${BAD}/32`],
    };
  },
  async 'block-in-network-acl'(world) {
    const state = async () => {
      const { NetworkAcls = [] } = await world.aws.ec2.describeNetworkAcls({});
      const entries = NetworkAcls.flatMap(({ Entries = [] }) => Entries);
      return entries.filter(({ CidrBlock }) => CidrBlock === `${BAD}/32`).map(({ RuleAction }) => RuleAction);
    };
    const found = { dst_ip: BAD };
    return { subject: world.subject, found, state, before: [], after: ['deny', 'deny'] };
  },
  async 'block-in-network-firewall'(world) {
    const { group = '' } = given(await accountOf('block-address-in-network-firewall', world));
    const firewall = await world.aws.use('network-firewall');
    const state = async () =>
      (await firewall.describeRuleGroup({ RuleGroupArn: group })).RuleGroup?.RuleVariables?.IPSets?.BLOCKED
        ?.Definition;
    return {
      subject: world.subject,
      with: { group, variable: 'BLOCKED' },
      found: { dst_ip: BAD },
      state,
      before: ['192.0.2.0/24'],
      after: ['192.0.2.0/24', `${BAD}/32`],
    };
  },
  async 'block-domain'(world) {
    const { list = '' } = given(await accountOf('block-domain-in-dns-firewall', world));
    const resolver = await world.aws.use('route53resolver');
    return {
      subject: world.subject,
      with: { list },
      found: { query_name: 'xmr.nanopool.org.' },
      state: async () => (await resolver.listFirewallDomains({ FirewallDomainListId: list })).Domains,
      before: [],
      after: ['xmr.nanopool.org.'],
    };
  },
  async 'stop-function'(world) {
    const { subject } = await accountOf('stop-lambda', world);
    const lambda = await world.aws.use('lambda');
    const state = async () =>
      (await lambda.getFunctionConcurrency({ FunctionName: subject.id })).ReservedConcurrentExecutions;
    return { subject, state, before: undefined, after: 0 };
  },
  async 'stop-task'(world) {
    const { subject } = await accountOf('stop-ecs-task', world);
    const ecs = await world.aws.use('ecs');
    const state = async () =>
      (await ecs.describeTasks({ cluster: 'shop', tasks: [subject.id] })).tasks?.[0]?.lastStatus;
    return { subject, state, before: 'RUNNING', after: 'STOPPED' };
  },
  'restart-trail, that was found': (world) => trail(world, {}),
  async 'restart-trail, by its name'(world) {
    const scene = await trail(world, { trail: 'main' });
    return { ...scene, subject: subjectOf(USER, `arn:aws:iam::${ACCOUNT}:user/mallory`) };
  },
  async 'restart-guardduty'(world) {
    const { subject } = await accountOf('enable-guardduty', world, 1);
    const guardduty = await world.aws.use('guardduty');
    const [DetectorId] = (await guardduty.listDetectors()).DetectorIds ?? [];
    const state = async () => (await guardduty.getDetector({ DetectorId })).Status;
    return { subject, state, before: 'DISABLED', after: 'ENABLED' };
  },
  async 'restart-config'(world) {
    const { subject } = await accountOf('enable-config', world);
    const config = await world.aws.use('config');
    const state = async () =>
      (await config.describeConfigurationRecorderStatus({})).ConfigurationRecordersStatus?.[0]?.recording;
    return { subject, state, before: false, after: true };
  },
  async 'keep-key'(world) {
    const { subject } = await accountOf('cancel-key-deletion', world);
    const kms = await world.aws.use('kms');
    const state = async () => (await kms.describeKey({ KeyId: subject.id })).KeyMetadata?.KeyState;
    return { subject, state, before: 'PendingDeletion', after: 'Enabled' };
  },
  async 'replace-secret'(world) {
    const { subject } = await accountOf('rotate-secret', world);
    const secrets = await world.aws.use('secretsmanager');
    const state = async () =>
      (await secrets.describeSecret({ SecretId: subject.id })).LastRotatedDate !== undefined;
    return { subject, state, before: false, after: true };
  },
  async 'capture-for-forensics'(world) {
    const { account, aws, honeypot, subject } = world;
    manage(account, honeypot.instanceId);
    const state = async () => {
      const { Snapshots = [] } = await aws.ec2.describeSnapshots({ OwnerIds: ['self'] });
      const { Reservations } = await aws.ec2.describeInstances({ InstanceIds: [honeypot.instanceId] });
      const groups = Reservations?.[0]?.Instances?.[0]?.SecurityGroups?.map(({ GroupName }) => GroupName);
      return { snapshots: Snapshots.length, groups, commands: world.made('SendCommand') };
    };
    return {
      subject,
      with: {
        account: FORENSICS,
        key: `arn:aws:kms:us-east-1:${FORENSICS}:key/0987dcba-09fe-87dc-65ba-ab0987654321`,
      },
      state,
      before: { snapshots: 0, groups: ['honeypot'], commands: 0 },
      after: { snapshots: 4, groups: ['cordon-quarantine'], commands: 1 },
    };
  },
};

async function role(world: Acting, before: string[], more: string[]): Promise<PlaybookScene> {
  const { subject } = await accountOf('revoke-role-sessions', world);
  const iam = await world.aws.use('iam');
  const state = async () =>
    (await iam.listRolePolicies({ RoleName: 'web' })).PolicyNames?.filter((name) => name !== 'own');
  return { subject, state, before, after: [...before, ...more] };
}

async function databaseSnapshot(world: Acting, place: number): Promise<PlaybookScene> {
  const { subject } = await accountOf('unshare-database-snapshot', world, place);
  const rds = await world.aws.use('rds');
  const state = async () => {
    const attributes =
      place === 0
        ? (await rds.describeDBSnapshotAttributes({ DBSnapshotIdentifier: subject.id }))
            .DBSnapshotAttributesResult?.DBSnapshotAttributes
        : (await rds.describeDBClusterSnapshotAttributes({ DBClusterSnapshotIdentifier: subject.id }))
            .DBClusterSnapshotAttributesResult?.DBClusterSnapshotAttributes;
    return attributes?.flatMap(({ AttributeValues = [] }) => AttributeValues).length;
  };
  return { subject, state, before: 2, after: 0 };
}

async function trail(world: Acting, inputs: Record<string, string>): Promise<PlaybookScene> {
  const { subject } = await accountOf('start-logging', world);
  const cloudtrail = await world.aws.use('cloudtrail');
  const state = async () => (await cloudtrail.getTrailStatus({ Name: 'main' })).IsLogging;
  return { subject, with: inputs, state, before: false, after: true };
}
