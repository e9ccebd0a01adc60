import { createHash } from 'node:crypto';
import type { Incident, IncidentState } from '../src/model/incident.ts';
import { meddle } from './outsiders.ts';
import { decide, rearm, stopOrLift, takeBack } from './people.ts';
import { startWatch } from './processes.ts';
import type { Death, Life, TurnKind } from './scheduler.ts';
import { checkEnd, checkState } from './state-checks.ts';
import { tearFiles } from './torn-files.ts';
import { warmUp } from './warm-up.ts';
import { newWorld, type Violation, type World } from './world.ts';

/** What came of one seed. */
export interface Outcome {
  readonly seed: number;
  readonly violation?: Violation;
  readonly trace: readonly string[];
  /** SHA-256 over the trace and the whole ledger. */
  readonly digest: string;
  readonly turns: number;
  readonly calls: number;
  readonly deaths: number;
  readonly states: readonly IncidentState[];
}

/** Turns after which a world that is calm must have come to rest. */
const CALM_TURNS = 4_000;
const HOUR = 3_600_000;

/** Plays one seed from the beginning to the end, in a folder of its own below `root`. */
export async function simulate(seed: number, root: string): Promise<Outcome> {
  await warmUp();
  const world = await newWorld(seed, root);
  try {
    await play(world);
    const { scheduler, store, range } = world;
    const { trace } = scheduler;
    const digest = createHash('sha256');
    digest.update(trace.join('\n'));
    for await (const { at, kind, caseId, body } of store.ledger()) {
      // The folder has another name each time, and the ledger says where the evidence is.
      const said = JSON.stringify([at, kind, caseId, body]).replaceAll(world.folder, '');
      digest.update(`\n${said}`);
    }
    const violation = world.violation();
    return {
      seed,
      ...(violation === undefined ? {} : { violation }),
      trace,
      digest: digest.digest('hex'),
      turns: scheduler.turns(),
      calls: range.calls.length,
      deaths: trace.filter((line) => / dies just | dies at /.test(line)).length,
      states: (await store.incidents()).map(({ state }) => state),
    };
  } finally {
    await world.end();
  }
}

async function play(world: World): Promise<void> {
  const { chance, scheduler } = world;
  let starts = 0;
  const start = (): void => {
    if (world.watchHeld?.alive) return;
    world.watch = startWatch(world, ++starts);
  };
  start();
  world.written = 1;
  const deathOf = (_: TurnKind, { name }: Life): Death | undefined => {
    const rate = name.startsWith('watch') ? world.deathRate : world.deathRate * 2;
    return chance.chance(rate) ? chance.pick(['before', 'after'] as const) : undefined;
  };
  let buried: Life | undefined;
  const bury = async (): Promise<void> => {
    const { watch } = world;
    if (watch === undefined || watch.alive || watch === buried) return;
    buried = watch;
    if (!watch.stopping) await tearFiles(world);
    await checkState(world);
  };
  const step = async (mayDie: boolean): Promise<void> => {
    await scheduler.step(mayDie ? deathOf : () => undefined);
    await bury();
  };
  for (let turn = chance.between(20, 120); turn > 0 && world.violation() === undefined; turn--) {
    await step(true);
    if (!chance.chance(0.12)) continue;
    await somethingHappens(world, start);
    // People and programs do things at the same moment.
    while (chance.chance(0.25)) await somethingHappens(world, start);
    await bury();
  }
  world.calm = true;
  scheduler.note('all is calm');
  world.setClockRight();
  world.written = world.policy.logs.length;
  const answers = new Map<string, number>();
  for (let turn = 0; turn < CALM_TURNS && world.violation() === undefined; turn++) {
    if (turn % 10 === 0) {
      if (world.watch?.alive !== true) start();
      if (await isAtRest(world)) break;
      await answer(world, answers);
    }
    await step(false);
  }
  if (world.violation() === undefined) await checkEnd(world);
}

/** What may happen at any moment, besides what the processes do. */
async function somethingHappens(world: World, start: () => void): Promise<void> {
  const { chance, store, policy, scheduler } = world;
  const incidents = await store.incidents();
  const asking = incidents.filter(({ state }) => state === 'awaiting-approval' || state === 'needs-decision');
  const ended = incidents.filter(({ state }) =>
    ['closed', 'needs-decision', 'denied', 'undoing', 'undone', 'responding'].includes(state),
  );
  const runs = world.watch?.alive === true;
  const when = (is: boolean, weight: number): number => (is ? weight : 0);
  const happening = chance.weighted<() => void>([
    [when(world.written < policy.logs.length, 10), () => world.written++],
    [when(!runs, 14), start],
    [when(asking.length > 0, 10), () => decide(world, chance.pick(asking), verdictOf(world))],
    // People also answer what is not asked.
    [when(incidents.length > 0, 1), () => decide(world, chance.pick(incidents), verdictOf(world))],
    [when(ended.length > 0, 3), () => takeBack(world, chance.pick(ended))],
    [world.stopped ? 6 : 2, () => stopOrLift(world)],
    [1, () => rearm(world, chance.pick(['first', 'second', 'third']))],
    [2, () => world.jump(jumpOf(world))],
    [6, () => meddle(world)],
    [when(runs, 2), () => world.watch && scheduler.kill(world.watch, 'at any moment')],
    [when(runs, 1), () => world.watch && scheduler.stop(world.watch)],
  ]);
  happening();
}

function verdictOf({ chance }: World): 'approve' | 'deny' | 'resume' {
  return chance.weighted([
    [5, 'approve'],
    [1, 'deny'],
    [3, 'resume'],
  ] as const);
}

function jumpOf({ chance }: World): number {
  const length = chance.pick([60_000, 600_000, HOUR, 5 * HOUR, 25 * HOUR, 72 * HOUR]);
  return chance.chance(0.5) ? length : -length;
}

/** What people do about a case before they give it up. */
const PATIENCE = 4;

/** People answer whatever is asked, take up what they have left in the middle, and give up in the end. */
async function answer(world: World, answers: Map<string, number>): Promise<void> {
  for (const life of world.people) if (!life.alive) world.people.delete(life);
  if (world.people.size > 0) return;
  if (world.stopped) {
    stopOrLift(world);
    return;
  }
  const waiting = (await world.store.incidents()).filter(({ state }) =>
    ['awaiting-approval', 'needs-decision', 'undoing'].includes(state),
  );
  const [incident] = waiting;
  if (incident === undefined) return;
  const tries = (answers.get(incident.id) ?? 0) + 1;
  answers.set(incident.id, tries);
  if (incident.state === 'undoing') takeBack(world, incident);
  else if (tries > PATIENCE) decide(world, incident, 'deny');
  else decide(world, incident, tries % 3 === 0 ? 'resume' : 'approve', tries % 2 === 0 ? 'ada' : 'bob');
}

/** Everything that was logged is taken in, and nobody does or asks anything any more. */
async function isAtRest(world: World): Promise<boolean> {
  const { store, policy, people, stopped } = world;
  const position = await store.position('sim');
  const isOver = ({ state }: Incident): boolean =>
    !['new', 'responding', 'awaiting-approval', 'needs-decision', 'undoing'].includes(state);
  return (
    !stopped &&
    (position?.offset ?? 0) === policy.logs.length &&
    [...people].every(({ alive }) => !alive) &&
    (await store.incidents()).every(isOver)
  );
}
