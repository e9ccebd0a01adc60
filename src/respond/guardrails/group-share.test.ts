import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';
import { openTemporaryStore } from '../../../test/temporary-store.ts';
import { configOf } from '../../config/config.ts';
import type { Incident } from '../../model/incident.ts';
import { INSTANCE } from '../../model/subject.ts';
import { createHoneypot } from '../../range/honeypot.ts';
import { askGuardrails } from './guardrails.ts';

const NOW = Date.parse('2026-11-24T09:00:00Z');
const SETTINGS = { noisyRule: false as const, responsesPerHour: 99, limits: [] };

/** An account with instances, and a court that only the share of their groups matters to. */
async function shop(count: number, groupShare: number | false = 34) {
  const world = await acting();
  const ids = [world.honeypot.instanceId];
  for (let index = 1; index < count; index++)
    ids.push(createHoneypot(world.account, { address: `10.20.3.${index}` }).instanceId);
  const { guardrails } = configOf({ guardrails: { ...SETTINGS, groupShare } }, '');
  const store = openTemporaryStore();
  let now = NOW;
  const incidentOf = (id: string, name = `case of ${id}`): Incident => ({
    id: name,
    subject: { type: INSTANCE, id, account: world.account.id, region: world.account.region },
    state: 'new',
    mode: 'enforce',
    openedAt: now,
    firstSeen: now,
    lastSeen: now,
    version: 1,
  });
  /** Asks about an instance, and goes ahead where nothing forbids it; answers what the guardrail said. */
  const begin = async (id: string, name?: string): Promise<string[]> => {
    const incident = incidentOf(id, name);
    const asked = await askGuardrails({ incident, rules: [] }, guardrails, {
      store,
      aws: world.aws,
      now: () => now,
    });
    if (asked.refusal === undefined) await store.commit([...asked.uses, { kind: 'incident', incident }]);
    return asked.answers
      .filter(({ guardrail }) => guardrail === 'group-share')
      .map(({ allowed, reason }) => `${allowed ? 'yes' : 'no'}: ${reason}`);
  };
  return {
    ...world,
    ids,
    begin,
    later: (milliseconds: number) => {
      now += milliseconds;
    },
  };
}

async function scaling(count: number, share?: number | false) {
  const world = await shop(count, share);
  const autoscaling = await world.aws.use('autoscaling');
  await autoscaling.createAutoScalingGroup({
    AutoScalingGroupName: 'web',
    InstanceId: world.honeypot.instanceId,
    MinSize: 0,
    MaxSize: count,
  });
  await autoscaling.attachInstances({ AutoScalingGroupName: 'web', InstanceIds: world.ids });
  world.clock.advance(60_000);
  return { ...world, autoscaling };
}

describe('the share of an Auto Scaling group that may be lost', () => {
  it('is rounded down, and counts every instance that is answered within a day', async () => {
    await using world = await scaling(6);
    const [first = '', second = '', third = ''] = world.ids;
    expect(await world.begin(first)).toEqual([
      'yes: 0 of 6 instances of Auto Scaling group web are lost, at most 2 may be (34 %)',
    ]);
    expect(await world.begin(second)).toEqual([expect.stringMatching(/^yes: 1 of 6/)]);
    expect(await world.begin(third)).toEqual([expect.stringMatching(/^no: 2 of 6/)]);
    // Another case of an instance that is lost already loses nothing more.
    expect(await world.begin(first, 'another')).toEqual([expect.stringMatching(/^yes: 1 of 6/)]);
    world.later(24 * 3_600_000 + 1);
    expect(await world.begin(third)).toEqual([expect.stringMatching(/^yes: 0 of 6/)]);
  });

  it('counts what is ill or missing for another reason, and nothing twice', async () => {
    await using world = await scaling(6);
    const [first = '', second = '', third = ''] = world.ids;
    await world.begin(first);
    await world.aws.ec2.terminateInstances({ InstanceIds: [first] });
    world.clock.advance(300_000);
    expect(await world.begin(second)).toEqual([expect.stringMatching(/^yes: 1 of 6/)]);
    expect(await world.begin(third)).toEqual([expect.stringMatching(/^no: 2 of 6/)]);
    await using other = await scaling(6);
    await other.autoscaling.detachInstances({
      AutoScalingGroupName: 'web',
      InstanceIds: other.ids.slice(4),
      ShouldDecrementDesiredCapacity: false,
    });
    // Their replacements are not in service yet.
    expect(await other.begin(other.ids[0] ?? '')).toEqual([expect.stringMatching(/^no: 2 of 6/)]);
  });

  it('lets nothing of a group of two fall by itself', async () => {
    await using world = await scaling(2);
    expect(await world.begin(world.ids[0] ?? '')).toEqual([
      'no: 0 of 2 instances of Auto Scaling group web are lost, at most 0 may be (34 %)',
    ]);
  });

  it('is asked of nobody where it is off', async () => {
    await using world = await scaling(2, false);
    expect(await world.begin(world.ids[0] ?? '')).toEqual([]);
  });

  it('forbids everything where it cannot be asked', async () => {
    await using world = await scaling(6);
    world.range.faults.add({
      operation: 'DescribeAutoScalingInstances',
      fault: { kind: 'unauthorized' },
      times: 9,
    });
    expect(await world.begin(world.ids[0] ?? '')).toEqual([
      expect.stringMatching(/^no: group-share cannot be asked: AccessDenied/),
    ]);
  });
});

describe('the share of a target group', () => {
  it('is known by its instances, by id or by address, also on several ports', async () => {
    await using world = await shop(4);
    const elb = await world.aws.use('elasticloadbalancing');
    const create = async (Name: string, TargetType: 'instance' | 'ip') => {
      const { TargetGroups } = await elb.createTargetGroup({
        Name,
        Port: 80,
        Protocol: 'HTTP',
        TargetType,
        VpcId: world.honeypot.vpcId,
      });
      return TargetGroups?.[0]?.TargetGroupArn ?? '';
    };
    const byId = await create('by-id', 'instance');
    await create('of-others', 'instance');
    const Targets = world.ids.flatMap((Id) => [{ Id }, { Id, Port: 8443 }]);
    await elb.registerTargets({ TargetGroupArn: byId, Targets });
    world.clock.advance(60_000);
    expect(await world.begin(world.ids[0] ?? '')).toEqual([
      'yes: 0 of 4 instances of target group by-id are lost, at most 1 may be (34 %)',
    ]);
    expect(await world.begin(world.ids[1] ?? '')).toEqual([expect.stringMatching(/^no: 1 of 4/)]);
    const stranger = createHoneypot(world.account, { address: '10.20.4.1' });
    expect(await world.begin(stranger.instanceId)).toEqual([
      `yes: ${stranger.instanceId} is in no Auto Scaling group and no target group`,
    ]);
  });
});
