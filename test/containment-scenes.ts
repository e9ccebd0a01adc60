import type { Action } from '../src/actions/action.ts';
import { BUCKET } from '../src/actions/data/bucket.ts';
import { DATABASE } from '../src/actions/data/database.ts';
import {
  CLUSTER_SNAPSHOT,
  DATABASE_SNAPSHOT,
  databaseSnapshotSharing,
} from '../src/actions/data/database-snapshot-sharing.ts';
import { IMAGE, imageSharing } from '../src/actions/data/image-sharing.ts';
import type { SharingOf } from '../src/actions/data/sharing.ts';
import { SNAPSHOT, snapshotSharing } from '../src/actions/data/snapshot-sharing.ts';
import { SECURITY_GROUP } from '../src/actions/network/record-security-group.ts';
import { rulesOfGroup } from '../src/actions/network/security-group.ts';
import { ACTIONS } from '../src/actions/registry.ts';
import type { Subject } from '../src/model/subject.ts';
import { databaseOf } from '../src/range/rds/database.ts';
import { newBucket } from '../src/range/s3/bucket.ts';
import { accountBlockOf } from '../src/range/s3/public-access.ts';
import type { Acting } from './acting.ts';

/** An action in a world where it has something to do. */
export interface Scene {
  readonly record: Action;
  readonly recordWith?: unknown;
  readonly action: Action;
  readonly with?: unknown;
  readonly subject?: Subject;
  /** What the action changes, as AWS has it. */
  state(): Promise<unknown>;
}

const ADDRESSES = { addresses: ['198.51.100.7', '198.51.100.8'] };
const POLICY = '{"Version":"2012-10-17","Statement":[]}';

