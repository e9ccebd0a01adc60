import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { approve, caseOf, found, INSIDE, stateOf, told } from './audit-case.ts';
import { type AuditStage, auditStage } from './audit-stage.ts';

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
