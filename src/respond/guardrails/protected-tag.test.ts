import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';
import { openTemporaryStore } from '../../../test/temporary-store.ts';
import { configOf } from '../../config/config.ts';
import type { Subject } from '../../model/subject.ts';
import { askGuardrails } from './guardrails.ts';

async function answerFor(
  world: Awaited<ReturnType<typeof acting>>,
  subject: Subject,
  protectedTags = ['keep', 'stage=prod'],
) {
  const { guardrails } = configOf({ guardrails: { protectedTags, groupShare: false } }, '');
  const incident = {
    id: 'case-1',
    subject,
    state: 'new' as const,
    mode: 'enforce' as const,
    openedAt: 1,
    firstSeen: 1,
    lastSeen: 1,
    version: 1,
  };
  const world_ = { store: openTemporaryStore(), aws: world.aws, now: () => 1 };
  const { answers } = await askGuardrails({ incident, rules: [] }, guardrails, world_);
  return answers.find(({ guardrail }) => guardrail === 'protected-tag');
}

describe('a protected tag', () => {
  it('is found by its key, or by its key and value', async () => {
    await using world = await acting();
    const tag = (Key: string, Value: string) =>
      world.aws.ec2.createTags({ Resources: [world.subject.id], Tags: [{ Key, Value }] });
    expect(await answerFor(world, world.subject)).toMatchObject({ allowed: true });
    await tag('stage', 'test');
    expect(await answerFor(world, world.subject)).toMatchObject({ allowed: true });
    await tag('stage', 'prod');
    expect(await answerFor(world, world.subject)).toMatchObject({
      allowed: false,
      reason: `${world.subject.id} has the protected tag stage=prod`,
    });
    await tag('stage', 'test');
    await tag('keep', '');
    expect(await answerFor(world, world.subject)).toMatchObject({ allowed: false });
    expect(await answerFor(world, world.subject, [])).toBeUndefined();
  });

  it.each([
    ['AWS::EC2::SecurityGroup', 'groupId'],
    ['AWS::EC2::NetworkInterface', 'interfaceId'],
  ] as const)('is read of a %s as well', async (type, id) => {
    await using world = await acting();
    const subject = { ...world.subject, type, id: world.honeypot[id] };
    expect(await answerFor(world, subject)).toMatchObject({ allowed: true });
    await world.aws.ec2.createTags({ Resources: [subject.id], Tags: [{ Key: 'keep', Value: 'yes' }] });
    expect(await answerFor(world, subject)).toMatchObject({ allowed: false });
  });

  it('that cannot be read may be there', async () => {
    await using world = await acting();
    world.range.faults.add({ operation: 'DescribeTags', fault: { kind: 'unauthorized' }, times: 9 });
    const subject = { ...world.subject, type: 'AWS::EC2::SecurityGroup', id: world.honeypot.groupId };
    expect(await answerFor(world, subject)).toMatchObject({
      allowed: false,
      reason: expect.stringContaining('protected-tag cannot be asked'),
    });
  });
});