export const SCENES: Readonly<Record<string, (one: Acting) => Promise<Scene>>> = {
  'revoke-ingress': (one) => revoking(one, 'revoke-ingress', [22, 80]),
  'revoke-egress': (one) => revoking(one, 'revoke-egress', [25, 443]),
  async 'block-address-in-waf'(one) {
    const waf = await one.aws.use('wafv2');
    const ipSet = { Name: 'blocked', Scope: 'REGIONAL' as const };
    const Addresses = ['198.51.100.8/32'];
    const { Summary } = await waf.createIPSet({ ...ipSet, IPAddressVersion: 'IPV4', Addresses });
    const id = Summary?.Id ?? '';
    const set = { name: 'blocked', id };
    return {
      record: named('record-ip-set'),
      recordWith: { set },
      action: named('block-address-in-waf'),
      with: { set, ...ADDRESSES },
      state: async () => (await waf.getIPSet({ ...ipSet, Id: id })).IPSet,
    };
  },
  async 'block-address-in-network-firewall'(one) {
    const firewall = await one.aws.use('network-firewall');
    const made = await firewall.createRuleGroup({
      RuleGroupName: 'cordon',
      Type: 'STATEFUL',
      Capacity: 10,
      RuleGroup: {
        RuleVariables: { IPSets: { BLOCKED: { Definition: [] } } },
        RulesSource: { RulesString: 'drop ip $BLOCKED any <> any any (sid:1;)' },
      },
    });
    const group = made.RuleGroupResponse?.RuleGroupArn ?? '';
    const where = { group, variable: 'BLOCKED' };
    return {
      record: named('record-rule-group'),
      recordWith: where,
      action: named('block-address-in-network-firewall'),
      with: { ...where, ...ADDRESSES },
      state: async () => (await firewall.describeRuleGroup({ RuleGroupArn: group })).RuleGroup,
    };
  },
  async 'block-domain-in-dns-firewall'(one) {
    const resolver = await one.aws.use('route53resolver');
    const made = await resolver.createFirewallDomainList({ CreatorRequestId: '1', Name: 'blocked' });
    const list = made.FirewallDomainList?.Id ?? '';
    return {
      record: named('record-domain-list'),
      recordWith: { list },
      action: named('block-domain-in-dns-firewall'),
      with: { list, domains: ['evil.example', 'c2.example'] },
      state: async () => (await resolver.listFirewallDomains({ FirewallDomainListId: list })).Domains,
    };
  },
  async 'block-public-bucket'(one) {
    const bucket = newBucket(one.account, 'shop');
    bucket.publicAccessBlock = undefined;
    return {
      record: named('record-bucket'),
      action: named('block-public-bucket'),
      subject: { ...one.subject, type: BUCKET, id: 'shop' },
      state: async () => bucket.publicAccessBlock,
    };
  },
  async 'block-public-account'(one) {
    const state = accountBlockOf(one.account);
    state.settings = { BlockPublicAcls: true };
    return {
      record: named('record-public-access'),
      action: named('block-public-account'),
      state: async () => blockOf(state.settings),
    };
  },
  'restore-bucket-policy, deleted': (one) => policy(one, `${POLICY}\n`, { delete: true }),
  'restore-bucket-policy, put': (one) => policy(one, undefined, { policy: POLICY }),
  async 'unshare-snapshot'(one) {
    const { SnapshotId: id = '' } = await one.aws.ec2.createSnapshot({ VolumeId: one.honeypot.volumeIds[0] });
    return unsharing(one, 'snapshot', { ...one.subject, type: SNAPSHOT, id }, snapshotSharing);
  },
  async 'unshare-image'(one) {
    const golden = { InstanceId: one.honeypot.instanceId, Name: 'golden' };
    const { ImageId: id = '' } = await one.aws.ec2.createImage(golden);
    return unsharing(one, 'image', { ...one.subject, type: IMAGE, id }, imageSharing);
  },
  async 'unshare-database-snapshot'(one) {
    const rds = await one.aws.use('rds');
    const DBInstanceIdentifier = 'orders';
    await rds.createDBInstance({ DBInstanceIdentifier, DBInstanceClass: 'db.t4g.small', Engine: 'postgres' });
    one.clock.advance(600_000);
    await rds.createDBSnapshot({ DBInstanceIdentifier, DBSnapshotIdentifier: 'before' });
    const subject = { ...one.subject, type: DATABASE_SNAPSHOT, id: 'before' };
    return unsharing(one, 'database-snapshot', subject, databaseSnapshotSharing);
  },
  async 'unshare-database-snapshot, of a cluster'(one) {
    const rds = await one.aws.use('rds');
    const DBClusterIdentifier = 'carts';
    await rds.createDBCluster({ DBClusterIdentifier, Engine: 'aurora-postgresql' });
    await rds.createDBClusterSnapshot({ DBClusterIdentifier, DBClusterSnapshotIdentifier: 'before' });
    const subject = { ...one.subject, type: CLUSTER_SNAPSHOT, id: 'before' };
    return unsharing(one, 'database-snapshot', subject, databaseSnapshotSharing);
  },
  async 'make-database-private'(one) {
    const rds = await one.aws.use('rds');
    await rds.createDBInstance({
      DBInstanceIdentifier: 'orders',
      DBInstanceClass: 'db.t4g.small',
      Engine: 'postgres',
      PubliclyAccessible: true,
    });
    return {
      record: named('record-database'),
      action: named('make-database-private'),
      subject: { ...one.subject, type: DATABASE, id: 'orders' },
      state: async () => databaseOf(one.account, 'orders').instance,
    };
  },
};

export function named(name: string): Action {
  const action = ACTIONS.get(name);
  if (action === undefined) throw new Error(`there is no action ${name}`);
  return action;
}

async function revoking(one: Acting, action: string, ports: readonly number[]): Promise<Scene> {
  const subject = { ...one.subject, type: SECURITY_GROUP, id: one.honeypot.groupId };
  const open = { IpProtocol: 'tcp', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  return {
    record: named('record-security-group'),
    action: named(action),
    with: { permissions: ports.map((port) => ({ ...open, FromPort: port, ToPort: port })) },
    subject,
    state: async () =>
      (await rulesOfGroup(one.aws, subject.id))
        .map(({ permission, egress }) => JSON.stringify({ permission, egress }))
        .sort(),
  };
}

async function policy(one: Acting, before: string | undefined, input: object): Promise<Scene> {
  const bucket = newBucket(one.account, 'shop');
  bucket.policy = before;
  return {
    record: named('record-bucket'),
    action: named('restore-bucket-policy'),
    with: input,
    subject: { ...one.subject, type: BUCKET, id: 'shop' },
    state: async () => bucket.policy,
  };
}

async function unsharing(one: Acting, what: string, subject: Subject, sharingOf: SharingOf): Promise<Scene> {
  const sharing = sharingOf(one.aws, subject);
  await sharing.add(['all', '210987654321']);
  return {
    record: named(`record-${what}-sharing`),
    action: named(`unshare-${what}`),
    subject,
    state: () => sharing.read(),
  };
}

function blockOf(settings: object | undefined): object {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([, on]) => on === true));
}
