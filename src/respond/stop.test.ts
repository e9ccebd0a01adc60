import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { flowRecord, type Stage, stage } from '../../test/scene.ts';
import { createHoneypot, type Honeypot } from '../range/honeypot.ts';
import { decideByPerson } from './decision.ts';
import { currentStop, liftStop, stopEverything } from './stop.ts';

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const ADA = { by: 'ada', reason: 'it went wild' };

const beacon = ({ interfaceId: eni, address }: Honeypot): string =>
  flowRecord({ eni, from: [address, 40_000], to: ['192.0.2.99', 4444] });

/** Has something done, before AWS answers, when a group for the quarantine is made: in the middle of an action. */
function whenIsolating({ range }: Stage, then: () => void): void {
  const groups = range.account.securityGroups;
  const set = groups.set.bind(groups);
  groups.set = (id, group) => {
    set(id, group);
    if (group.name === 'cordon-quarantine') then();
    return groups;
  };
}

/** A stop in a process of its own; it has ended well when this returns. */
function cordonStop({ folder, config }: Stage): void {
  const { document: _, base: __, ...settings } = config;
  writeFileSync(join(folder, 'cordon.yaml'), JSON.stringify(settings));
  const args = [MAIN, 'stop', '--by', 'ada', '--reason', 'it went wild'];
  execFileSync(process.execPath, args, { cwd: folder, stdio: 'pipe' });
}

const changes = ({ range }: Stage): string[] =>
  range.calls.map(({ operation }) => operation).filter((name) => !/^(Describe|Get)/.test(name));

const resume = (scene: Stage, verdict: 'approve' | 'resume' | 'deny' = 'resume') =>
  scene.inStore(async (store) => {
    const [incident] = await store.incidents(['needs-decision', 'awaiting-approval']);
    const decision = { verdict, by: 'ada', reason: 'I looked' };
    return decideByPerson(store, incident?.id ?? '', decision, Date.now);
  });

describe('a stop by another process in the middle of an action', () => {
  it('holds the next call that changes something, and the case says who stopped it', async () => {
    await using scene = await stage();
    scene.log('a.log', [beacon(scene.honeypot)]);
    whenIsolating(scene, () => cordonStop(scene));
    const entries = await scene.watchOnce();
    expect(changes(scene)).toEqual(['CreateSecurityGroup']);
    expect(await scene.incidents()).toMatchObject([
      { state: 'needs-decision', reason: 'isolate-instance: stopped by ada: it went wild' },
    ]);
    // What was called until then is on record.
    expect(entries.find(({ kind }) => kind === 'step.failed')?.body).toMatchObject({
      reason: 'stopped by ada: it went wild',
      calls: [
        { operation: 'DescribeSecurityGroups' },
        { operation: 'CreateSecurityGroup' },
        { operation: 'DescribeSecurityGroups' },
      ],
    });
  });

  it('goes on where it was once it is lifted and a person has said so, and does nothing twice', async () => {
    await using scene = await stage();
    scene.log('a.log', [beacon(scene.honeypot)]);
    whenIsolating(scene, () => cordonStop(scene));
    await scene.watchOnce();
    expect(await resume(scene)).toMatch(/^Cordon is stopped by ada: it went wild; lift it first/);
    expect(await resume(scene, 'approve')).toMatch(/lift it first/);
    await scene.inStore((store) => liftStop(store, { ...ADA, reason: 'all is well' }, Date.now));
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'needs-decision' }]);
    expect(await resume(scene)).toBeUndefined();
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
    const made = scene.range.calls.flatMap(({ operation, input }) =>
      operation === 'CreateSecurityGroup' ? (input as { readonly GroupName: string }).GroupName : [],
    );
    expect(made).toEqual([...new Set(made)]);
    expect(made).toContain('cordon-quarantine');
    expect(scene.made('TerminateInstances')).toBe(1);
  });
});

