import { join } from 'node:path';
import { ACTIONS } from '../src/actions/registry.ts';
import type { Incident } from '../src/model/incident.ts';
import { decideByPerson } from '../src/respond/decision.ts';
import { rearmRule } from '../src/respond/guardrails/noisy-rule.ts';
import { liftStop, stopEverything } from '../src/respond/stop.ts';
import { undoCase } from '../src/respond/undo.ts';
import { ConflictError, type Store } from '../src/store/store.ts';
import { CASES, clientsOf, ended, newLife, RUNNER, SETTLE, storeOf } from './processes.ts';
import type { Life } from './scheduler.ts';
import type { World } from './world.ts';

const PEOPLE = ['ada', 'bob', 'cyd'];

/** Runs a command of a person as a process of its own, which may die as any other. */
function command(
  world: World,
  by: string,
  what: string,
  work: (store: Store, life: Life) => Promise<unknown>,
): Life {
  const life = newLife(`${by}-${world.scheduler.turns()}`);
  world.scheduler.note(`${life.name} wants: ${what}`);
  world.people.add(life);
  work(storeOf(life, world), life).then(
    (answer) =>
      ended(life, world, `is told: ${typeof answer === 'string' ? answer : JSON.stringify(answer ?? 'ok')}`),
    (error: unknown) => {
      ended(life, world, `is told: ${(error as Error).message}`);
      // It was beaten to it more often than it tries; the person reads that.
      if (!(error instanceof ConflictError))
        world.violate(
          'no process ends with a fault of ours',
          `${life.name}: ${(error as Error).stack ?? error}`,
        );
    },
  );
  return life;
}

export function decide(
  world: World,
  { id }: Incident,
  verdict: 'approve' | 'deny' | 'resume',
  by?: string,
): void {
  const person = by ?? world.chance.pick(PEOPLE);
  const { approvalExpires } = world.policy.guardrails;
  command(world, person, `${verdict} ${id}`, (store) =>
    decideByPerson(store, id, { by: person, reason: 'I looked', verdict }, world.now, { approvalExpires }),
  );
}

export function stopOrLift(world: World): void {
  const by = world.chance.pick(PEOPLE);
  const request = { by, reason: 'I say so' };
  if (world.stopped) command(world, by, 'lift the stop', (store) => liftStop(store, request, world.now));
  else command(world, by, 'stop everything', (store) => stopEverything(store, request, world.now));
}

export function rearm(world: World, rule: string): void {
  const by = world.chance.pick(PEOPLE);
  command(world, by, `arm ${rule}`, (store) =>
    rearmRule(store, rule, { by, reason: 'it is right' }, world.now),
  );
}

/** One at a time: the folder has a lock for it, which the system gives back however its holder ends. */
export function takeBack(world: World, { id, state }: Incident): void {
  if (world.undo?.alive) return;
  // With no watch there a response that stands still can be taken back; then none may start meanwhile.
  const watchless = state === 'responding' && world.watch?.alive !== true;
  const by = world.chance.pick(PEOPLE);
  world.undo = command(world, by, `undo ${id}`, (store, life) => {
    // Its calls are looked at from the first on.
    world.undo = life;
    const sleep = (milliseconds: number): Promise<void> => world.scheduler.sleep(life, milliseconds, true);
    return undoCase(
      id,
      { by, reason: 'it was ours' },
      {
        actions: ACTIONS,
        runner: RUNNER,
        timeout: 3_600_000,
        settleTime: SETTLE,
        cases: join(world.folder, CASES),
      },
      { store, aws: clientsOf(life, world), now: world.now, sleep },
      watchless,
    );
  });
  world.watchHeld = watchless ? world.undo : undefined;
}
