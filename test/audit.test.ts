import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isObject } from '../src/audit/members.ts';
import { policy, stackTemplate } from '../src/hosts/audit-drill/scene.ts';
import type { LedgerEntry } from '../src/model/journal.ts';
import { decideByPerson } from '../src/respond/decision.ts';
import { type AuditStage, auditStage } from './audit-stage.ts';

const GROUP = 'AWS::EC2::SecurityGroup';
const INSIDE = 'tcp 443 10.0.0.0/8';

/** What was found, e.g. `unapproved-change enforce`. */
function found(entries: readonly LedgerEntry[]): string[] {
  return entries
    .filter(({ kind }) => kind === 'finding.first')
    .map(({ body }) => {
      const { rule, mode } = body as { rule: { id: string }; mode: string };
      return `${rule.id} ${mode}`;
    })
    .sort();
}

function told(entries: readonly LedgerEntry[], kind: string): string {
  return JSON.stringify(entries.filter((entry) => entry.kind === kind).map(({ body }) => body));
}

async function caseOf(stage: AuditStage): Promise<string> {
  const [incident] = await stage.inStore((store) => store.incidents());
  if (incident === undefined) throw new Error('there is no case');
  return incident.id;
}

async function stateOf(stage: AuditStage): Promise<[state: string | undefined, reason: string | undefined]> {
  const [incident] = await stage.inStore((store) => store.incidents());
  return [incident?.state, incident?.reason];
}

describe('a change that a policy forbids', () => {
  it('is taken back, and nothing else is', async () => {
    await using stage = await auditStage({ unapproved: 'ignore' });
    await stage.baseline();
    await stage.open(stage.actors.mallory, 8080, '10.1.0.0/16');
    await stage.open(stage.actors.mallory, 22);
    const ledger = await stage.heard();
    expect(found(ledger)).toEqual(['ec2-security-group-no-ssh-from-world enforce']);
    expect(await stage.rules()).toEqual([INSIDE, 'tcp 8080 10.1.0.0/16']);
    expect(stage.made('RevokeSecurityGroupIngress')).toBe(1);
    expect((await stateOf(stage))[0]).toBe('closed');
  });

  it('is evidence before it is undone', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 22);
    const ledger = await stage.heard();
    const ends = ledger
      .filter(({ kind }) => kind === 'step.done')
      .map(({ body }) => (body as { step: string }).step);
    expect(ends).toEqual(['record-change', 'seal-evidence', 'roll-back-change', 'verify-way-back']);
    const id = await caseOf(stage);
    const rulesIn = (name: string): unknown[] => {
      const { SecurityGroupIngress } = JSON.parse(stage.piece(id, name));
      return SecurityGroupIngress;
    };
    expect(rulesIn('before.json')).toHaveLength(1);
    expect(rulesIn('after.json')).toHaveLength(2);
    expect(JSON.parse(stage.piece(id, 'callers.json'))).toMatchObject([
      { call: 'ec2:AuthorizeSecurityGroupIngress', by: expect.stringContaining(':user/mallory') },
    ]);
    expect(JSON.parse(stage.piece(id, 'calls.jsonl'))).toMatchObject({
      eventName: 'AuthorizeSecurityGroupIngress',
      sourceIPAddress: expect.any(String),
    });
    const sealed = stage.piece(id, 'manifest.json');
    for (const name of ['before.json', 'after.json', 'calls.jsonl', 'callers.json', 'way-back.json'])
      expect(sealed).toContain(name);
  });

  it('is told with the call, the caller, the reason and how to do it right', async () => {
    await using stage = await auditStage({ unapproved: 'ignore' });
    await stage.baseline();
    await stage.open(stage.actors.mallory, 22);
    const ledger = await stage.heard();
    expect(told(ledger, 'finding.first')).toMatch(/to do it right: /);
    expect(told(ledger, 'step.done')).toMatch(
      /ec2:AuthorizeSecurityGroupIngress by arn:aws:iam::\d+:user\/mallory; the way back: /,
    );
  });

  it('is not blamed on a resource that failed before', async () => {
    await using stage = await auditStage({ unapproved: 'ignore' });
    await stage.open(stage.owner, 22);
    stage.records();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 8080, '10.1.0.0/16');
    expect(found(await stage.heard())).toEqual([]);
    expect(await stage.rules()).toHaveLength(3);
  });
});

