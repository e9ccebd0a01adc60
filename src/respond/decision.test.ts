import { afterEach, describe, expect, it, vi } from 'vitest';
import { cordon } from '../../test/command.ts';
import { flowRecord, type SceneOptions, type Stage, stage } from '../../test/scene.ts';
import { type Decision, decideByPerson } from './decision.ts';

const HOUR = 3_600_000;

async function found(options: SceneOptions = {}): Promise<Stage> {
  const scene = await stage(options);
  beacon(scene, 'a.log');
  await scene.watchOnce();
  return scene;
}

function beacon(scene: Stage, name: string, at = 0): void {
  const { interfaceId: eni, address } = scene.honeypot;
  scene.log(name, [flowRecord({ eni, from: [address, 40_000], to: ['192.0.2.99', 4444], at })]);
}

/** A person decides about the only case; answers the refusal. */
const decide = (scene: Stage, verdict: Decision['verdict'], by = 'ada') =>
  scene.inStore(async (store) => {
    const [incident] = await store.incidents();
    const decision = { verdict, by, osUser: 'root', reason: 'I looked' };
    return decideByPerson(store, incident?.id ?? '', decision, Date.now, scene.config.guardrails);
  });

const stateOf = async (scene: Stage) => (await scene.incidents())[0]?.state;

function later(hours: number): void {
  const now = Date.now() + hours * HOUR;
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now);
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a question that nobody answers', () => {
  it('expires, and what happens after that is a new case that asks again', async () => {
    await using scene = await found({ mode: 'approve' });
    later(23.9);
    await scene.watchOnce();
    expect(await stateOf(scene)).toBe('awaiting-approval');
    later(0.2);
    expect(await decide(scene, 'approve')).toMatch(/waited for an answer until .*: it is too late$/);
    const entries = await scene.watchOnce();
    expect(entries.map(({ kind }) => kind)).toEqual(['response.expired']);
    expect(await scene.incidents()).toMatchObject([
      { state: 'expired', reason: 'nobody answered within 24 hours: mode is approve' },
    ]);
    for (const verdict of ['approve', 'deny', 'resume'] as const)
      expect(await decide(scene, verdict)).toMatch(/is expired: nobody answered in time/);
    // A minute after the last event: without the question it would be the same case.
    beacon(scene, 'b.log', 60);
    await scene.watchOnce();
    expect((await scene.incidents()).map(({ state }) => state)).toEqual(['awaiting-approval', 'expired']);
  });

  it('expires when the configuration says', async () => {
    await using scene = await found({ mode: 'approve', config: { guardrails: { approvalExpires: 2 } } });
    later(2.1);
    await scene.watchOnce();
    expect(await stateOf(scene)).toBe('expired');
  });
});

describe('a yes', () => {
  it('does not hold for ever: a watch that starts days later asks again', async () => {
    await using scene = await found({ mode: 'approve' });
    expect(await decide(scene, 'approve')).toBeUndefined();
    later(25);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      {
        state: 'needs-decision',
        reason: expect.stringContaining('the approval by ada is older than 24 hours'),
      },
    ]);
    expect(scene.made('CreateSecurityGroup')).toBe(0);
  });

  it('goes over the no of a guardrail, and the ledger has both', async () => {
    await using scene = await found({ tags: [{ Key: 'cordon:protected', Value: 'true' }] });
    expect(await decide(scene, 'approve')).toBeUndefined();
    const entries = await scene.watchOnce();
    expect(await stateOf(scene)).toBe('closed');
    const asked = entries.filter(({ kind }) => kind === 'guardrail.asked');
    expect(asked.map(({ body }) => body)).toContainEqual(
      expect.objectContaining({
        before: 'terminate-instance',
        approvedBy: 'ada',
        answers: expect.arrayContaining([
          expect.objectContaining({ guardrail: 'protected-tag', allowed: false }),
        ]),
      }),
    );
  });

  it('counts against the limits of the others', async () => {
    await using scene = await found({ mode: 'approve', config: { guardrails: { responsesPerHour: 1 } } });
    await decide(scene, 'approve');
    await scene.watchOnce();
    const used = await scene.inStore((store) => store.occurrences('responses', 0));
    expect(used).toHaveLength(1);
    expect(await scene.inStore((store) => store.occurrences('irreversible', 0))).toHaveLength(1);
  });
});

