import { describe, expect, it } from 'vitest';
import { stackTemplate } from '../src/hosts/audit-drill/scene.ts';
import { approve, caseOf, found, GROUP, INSIDE, stateOf, told } from './audit-case.ts';
import { type AuditStage, auditStage } from './audit-stage.ts';

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

/** Until the stack is as it should be. */
async function finished({ owner }: AuditStage): Promise<void> {
  const cloudformation = await owner.use('cloudformation');
  const status = async (): Promise<string> =>
    (await cloudformation.describeStacks({ StackName: 'web' })).Stacks?.[0]?.StackStatus ?? '';
  await expect.poll(status, { interval: 5 }).not.toMatch(/_IN_PROGRESS$/);
}