describe('a change that nobody approved', () => {
  it('is taken back although no policy forbids it', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 8080, '10.1.0.0/16');
    expect(found(await stage.heard())).toEqual(['unapproved-change enforce']);
    expect(await stage.rules()).toEqual([INSIDE]);
    const [change] = await stage.changes(GROUP, stage.groupId);
    expect(change).toMatchObject({ state: 'rolled-back', against: ['unapproved-change'] });
  });

  it('is undone without what others were allowed to do meanwhile', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.pipeline, 8443, '10.2.0.0/16');
    await stage.open(stage.actors.mallory, 8080, '10.1.0.0/16');
    await stage.open(stage.actors.pipeline, 9443, '10.3.0.0/16');
    await stage.heard();
    expect(await stage.rules()).toEqual([INSIDE, 'tcp 8443 10.2.0.0/16', 'tcp 9443 10.3.0.0/16']);
  });

  it('is only observed where that is all that is bound to it, also when a policy enforces another', async () => {
    await using stage = await auditStage({ policy: 'enforce', unapproved: 'observe' });
    await stage.baseline();
    await stage.open(stage.actors.mallory, 8080, '10.1.0.0/16');
    await stage.open(stage.actors.mallory, 22);
    expect(found(await stage.heard())).toEqual([
      'ec2-security-group-no-ssh-from-world enforce',
      'unapproved-change observe',
    ]);
    expect(await stage.rules()).toEqual([INSIDE, 'tcp 8080 10.1.0.0/16']);
  });
});

describe('in the other modes', () => {
  it('observe says what would be done, and does nothing', async () => {
    await using stage = await auditStage({ policy: 'observe', unapproved: 'observe' });
    await stage.baseline();
    await stage.open(stage.actors.mallory, 22);
    const ledger = await stage.heard();
    expect(told(ledger, 'response.observed')).toContain('take back what the change did');
    expect(stage.made('RevokeSecurityGroupIngress')).toBe(0);
    expect(await stage.rules()).toHaveLength(2);
  });

  it('approve waits for a person, and then does it', async () => {
    await using stage = await auditStage({ policy: 'approve', unapproved: 'ignore' });
    await stage.baseline();
    await stage.open(stage.actors.mallory, 22);
    await stage.heard();
    expect((await stateOf(stage))[0]).toBe('awaiting-approval');
    expect(await stage.rules()).toHaveLength(2);
    await approve(stage);
    await stage.audit();
    expect(await stage.rules()).toEqual([INSIDE]);
  });
});

