import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { type SimulatedClock, simulatedClock } from '../src/range/clock.ts';
import { type Range, startRange } from '../src/range/range.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';
import { type Fleet, newFleet } from './fleet.ts';
import { newPolicy, type Policy } from './policy.ts';
import { type Random, random } from './random.ts';
import { type Life, type Scheduler, scheduler } from './scheduler.ts';
import { newHttp } from './wire.ts';

/** Something that must never be so, and is. */
export interface Violation {
  readonly invariant: string;
  readonly message: string;
  /** The line of the trace behind which it was seen. */
  readonly line: number;
}

/** What AWS was made to do, by a call that a response made. */
export interface Effect {
  readonly operation: string;
  readonly caseId: string;
  readonly instanceId: string;
  /** What the clock of the machine showed within the last while, earliest and latest. */
  readonly earliest: number;
  readonly latest: number;
  /** The turn of it. */
  readonly turn: number;
  /** Whether a person had said yes to the case. */
  readonly approved: boolean;
}

/** One seed: an account, a machine with its processes and its disk, and people. */
export interface World {
  readonly seed: number;
  readonly chance: Random;
  readonly clock: SimulatedClock;
  readonly range: Range;
  readonly http: NodeHttpHandler;
  readonly scheduler: Scheduler;
  /** What is on the disk: it outlives every process. */
  readonly store: Store;
  readonly folder: string;
  readonly fleet: Fleet;
  readonly policy: Policy;
  /** What the machine's clock shows, which people and time servers set. */
  now(): number;
  /** Sets it; milliseconds, forwards or backwards. */
  jump(milliseconds: number): void;
  /** Sets it to the time that it is. */
  setClockRight(): void;
  /** What it showed within the last `milliseconds`, earliest and latest. */
  shown(milliseconds: number): { readonly earliest: number; readonly latest: number };
  /** How often a call goes wrong. */
  readonly faultRate: number;
  /** How often a process dies at a turn. */
  readonly deathRate: number;
  readonly effects: Effect[];
  /** Steps that the journal says are done: the case and the step. */
  readonly done: Set<string>;
  /** Snapshots that one CreateSnapshots made, by case. */
  readonly snapshotSets: Map<string, string[][]>;
  /** Security groups of an interface before a case first changed them: by case and interface. */
  readonly groupsBefore: Map<string, Map<string, string[]>>;
  /** What a person or another program has changed: interfaces and instances. */
  readonly meddledWith: Set<string>;
  /** Volumes that were attached, and the number of the turn. */
  readonly attachedAt: Map<string, number>;
  /** The turn at which a process last asked for the volumes of an instance. */
  readonly volumesAskedAt: Map<string, number>;
  /** Whether a person has stopped everything, as it is on the disk. */
  stopped: boolean;
  /** Nothing goes wrong any more, and people answer. */
  calm: boolean;
  watch: Life | undefined;
  /** Commands that people have begun. */
  readonly people: Set<Life>;
  undo: Life | undefined;
  /** The undo that holds the lock of the watch: as long as it lives none starts. */
  watchHeld: Life | undefined;
  /** How many of the logs have been written. */
  written: number;
  /** Notes the first violation. */
  violate(invariant: string, message: string): void;
  violation(): Violation | undefined;
  end(): Promise<void>;
}

const START = Date.parse('2026-11-24T09:00:00Z');

export async function newWorld(seed: number, root: string): Promise<World> {
  const chance = random(seed);
  const clock = simulatedClock({ start: START, speed: 0 });
  let requests = 0;
  const settings = {
    snapshotDuration: chance.pick([1, 10, 40]) * 1_000,
    stateChangeDuration: chance.pick([1, 10, 25]) * 1_000,
    visibilityLag: chance.pick([0, 0, 3_000, 15_000, 25_000]),
  };
  const requestId = (): string => `request-${++requests}`;
  const range = await startRange({ clock, settings, requestId });
  const http = newHttp();
  const folder = join(root, `seed-${seed}`);
  rmSync(folder, { recursive: true, force: true });
  const turns = scheduler(clock, chance);
  const store = openSqliteStore(folder);
  const fleet = newFleet(range.account, chance);
  const policy = newPolicy(fleet, range.account, chance);
  const shifts = [{ from: Number.NEGATIVE_INFINITY, shift: 0 }];
  let violation: Violation | undefined;
  const shiftNow = (): number => shifts.at(-1)?.shift ?? 0;
  return {
    seed,
    chance,
    clock,
    range,
    http,
    scheduler: turns,
    store,
    folder,
    fleet,
    policy,
    now: () => clock.now() + shiftNow(),
    jump(milliseconds) {
      shifts.push({ from: clock.now(), shift: shiftNow() + milliseconds });
      turns.note(`the clock jumps by ${milliseconds} ms`);
    },
    setClockRight() {
      shifts.push({ from: clock.now(), shift: 0 });
      turns.note('the clock is set right');
    },
    shown(milliseconds) {
      const since = clock.now() - milliseconds;
      const held = shifts.filter(
        (_, index) => (shifts[index + 1]?.from ?? Number.POSITIVE_INFINITY) >= since,
      );
      const values = held.map(({ shift }) => clock.now() + shift);
      return { earliest: Math.min(...values) - milliseconds, latest: Math.max(...values) };
    },
    faultRate: chance.pick([0, 0.02, 0.06, 0.2]),
    deathRate: chance.pick([0, 0.005, 0.02, 0.05]),
    effects: [],
    done: new Set(),
    snapshotSets: new Map(),
    groupsBefore: new Map(),
    meddledWith: new Set(),
    attachedAt: new Map(),
    volumesAskedAt: new Map(),
    stopped: false,
    calm: false,
    watch: undefined,
    people: new Set(),
    undo: undefined,
    watchHeld: undefined,
    written: 0,
    violate(invariant, message) {
      if (violation !== undefined) return;
      violation = { invariant, message, line: turns.trace.length };
      turns.note(`VIOLATED ${invariant}: ${message}`);
    },
    violation: () => violation,
    async end() {
      turns.abandon();
      http.destroy();
      await range.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
