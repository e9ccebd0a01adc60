import { describe, expect, it } from 'vitest';
import type { Action } from '../src/actions/action.ts';
import { blockPublicAccount } from '../src/actions/data/block-public-account.ts';
import { blockPublicBucket } from '../src/actions/data/block-public-bucket.ts';
import { BUCKET } from '../src/actions/data/bucket.ts';
import { DATABASE } from '../src/actions/data/database.ts';
import { makeDatabasePrivate } from '../src/actions/data/make-database-private.ts';
import { recordBucket } from '../src/actions/data/record-bucket.ts';
import { recordDatabase } from '../src/actions/data/record-database.ts';
import { recordPublicAccess } from '../src/actions/data/record-public-access.ts';
import { recordSnapshotSharing } from '../src/actions/data/record-snapshot-sharing.ts';
import { restoreBucketPolicy } from '../src/actions/data/restore-bucket-policy.ts';
import { SNAPSHOT } from '../src/actions/data/snapshot-sharing.ts';
import { unshareSnapshot } from '../src/actions/data/unshare-snapshot.ts';
import { blockAddressInNetworkFirewall } from '../src/actions/network/block-address-in-network-firewall.ts';
import { blockAddressInWaf } from '../src/actions/network/block-address-in-waf.ts';
import { blockDomainInDnsFirewall } from '../src/actions/network/block-domain-in-dns-firewall.ts';
import { recordDomainList } from '../src/actions/network/record-domain-list.ts';
import { recordIpSet } from '../src/actions/network/record-ip-set.ts';
import { recordRuleGroup } from '../src/actions/network/record-rule-group.ts';
import { recordSecurityGroup, SECURITY_GROUP } from '../src/actions/network/record-security-group.ts';
import { revokeIngress } from '../src/actions/network/revoke-ingress.ts';
import { rulesOfGroup } from '../src/actions/network/security-group.ts';
import type { Subject } from '../src/model/subject.ts';
import { databaseOf } from '../src/range/rds/database.ts';
import { newBucket } from '../src/range/s3/bucket.ts';
import { accountBlockOf } from '../src/range/s3/public-access.ts';
import { type Acting, acting } from './acting.ts';
import { KILLED, type Kill } from './killable.ts';