describe('a change by those who may', () => {
  it('is approved through CloudFormation, and at most asked for when it breaks a policy', async () => {
    await using stage = await auditStage();
    const { pipeline } = stage.actors;
    const cloudformation = await pipeline.use('cloudformation');
    const deploy = (sources: readonly string[]) => {
      const template = JSON.parse(stackTemplate(stage.vpcId, sources));
      for (const rule of template.Resources.Web.Properties.SecurityGroupIngress)
        rule.FromPort = rule.ToPort = 22;
      return { StackName: 'web', TemplateBody: JSON.stringify(template) };
    };
    await cloudformation.createStack(deploy(['10.0.0.0/8']));
    await finished(stage);
    stage.records();
    await stage.baseline();
    await cloudformation.updateStack(deploy(['10.0.0.0/8', '10.9.0.0/16']));
    await finished(stage);
    expect(found(await stage.heard())).toEqual([]);
    await cloudformation.updateStack(deploy(['10.0.0.0/8', '0.0.0.0/0']));
    await finished(stage);
    expect(found(await stage.heard())).toEqual(['ec2-security-group-no-ssh-from-world approve']);
    expect((await stateOf(stage))[0]).toBe('awaiting-approval');
  });

  it('is left alone for a listed pipeline', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.pipeline, 8080, '10.1.0.0/16');
    expect(await stage.heard()).toEqual([]);
    expect(await stage.rules()).toHaveLength(2);
  });

  it('is told and left alone in an emergency', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.breakGlass, 8080, '10.1.0.0/16');
    expect(found(await stage.heard())).toEqual(['break-glass-change record']);
    expect(await stage.rules()).toHaveLength(2);
  });

  it('is never answered when Cordon made it', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.owner, 22);
    expect(await stage.heard()).toEqual([]);
    await stage.open(stage.actors.mallory, 3389);
    await stage.heard();
    expect(await stage.rules()).toEqual(['tcp 22 0.0.0.0/0', INSIDE]);
    // The record of the way back itself.
    expect(await stage.heard()).toEqual([]);
  });
});

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

  it('is kept out of a terminal, a file name and a shell whatever the session is called', async () => {
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

describe('a resource that goes on changing', () => {
  /** As roll-back, with a person between the record and the way back. */
  const SLOWLY = `name: slowly
title: Take it back when a person has seen it
steps:
  - action: record-change
  - action: seal-evidence
  - approve: {message: take it back?, expires: 1d}
  - action: roll-back-change
  - action: verify-way-back
    timeout: 30
`;

  async function slowly(): Promise<AuditStage> {
    const stage = await auditStage(
      {},
      {
        playbooks: ['slowly.yml'],
        audit: { settle: 0.01, bindings: [{ policy: '*', playbook: 'slowly', mode: 'enforce' }] },
        approval: { unapproved: { all: { mode: 'ignore' } } },
      },
    );
    writeFileSync(join(stage.folder, 'slowly.yml'), SLOWLY);
    await stage.baseline();
    await stage.open(stage.actors.mallory, 22);
    await stage.heard();
    expect((await stateOf(stage))[0]).toBe('awaiting-approval');
    return stage;
  }

  it('is not overwritten when somebody changed it since: a person is asked, and a yes records it again', async () => {
    await using stage = await slowly();
    await stage.open(stage.actors.pipeline, 8443, '10.2.0.0/16');
    stage.records();
    await approve(stage);
    await stage.audit();
    expect(await stateOf(stage)).toEqual([
      'needs-decision',
      expect.stringContaining('nothing is overwritten'),
    ]);
    expect(stage.made('RevokeSecurityGroupIngress')).toBe(0);
    await approve(stage);
    await stage.audit();
    expect((await stateOf(stage))[0]).toBe('closed');
    expect(await stage.rules()).toEqual([INSIDE, 'tcp 8443 10.2.0.0/16']);
  });

  it('is judged again after a response that was running, so that nothing slips in beside it', async () => {
    await using stage = await slowly();
    await approve(stage);
    // Heard of while the earlier case is being answered.
    await stage.open(stage.actors.mallory, 3389);
    await stage.heard();
    expect((await stateOf(stage))[0]).toBe('needs-decision');
    await approve(stage);
    await stage.audit();
    expect((await stateOf(stage))[0]).toBe('closed');
    expect(await stage.rules()).toEqual([INSIDE]);
  });

  it('is asked about after three rounds of the same, and that is told', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    for (let round = 0; round < 3; round++) {
      await stage.open(stage.actors.mallory, 22);
      await stage.heard();
      expect(await stage.rules()).toEqual([INSIDE]);
    }
    await stage.open(stage.actors.mallory, 22);
    const ledger = await stage.heard();
    expect(found(ledger)).toContain('automations-fight record');
    expect(told(ledger, 'finding.first')).toContain('taken back 3 times within a day');
    expect((await stateOf(stage))[0]).toBe('awaiting-approval');
    expect(await stage.rules()).toHaveLength(2);
  });
});

describe('whoever wants Cordon to do harm', () => {
  it('does not get a port opened that they opened and closed themselves', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 22);
    await stage.close(stage.actors.mallory, 22);
    await stage.heard();
    expect(stage.made('AuthorizeSecurityGroupIngress')).toBe(1);
    expect(await stage.rules()).toEqual([INSIDE]);
  });

  it('also not among other changes, and not when nothing is known of before', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 22);
    await stage.close(stage.actors.mallory, 22);
    await stage.open(stage.actors.mallory, 23);
    await stage.heard();
    expect(stage.made('AuthorizeSecurityGroupIngress')).toBe(2);
    expect(await stage.rules()).toEqual([INSIDE]);

    await using unknown = await auditStage();
    await unknown.open(unknown.actors.mallory, 22);
    await unknown.close(unknown.actors.mallory, 22);
    await unknown.heard();
    expect(unknown.made('AuthorizeSecurityGroupIngress')).toBe(1);
    expect(await stateOf(unknown)).toEqual(['needs-decision', expect.stringContaining('undo each other')]);
  });

  it('does not get back what somebody mended who is not listed: a person is asked', async () => {
    await using stage = await auditStage();
    await stage.open(stage.owner, 22);
    stage.records();
    await stage.baseline();
    await stage.close(stage.actors.mallory, 22);
    await stage.heard();
    expect(await stateOf(stage)).toEqual([
      'needs-decision',
      expect.stringContaining('would fail ec2-security-group-no-ssh-from-world again'),
    ]);
    expect(await stage.rules()).toEqual([INSIDE]);
  });

  it('is answered by the tags that a resource had, whatever they did to them first', async () => {
    const tagged = [{ tag: 'environment', value: 'prod', mode: 'enforce' as const, playbook: 'roll-back' }];
    await using stage = await auditStage(
      {},
      { approval: { unapproved: { tagged, all: { mode: 'observe' } } } },
    );
    const Resources = [stage.groupId];
    const Tags = [{ Key: 'environment', Value: 'prod' }];
    await stage.owner.ec2.createTags({ Resources, Tags });
    stage.records();
    await stage.baseline();
    await stage.actors.mallory.ec2.deleteTags({ Resources, Tags });
    await stage.open(stage.actors.mallory, 8080, '10.1.0.0/16');
    expect(found(await stage.heard())).toEqual(['unapproved-change enforce']);
    expect(await stage.rules()).toEqual([INSIDE]);
  });

  it('does not get a resource deleted that they made', async () => {
    await using stage = await auditStage();
    const s3 = await stage.actors.mallory.use('s3');
    await s3.createBucket({ Bucket: 'exfiltration' });
    await stage.heard();
    expect(await stateOf(stage)).toEqual(['needs-decision', expect.stringContaining('cannot be taken back')]);
    expect(stage.made('DeleteBucket') + stage.made('DeleteResource')).toBe(0);
  });
});