describe('while Cordon is stopped', () => {
  it('nothing is changed, whatever is started again, and cases that come wait for a person', async () => {
    await using scene = await stage();
    scene.log('a.log', [beacon(scene.honeypot)]);
    await scene.inStore((store) => stopEverything(store, ADA, Date.now));
    await scene.watchOnce();
    scene.log('b.log', [beacon(createHoneypot(scene.range.account, { address: '10.20.0.9' }))]);
    await scene.watchOnce();
    expect(changes(scene)).toEqual([]);
    expect(await scene.incidents()).toMatchObject([
      { state: 'awaiting-approval', reason: 'stopped by ada: it went wild' },
      { state: 'awaiting-approval', reason: 'stopped by ada: it went wild' },
    ]);
  });

  it('a response that was under way still keeps the evidence that needs only reading', async () => {
    await using scene = await stage();
    scene.log('a.log', [beacon(scene.honeypot)]);
    scene.range.faults.add({ operation: 'GetConsoleOutput', fault: { kind: 'unauthorized' }, times: 1 });
    await scene.watchOnce();
    const [before] = await scene.incidents();
    expect(before).toMatchObject({ state: 'needs-decision' });
    await scene.inStore(async (store) => {
      expect(await resume(scene)).toBeUndefined();
      await stopEverything(store, ADA, Date.now);
    });
    await scene.watchOnce();
    expect(changes(scene)).toEqual([]);
    const journal = await scene.inStore((store) => store.journal(before?.id ?? ''));
    expect(journal.find(({ step }) => step === 'record-instance')).toMatchObject({ state: 'done' });
    expect(await scene.incidents()).toMatchObject([
      { state: 'needs-decision', reason: 'isolate-instance: stopped by ada: it went wild' },
    ]);
  });

  it('a person may still say no', async () => {
    await using scene = await stage({ mode: 'approve' });
    scene.log('a.log', [beacon(scene.honeypot)]);
    await scene.watchOnce();
    await scene.inStore((store) => stopEverything(store, ADA, Date.now));
    expect(await resume(scene, 'deny')).toBeUndefined();
    expect(await scene.incidents()).toMatchObject([{ state: 'denied' }]);
  });

  it('stopping again says so, and so does lifting what is not stopped', async () => {
    await using scene = await stage();
    await scene.inStore(async (store) => {
      expect(await liftStop(store, ADA, Date.now)).toBe('Cordon is not stopped');
      expect(await stopEverything(store, ADA, Date.now)).toBeUndefined();
      const bob = { by: 'bob', reason: 'me too' };
      expect(await stopEverything(store, bob, Date.now)).toBe('Cordon is stopped by ada: it went wild');
      expect(await currentStop(store)).toMatchObject({ by: 'ada' });
      expect(await liftStop(store, bob, Date.now)).toBeUndefined();
      expect(await currentStop(store)).toBeUndefined();
      const kinds = (await Array.fromAsync(store.ledger())).map(({ kind }) => kind);
      expect(kinds).toEqual(['stop.set', 'stop.lifted']);
    });
  });

  it('a watch that runs says so at once', async () => {
    await using scene = await stage();
    scene.log('a.log', [beacon(scene.honeypot)]);
    await scene.watchOnce();
    const { watchLocally } = await import('../hosts/local.ts');
    const { setUp } = await import('../hosts/setup.ts');
    const ready = setUp(scene.config);
    if (!ready.ok) throw new Error('the setup is broken');
    const ended = new AbortController();
    const heard: (string | undefined)[] = [];
    const watch = watchLocally(ready.value, {
      signal: ended.signal,
      onStop(stop) {
        heard.push(stop?.by);
        if (stop === undefined) ended.abort();
        else scene.inStore((store) => liftStop(store, ADA, Date.now));
      },
    });
    await scene.inStore((store) => stopEverything(store, ADA, Date.now));
    await watch.run();
    await watch.close();
    expect(heard).toEqual(['ada', undefined]);
  });
});