/** An action in a world where it has something to do. */
interface Scene {
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

const SCENES: Readonly<Record<string, (one: Acting) => Promise<Scene>>> = {
  async 'revoke-ingress'(one) {
    const subject = { ...one.subject, type: SECURITY_GROUP, id: one.honeypot.groupId };
    const open = { IpProtocol: 'tcp', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    const permissions = [22, 80].map((port) => ({ ...open, FromPort: port, ToPort: port }));
    return {
      record: recordSecurityGroup,
      action: revokeIngress,
      with: { permissions },
      subject,
      state: async () =>
        (await rulesOfGroup(one.aws, subject.id)).map(({ permission }) => JSON.stringify(permission)).sort(),
    };
  },
  async 'block-address-in-waf'(one) {
    const waf = await one.aws.use('wafv2');
    const named = { Name: 'blocked', Scope: 'REGIONAL' as const };
    const Addresses = ['198.51.100.8/32'];
    const { Summary } = await waf.createIPSet({ ...named, IPAddressVersion: 'IPV4', Addresses });
    const id = Summary?.Id ?? '';
    const set = { name: 'blocked', id };
    return {
      record: recordIpSet,
      recordWith: { set },
      action: blockAddressInWaf,
      with: { set, ...ADDRESSES },
      state: async () => (await waf.getIPSet({ ...named, Id: id })).IPSet,
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
      record: recordRuleGroup,
      recordWith: where,
      action: blockAddressInNetworkFirewall,
      with: { ...where, ...ADDRESSES },
      state: async () => (await firewall.describeRuleGroup({ RuleGroupArn: group })).RuleGroup,
    };
  },
  async 'block-domain-in-dns-firewall'(one) {
    const resolver = await one.aws.use('route53resolver');
    const made = await resolver.createFirewallDomainList({ CreatorRequestId: '1', Name: 'blocked' });
    const list = made.FirewallDomainList?.Id ?? '';
    return {
      record: recordDomainList,
      recordWith: { list },
      action: blockDomainInDnsFirewall,
      with: { list, domains: ['evil.example', 'c2.example'] },
      state: async () => (await resolver.listFirewallDomains({ FirewallDomainListId: list })).Domains,
    };
  },
  async 'block-public-bucket'(one) {
    const bucket = newBucket(one.account, 'shop');
    bucket.publicAccessBlock = undefined;
    return {
      record: recordBucket,
      action: blockPublicBucket,
      subject: { ...one.subject, type: BUCKET, id: 'shop' },
      state: async () => bucket.publicAccessBlock,
    };
  },
  async 'block-public-account'(one) {
    const state = accountBlockOf(one.account);
    state.settings = { BlockPublicAcls: true };
    return {
      record: recordPublicAccess,
      action: blockPublicAccount,
      state: async () => blockOf(state.settings),
    };
  },
  async 'restore-bucket-policy'(one) {
    const bucket = newBucket(one.account, 'shop');
    bucket.policy = `${POLICY}\n`;
    return {
      record: recordBucket,
      action: restoreBucketPolicy,
      with: { delete: true },
      subject: { ...one.subject, type: BUCKET, id: 'shop' },
      state: async () => bucket.policy,
    };
  },
  async 'unshare-snapshot'(one) {
    const { SnapshotId } = await one.aws.ec2.createSnapshot({ VolumeId: one.honeypot.volumeIds[0] });
    const shared = { SnapshotId, Attribute: 'createVolumePermission' as const };
    const Add = [{ Group: 'all' as const }, { UserId: '210987654321' }];
    await one.aws.ec2.modifySnapshotAttribute({ SnapshotId, CreateVolumePermission: { Add } });
    return {
      record: recordSnapshotSharing,
      action: unshareSnapshot,
      subject: { ...one.subject, type: SNAPSHOT, id: SnapshotId ?? '' },
      state: async () => (await one.aws.ec2.describeSnapshotAttribute(shared)).CreateVolumePermissions ?? [],
    };
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
      record: recordDatabase,
      action: makeDatabasePrivate,
      subject: { ...one.subject, type: DATABASE, id: 'orders' },
      state: async () => databaseOf(one.account, 'orders').instance,
    };
  },
};

function blockOf(settings: object | undefined): object {
  return Object.fromEntries(Object.entries(settings ?? {}).filter(([, on]) => on === true));
}

/** More calls than any of the actions makes. */
const MOST_CALLS = 40;

/** Every place where a process can die while it does some work; the work is done again after each. */
async function dieEverywhere(
  work: (kill: Kill) => Promise<unknown>,
  again: () => Promise<void>,
): Promise<number> {
  let deaths = 0;
  for (const side of ['before', 'after'] as const) {
    for (let call = 1; ; call++) {
      expect(call).toBeLessThan(MOST_CALLS);
      const kill: Kill = { call, side };
      await work(kill).catch((error: Error) => {
        expect(error.message).toBe(KILLED);
        deaths++;
      });
      await again();
      if (kill.reached !== true) break;
    }
  }
  return deaths;
}

describe.each(Object.entries(SCENES))('%s, killed at any call', (_, setUp) => {
  it('is done once, and taken back to what it was', async () => {
    await using one = await acting();
    const { record, recordWith, action, subject = one.subject, state, ...scene } = await setUp(one);
    const input = scene.with ?? {};
    await one.act(record, { subject, with: recordWith ?? {} });
    const before = structuredClone(await state());
    const act = (more: object = {}) => one.act(action, { subject, with: input, ...more });

    const first = await act();
    expect(first).toMatchObject({ status: 'done' });
    const after = structuredClone(await state());
    expect(after).not.toEqual(before);
    await one.undo(action);
    expect(await state()).toEqual(before);

    const deaths = await dieEverywhere(
      (kill) => act({ kill }),
      async () => {
        expect(await act({ earlierTry: 'unknown' })).toEqual(first);
        expect(await state()).toEqual(after);
        await one.undo(action);
        expect(await state()).toEqual(before);
      },
    );
    expect(deaths).toBeGreaterThanOrEqual(4);

    await act();
    await dieEverywhere(
      (kill) => one.undo(action, { kill }),
      async () => {
        expect(await one.undo(action)).toMatchObject({ status: 'done' });
        expect(await state()).toEqual(before);
        await act();
        expect(await state()).toEqual(after);
      },
    );
  });
});