describe('the way back of a way back', () => {
  it('brings the change back through Cloud Control', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 8080, '10.1.0.0/16');
    await stage.heard();
    expect(await stage.rules()).toEqual([INSIDE]);
    expect(await stage.undo(await caseOf(stage))).toMatchObject({ status: 'done' });
    expect(stage.made('UpdateResource')).toBe(1);
    await expect.poll(() => stage.rules()).toEqual([INSIDE, 'tcp 8080 10.1.0.0/16']);
  });

  it('asks when somebody has changed it since', async () => {
    await using stage = await auditStage();
    await stage.baseline();
    await stage.open(stage.actors.mallory, 8080, '10.1.0.0/16');
    await stage.heard();
    await stage.open(stage.actors.pipeline, 9443, '10.3.0.0/16');
    expect(await stage.undo(await caseOf(stage))).toMatchObject({
      status: 'stopped',
      reason: expect.stringContaining('nothing is overwritten'),
    });
    expect(await stage.rules()).toEqual([INSIDE, 'tcp 9443 10.3.0.0/16']);
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

const EVERYBODY = {
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::records/*',
};

async function approve(stage: AuditStage): Promise<void> {
  const id = await caseOf(stage);
  const yes = { by: 'ada', verdict: 'approve' as const, reason: 'it is wrong' };
  expect(await stage.inStore((store) => decideByPerson(store, id, yes, Date.now))).toBeUndefined();
}

/** Until the stack is as it should be. */
async function finished({ owner }: AuditStage): Promise<void> {
  const cloudformation = await owner.use('cloudformation');
  const status = async (): Promise<string> =>
    (await cloudformation.describeStacks({ StackName: 'web' })).Stacks?.[0]?.StackStatus ?? '';
  await expect.poll(status, { interval: 5 }).not.toMatch(/_IN_PROGRESS$/);
}
