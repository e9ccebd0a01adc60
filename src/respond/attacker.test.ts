import { afterEach, describe, expect, it, vi } from 'vitest';
import { flowRecord, type SceneOptions, type Stage, stage } from '../../test/scene.ts';
import { createHoneypot, type Honeypot } from '../range/honeypot.ts';

const LISTED = '198.51.100.66';
const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T09:00:00Z');
const FLEET = 30;

/** An account with a fleet that somebody wants dead, who can have lines written into its flow logs. */
async function fleet(options: SceneOptions = {}) {
  const scene = await stage(options);
  const instances = Array.from({ length: FLEET }, (_, index) =>
    createHoneypot(scene.range.account, {
      address: `10.20.1.${index + 1}`,
      name: `web-${index}`,
      tags: index % 10 === 0 ? [{ Key: 'cordon:protected', Value: 'true' }] : [],
    }),
  );
  return { scene, instances };
}

/** A line that says that an instance talks with an address that everybody knows to be bad. */
function forged({ interfaceId: eni, address }: Honeypot, at = 0): string {
  return flowRecord({ eni, from: [address, 40_001], to: [LISTED, 443], action: 'ACCEPT', at });
}

function fallen({ range }: Stage, instances: readonly Honeypot[]): Honeypot[] {
  return instances.filter(({ instanceId }) => {
    const simulated = range.account.instances.get(instanceId);
    // AWS forgets what was terminated some time ago.
    return simulated === undefined || simulated.ending?.to === 'terminated';
  });
}

/** Only the clock that Cordon reads is moved; what waits really waits. */
function clockAt(time: number): void {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(time);
}

afterEach(() => {
  vi.useRealTimers();
});

describe('an attacker who forges flow logs to have a fleet killed', () => {
  it('brings down no more than the limit of an hour', async () => {
    const { scene, instances } = await fleet({ config: { guardrails: { noisyRule: false } } });
    await using _ = scene;
    scene.log(
      'forged.log',
      instances.map((one) => forged(one)),
    );
    await scene.watchOnce();
    expect(fallen(scene, instances)).toHaveLength(3);
    const waiting = (await scene.incidents()).filter(({ state }) => state === 'awaiting-approval');
    expect(waiting).toHaveLength(FLEET - 3);
  });

  it('is asked about after that, however often the watch is started again', async () => {
    const { scene, instances } = await fleet({ config: { guardrails: { noisyRule: false } } });
    await using _ = scene;
    for (let round = 0; round < 5; round++) {
      scene.log(
        `forged-${round}.log`,
        instances.map((one) => forged(one, round)),
      );
      await scene.watchOnce();
    }
    expect(fallen(scene, instances)).toHaveLength(3);
  });

  it('who writes few lines an hour, for a day, gets the limit of the day and no more', async () => {
    const { scene, instances } = await fleet({ config: { guardrails: { noisyRule: false } } });
    await using _ = scene;
    const byHour: number[] = [];
    for (let hour = 0; hour < 6; hour++) {
      clockAt(START + hour * (HOUR + 1));
      const some = instances.slice(hour * 5, hour * 5 + 5);
      scene.log(
        `forged-${hour}.log`,
        some.map((one) => forged(one, hour * 3_600)),
      );
      // Two watches take turns: the second finds what the first has left.
      await scene.watchOnce();
      await scene.watchOnce();
      byHour.push(fallen(scene, some).length);
    }
    expect(byHour).toEqual([3, 3, 3, 1, 0, 0]);
  });

  it('never touches what is protected', async () => {
    const { scene, instances } = await fleet({
      config: { guardrails: { noisyRule: false, responsesPerHour: 100, limits: [] } },
    });
    await using _ = scene;
    scene.log(
      'forged.log',
      instances.slice(0, 12).map((one) => forged(one)),
    );
    await scene.watchOnce();
    const dead = new Set(fallen(scene, instances).map(({ address }) => address));
    expect(dead.size).toBe(10);
    expect(dead.has('10.20.1.1')).toBe(false);
    expect(dead.has('10.20.1.11')).toBe(false);
  });

  it('takes no more of an Auto Scaling group than may be lost, in a day as in an hour', async () => {
    const guardrails = { noisyRule: false as const, responsesPerHour: 100, limits: [], groupShare: 34 };
    const { scene, instances } = await fleet({ config: { guardrails } });
    await using _ = scene;
    const web = instances.filter((_, index) => index % 10 !== 0).slice(0, 12);
    const { awsClients } = await import('../aws/clients.ts');
    const aws = awsClients(scene.config.aws);
    const autoscaling = await aws.use('autoscaling');
    const AutoScalingGroupName = 'web';
    const InstanceIds = web.map(({ instanceId }) => instanceId);
    const [InstanceId = ''] = InstanceIds;
    await autoscaling.createAutoScalingGroup({ AutoScalingGroupName, InstanceId, MinSize: 0, MaxSize: 20 });
    await autoscaling.attachInstances({ AutoScalingGroupName, InstanceIds });
    for (let hour = 0; hour < 3; hour++) {
      scene.range.account.clock.advance(HOUR);
      clockAt(START + hour * (HOUR + 1));
      scene.log(
        `forged-${hour}.log`,
        web.slice(hour * 4, hour * 4 + 4).map((one) => forged(one, hour * 3_600)),
      );
      await scene.watchOnce();
    }
    aws.close();
    expect(fallen(scene, web)).toHaveLength(4);
  });

  it('makes the rule ask a person from then on, and the ledger says so', async () => {
    const { scene, instances } = await fleet();
    await using _ = scene;
    scene.log(
      'forged.log',
      instances.map((one) => forged(one)),
    );
    const entries = await scene.watchOnce();
    expect(fallen(scene, instances)).toEqual([]);
    const demotions = entries.filter(({ kind }) => kind === 'guardrail.rule-demoted');
    expect(demotions).toMatchObject([
      { body: { ruleId: 'known-bad-address', found: '30 cases within an hour; 0 are usual' } },
    ]);
    // The one case a day later is asked about too.
    clockAt(Date.now() + 25 * HOUR);
    scene.log('later.log', [forged(scene.honeypot, 90_000)]);
    await scene.watchOnce();
    const [newest] = await scene.incidents();
    expect(newest).toMatchObject({
      state: 'awaiting-approval',
      subject: { id: scene.honeypot.instanceId },
      reason: expect.stringContaining('rule known-bad-address only asks'),
    });
  });

  it('cannot use a rule that a person has armed again before it is noisy again', async () => {
    const { scene, instances } = await fleet();
    await using _ = scene;
    scene.log(
      'forged.log',
      instances.slice(0, 25).map((one) => forged(one)),
    );
    await scene.watchOnce();
    const { rearmRule } = await import('./guardrails/noisy-rule.ts');
    const ada = { by: 'ada', reason: 'the list was wrong' };
    await scene.inStore(async (store) => {
      expect(await rearmRule(store, 'known-bad-address', ada, Date.now)).toBeUndefined();
      expect(await rearmRule(store, 'known-bad-address', ada, Date.now)).toMatch(/nothing to arm/);
    });
    scene.log('one.log', [forged(scene.honeypot)]);
    await scene.watchOnce();
    expect(fallen(scene, [...instances, scene.honeypot])).toEqual([scene.honeypot]);
  });
});
