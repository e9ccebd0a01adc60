import { describe, expect, it } from 'vitest';
import { isObject } from '../src/audit/members.ts';
import { policy } from '../src/hosts/audit-drill/scene.ts';
import { approve, GROUP, INSIDE, stateOf, told } from './audit-case.ts';
import { auditStage } from './audit-stage.ts';

const EVERYBODY = {
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::records/*',
};

describe('what a trail tells', () => {
  it('changes nothing when the call failed', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 443, '10.0.0.0/8').catch(() => {});
    const reads = stage.made('GetResource');
    expect(await stage.heard()).toEqual([]);
    expect(stage.made('GetResource')).toBe(reads);
  });

  it('is judged once for a burst on one resource', async () => {
    await using stage = await auditStage({ unapproved: 'ignore' });
    await stage.baseline();
    const reads = stage.made('GetResource');
    for (let port = 9000; port < 9020; port++) await stage.open(stage.actors.mallory, port, '10.1.0.0/16');
    await stage.heard();
    expect(stage.made('GetResource') - reads).toBe(1);
  });

  it('is one change when two sources tell of it', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 8080, '10.1.0.0/16');
    const records = stage.records();
    stage.deliver(records);
    stage.deliver(records);
    await stage.audit();
    expect(await stage.changes(GROUP, stage.groupId)).toHaveLength(1);
    expect(stage.made('RevokeSecurityGroupIngress')).toBe(1);
    stage.deliver(records);
    expect(await stage.audit()).toEqual([]);
  });

  it('changes nothing when it comes late: what was read since says it already', async () => {
    await using stage = await auditStage({ unapproved: 'ignore' });
    await stage.open(stage.actors.mallory, 22);
    const late = stage.records().map((record) => ({
      ...record,
      eventTime: new Date(Date.now() - 30_000).toISOString().replace(/\.\d+Z$/, 'Z'),
    }));
    await stage.owner.ec2.revokeSecurityGroupIngress({
      GroupId: stage.groupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    stage.records();
    await stage.open(stage.actors.pipeline, 8443, '10.2.0.0/16');
    await stage.heard();
    const reads = stage.made('GetResource');
    stage.deliver(late);
    expect(await stage.audit()).toEqual([]);
    expect(stage.made('GetResource')).toBe(reads);
  });

  it('says of another account or region is told, and never answered with what has the same name here', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 22);
    const records = stage.records();
    const elsewhere = records.map((record) => ({ ...record, awsRegion: 'eu-west-1' }));
    const another = records.map((record) => ({
      ...record,
      recipientAccountId: '999999999999',
      eventID: 'another-account',
    }));
    stage.deliver([...elsewhere, ...another]);
    const ledger = await stage.audit();
    expect(told(ledger, 'audit.not-judged')).toMatch(/eu-west-1.*999999999999|999999999999.*eu-west-1/s);
    expect(await stage.rules()).toHaveLength(2);
    expect(stage.made('RevokeSecurityGroupIngress')).toBe(0);
  });

  it('is answered whatever the caller is called', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 22);
    const records = stage.records().map((record) => {
      const { userIdentity } = record;
      const identity = isObject(userIdentity as never) ? (userIdentity as object) : {};
      return { ...record, userIdentity: { ...identity, arn: 'arn:aws:iam::1:user/\u001b[2J$(id)\n../../x' } };
    });
    stage.deliver(records);
    await stage.audit();
    expect(await stage.rules()).toEqual([INSIDE]);
  });
});

describe('AWS that fails', () => {
  it('in passing leaves the changes waiting, and says so', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 22);
    stage.range.faults.add({ operation: 'GetResource', fault: { kind: 'internal-error' }, times: 1_000 });
    await stage.heard();
    expect(stage.notices.map((notice) => JSON.stringify(notice)).join('\n')).toContain(stage.groupId);
    expect((await stage.changes(GROUP, stage.groupId))[0]?.state).toBe('waiting');
  });

  it('with the tags of what a resource is a part of leaves its changes waiting, too', async () => {
    await using stage = await auditStage();
    const s3 = await stage.owner.use('s3');
    await s3.createBucket({ Bucket: 'records' });
    await s3.deletePublicAccessBlock({ Bucket: 'records' });
    stage.records();
    const theirs = await stage.actors.mallory.use('s3');
    await theirs.putBucketPolicy({ Bucket: 'records', Policy: policy(EVERYBODY) });
    stage.range.faults.add({
      operation: 'GetResource',
      fault: { kind: 'internal-error' },
      skip: 1,
      times: 1_000,
    });
    await stage.heard();
    const [change] = await stage.changes('AWS::S3::BucketPolicy', 'records');
    expect(change?.state).toBe('waiting');
    stage.range.faults.clear();
    await stage.audit();
    expect((await stage.changes('AWS::S3::BucketPolicy', 'records'))[0]?.state).toBe('judged');
  });

  it('because it cannot read a type is told, with the calls', async () => {
    await using stage = await auditStage({ unapproved: 'ignore' });
    await stage.open(stage.actors.mallory, 22);
    stage.range.faults.add({
      operation: 'GetResource',
      fault: {
        kind: 'error',
        code: 'UnsupportedActionException',
        message: 'Resource type AWS::EC2::SecurityGroup does not support READ action',
        status: 400,
      },
      times: 1_000,
    });
    const ledger = await stage.heard();
    expect(told(ledger, 'audit.not-judged')).toMatch(/cannot read.*ec2:AuthorizeSecurityGroupIngress/);
  });

  it.each(['drop-before', 'drop-after'] as const)(
    'in the middle of several calls (%s) has each of them made once',
    async (kind) => {
      await using stage = await auditStage();
      await stage.baseline();
      for (const port of [22, 23, 24]) await stage.open(stage.actors.mallory, port);
      for (const skip of [0, 1, 2])
        stage.range.faults.add({ operation: 'RevokeSecurityGroupIngress', fault: { kind }, skip, times: 2 });
      await stage.heard();
      expect((await stateOf(stage))[0]).toBe('closed');
      expect(await stage.rules()).toEqual([INSIDE]);
    },
    30_000,
  );

  it('because it refuses one of several calls asks, and goes on there', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    for (const port of [22, 23, 24]) await stage.open(stage.actors.mallory, port);
    const operation = 'RevokeSecurityGroupIngress';
    stage.range.faults.add({ operation, fault: { kind: 'unauthorized' }, skip: 1 });
    await stage.heard();
    expect((await stateOf(stage))[0]).toBe('needs-decision');
    expect(await stage.rules()).toHaveLength(3);
    await approve(stage);
    await stage.audit();
    expect((await stateOf(stage))[0]).toBe('closed');
    expect(await stage.rules()).toEqual([INSIDE]);
    expect(stage.made(operation)).toBe(3);
  });
});
