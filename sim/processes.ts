import { join } from 'node:path';
import { ACTIONS } from '../src/actions/registry.ts';
import type { HeldBecause } from '../src/aws/calls.ts';
import { type AwsClients, awsClients, type SimulatedWire } from '../src/aws/clients.ts';
import { takeIn } from '../src/respond/intake.ts';
import { responder } from '../src/respond/responder.ts';
import { currentStop, stopReason } from '../src/respond/stop.ts';
import type { Change, Store } from '../src/store/store.ts';
import { SLACK } from './call-checks.ts';
import type { Life } from './scheduler.ts';
import { nothingBegunAgain, undoKeepsItsPromise } from './state-checks.ts';
import { wireOf } from './wire.ts';
import { wireWorld } from './wire-world.ts';
import type { World } from './world.ts';

export const CASES = 'cases';
export const SETTLE = 30_000;
export const RUNNER = { pollEvery: 20_000, retryAfter: 5_000, tries: 5 };
const WINDOW = 60 * 60_000;
const SOURCE = 'sim';

/** The store as a process has it: each commit is a turn, and nothing is committed by the dead. */
export function storeOf(life: Life, world: World): Store {
  const { store } = world;
  return {
    ...store,
    commit: (changes) =>
      world.scheduler.turn(life, 'commit', `commit ${labelOf(changes)}`, async () => {
        try {
          const value = await store.commit(changes);
          committed(world, changes);
          return { value, said: 'ok' };
        } catch (error) {
          return { error, said: (error as Error).name };
        }
      }),
  };
}

function labelOf(changes: readonly Change[]): string {
  return changes
    .flatMap((change) => {
      if (change.kind === 'ledger') return change.record.kind;
      if (change.kind === 'incident') return `${change.incident.id}=${change.incident.state}`;
      if (change.kind === 'journal') return `${change.entry.step}:${change.entry.state}`;
      return [];
    })
    .join(' ');
}

/** What the world must know of what is on the disk now. */
function committed(world: World, changes: readonly Change[]): void {
  for (const change of changes) {
    if (change.kind === 'memory' && change.name === 'stop') world.stopped = change.value !== null;
    if (change.kind === 'journal') nothingBegunAgain(world, change.entry);
    if (change.kind !== 'ledger') continue;
    const { kind, caseId = '', body } = change.record;
    if (kind === 'response.started') {
      // The guardrails looked at the clock a moment before.
      const { earliest, latest } = world.shown(SLACK);
      const turn = world.scheduler.turns();
      world.effects.push({
        operation: 'response',
        caseId,
        instanceId: '',
        earliest,
        latest,
        turn,
        approved: false,
      });
    }
    if (kind === 'undo.done')
      undoKeepsItsPromise(world, caseId, (body as { readonly undone: readonly string[] }).undone);
  }
}

export function clientsOf(life: Life, world: World, heldBecause?: HeldBecause): AwsClients {
  const { region } = world.range.account;
  const simulated: SimulatedWire = wireOf(life, wireWorld(world));
  return awsClients({ region, endpoint: world.range.endpoint, simulated }, heldBecause);
}

export function newLife(name: string): Life {
  return { name, alive: true, stopping: false };
}

/** Starts the process that takes in what is in the logs and responds to it. */
export function startWatch(world: World, number: number): Life {
  const life = newLife(`watch-${number}`);
  world.scheduler.note(`${life.name} starts`);
  watch(life, world).then(
    () => ended(life, world, 'ends well'),
    (error: unknown) => {
      ended(life, world, 'ends with a fault');
      world.violate(
        'no process ends with a fault of ours',
        `${life.name}: ${(error as Error).stack ?? error}`,
      );
    },
  );
  return life;
}

export function ended(life: Life, world: World, how: string): void {
  life.alive = false;
  world.scheduler.note(`${life.name} ${how}`);
}

async function watch(life: Life, world: World): Promise<void> {
  const { policy, now, chance, scheduler } = world;
  const store = storeOf(life, world);
  const aws = clientsOf(life, world, async () => {
    const stop = await currentStop(world.store);
    return stop && stopReason(stop);
  });
  const sleep = (milliseconds: number): Promise<void> => scheduler.sleep(life, milliseconds, true);
  const responses = responder(
    {
      playbooks: policy.playbooks,
      actions: ACTIONS,
      guardrails: policy.guardrails,
      bindingOf: policy.bindingOf,
      runner: RUNNER,
      settleTime: SETTLE,
      cases: join(world.folder, CASES),
    },
    { store, aws, now, sleep },
  );
  while (!life.stopping) {
    await takeLogs(store, world);
    await responses.look();
    try {
      await sleep(chance.between(2, 40) * 1_000);
    } catch (error) {
      if ((error as Error).name !== 'AbortError') throw error;
    }
  }
  await responses.settled();
}

/** Takes in what has been written behind the position that is stored. */
async function takeLogs(store: Store, world: World): Promise<void> {
  for (;;) {
    const { offset = 0 } = (await store.position(SOURCE)) ?? {};
    const run = world.policy.logs[offset];
    if (run === undefined || offset >= world.written) return;
    const position = { source: SOURCE, fingerprint: '', offset: offset + 1, lines: offset + 1 };
    const settings = { window: WINDOW, bindingOf: world.policy.bindingOf };
    await takeIn(store, { runs: [run], badRecords: [], position }, settings, world.now);
  }
}