describe('to resume', () => {
  it('has a case that stopped try again, and no guardrail gives way to it', async () => {
    await using scene = await stage();
    beacon(scene, 'a.log');
    scene.range.faults.add({ operation: 'CreateSnapshots', fault: { kind: 'unauthorized' } });
    await scene.watchOnce();
    expect(await stateOf(scene)).toBe('needs-decision');
    // Somebody protects it while it stands still.
    const { instanceId } = scene.honeypot;
    scene.range.account.tags.get(instanceId)?.set('cordon:protected', 'true');
    expect(await decide(scene, 'resume')).toBeUndefined();
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      { state: 'needs-decision', reason: expect.stringContaining('terminate-instance: i-') },
    ]);
    expect(scene.made('TerminateInstances')).toBe(0);
    expect(await decide(scene, 'approve')).toBeUndefined();
    await scene.watchOnce();
    expect(await stateOf(scene)).toBe('closed');
  });

  it('is no yes to what waits for one', async () => {
    await using scene = await found({ mode: 'approve' });
    expect(await decide(scene, 'resume')).toMatch(/waits for a yes or a no: cordon approve case-/);
  });
});

describe('what cannot be undone, where two people must approve', () => {
  const two = { config: { guardrails: { twoPersons: true } } };

  it('is not done before two different ones have, also in enforce mode', async () => {
    await using scene = await found(two);
    expect(await scene.incidents()).toMatchObject([
      {
        state: 'needs-decision',
        reason: 'terminate-instance: terminate-instance cannot be undone: two people must approve it',
      },
    ]);
    // What can be undone was done at once.
    expect(scene.made('CreateSnapshots')).toBe(1);
    expect(await decide(scene, 'approve', 'ada')).toBeUndefined();
    expect(await stateOf(scene)).toBe('needs-decision');
    expect(await decide(scene, 'approve', 'ada')).toMatch(
      /^ada has approved case-\S+ already: another person must$/,
    );
    await scene.watchOnce();
    expect(scene.made('TerminateInstances')).toBe(0);
    expect(await decide(scene, 'approve', 'bob')).toBeUndefined();
    await scene.watchOnce();
    expect(scene.made('TerminateInstances')).toBe(1);
    expect(await scene.incidents()).toMatchObject([
      { state: 'closed', approvals: [{ by: 'ada' }, { by: 'bob' }] },
    ]);
  });

  it('has the first yes of a case that waited from its beginning', async () => {
    await using scene = await found({ ...two, mode: 'approve' });
    await decide(scene, 'approve', 'ada');
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      {
        state: 'needs-decision',
        reason: expect.stringContaining('a second person must approve it, as ada has'),
      },
    ]);
    // To try again is no second yes.
    expect(await decide(scene, 'resume', 'bob')).toBeUndefined();
    await scene.watchOnce();
    expect(scene.made('TerminateInstances')).toBe(0);
    expect(await decide(scene, 'approve', 'bob')).toBeUndefined();
    await scene.watchOnce();
    expect(scene.made('TerminateInstances')).toBe(1);
  });

  it('forgets a yes that is too old', async () => {
    await using scene = await found(two);
    await decide(scene, 'approve', 'ada');
    later(25);
    await decide(scene, 'approve', 'bob');
    expect(await stateOf(scene)).toBe('needs-decision');
    expect(await decide(scene, 'approve', 'ada')).toBeUndefined();
    expect(await stateOf(scene)).toBe('responding');
  });
});

describe('cordon approve --as-aws', () => {
  it('decides as whoever STS says, and takes no other name', async () => {
    await using scene = await found({ mode: 'approve' });
    const { document: _, base: __, ...settings } = scene.config;
    scene.write('cordon.yaml', JSON.stringify(settings));
    const [incident] = await scene.incidents();
    const approve = (...more: string[]) =>
      cordon(['approve', incident?.id ?? '', '--reason', 'I looked', '--as-aws', ...more], {
        cwd: scene.folder,
      });
    expect(await approve('--by', 'ada')).toMatchObject({ exitCode: 2 });
    expect(await approve()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await scene.incidents()).toMatchObject([
      { state: 'responding', approval: { by: expect.stringMatching(/^arn:aws:/) } },
    ]);
  });
});

describe('a decision', () => {
  it('about what is not there, or over, is refused with a reason', async () => {
    await using scene = await found();
    expect(await decide(scene, 'approve')).toMatch(/^case-\S+ is closed: there is nothing to decide$/);
    const unknown = await scene.inStore((store) =>
      decideByPerson(store, 'case-x', { verdict: 'deny', by: 'ada', reason: '' }, Date.now),
    );
    expect(unknown).toBe('there is no incident case-x');
  });

  it('is in the ledger with name, user and reason', async () => {
    await using scene = await found({ mode: 'approve' });
    await decide(scene, 'deny');
    const entries = await scene.inStore((store) => Array.fromAsync(store.ledger()));
    expect(entries.at(-1)).toMatchObject({
      kind: 'response.denied',
      body: { by: 'ada', osUser: 'root', reason: 'I looked' },
    });
  });
});
