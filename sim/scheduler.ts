import type { SimulatedClock } from '../src/range/clock.ts';
import type { Random } from './random.ts';

/** One process of the simulated machine, from its start to its end. What a dead one waits for never comes. */
export interface Life {
  readonly name: string;
  alive: boolean;
  /** Told to end well (Ctrl-C): whatever sleeps wakes up with an `AbortError`. */
  stopping: boolean;
}

/** How a turn ends for who waits for it, and whether its process dies with it. */
export interface TurnEnd<T> {
  readonly value?: T;
  readonly error?: unknown;
  /** For the trace, on one line. */
  readonly said: string;
}

interface Turn {
  readonly life: Life;
  readonly label: string;
  readonly kind: TurnKind;
  work(): Promise<TurnEnd<unknown>>;
  settle(end: TurnEnd<unknown>): void;
}

export type TurnKind = 'call' | 'commit';

interface Timer {
  readonly life: Life;
  readonly due: number;
  readonly stoppable: boolean;
  wake(): void;
  reject(reason: unknown): void;
}

/** What a process may die of at a turn. */
export type Death = 'before' | 'after';

/**
 * Does one thing at a time. Every call to AWS, every commit and every sleep of every process waits here for
 * its turn, and nothing else takes time: so whatever order the generator chooses is an order that real
 * processes could have, and the same seed has it again.
 */
export interface Scheduler {
  readonly trace: string[];
  /** How many turns there have been. */
  turns(): number;
  /** Waits for its turn, and for what it does then. */
  turn<T>(life: Life, kind: TurnKind, label: string, work: () => Promise<TurnEnd<T>>): Promise<T>;
  /** Milliseconds of the account's clock. `stoppable`: a process that is told to end does not wait for it. */
  sleep(life: Life, milliseconds: number, stoppable: boolean): Promise<void>;
  /** Has one of those that wait do its work, or lets time go by; false when there is nothing to wait for. */
  step(deathOf: (kind: TurnKind, life: Life) => Death | undefined): Promise<boolean>;
  kill(life: Life, why: string): void;
  /** Has a process end well. */
  stop(life: Life): void;
  note(text: string): void;
  /** Resolves once every process waits for a turn or for the time. */
  quiet(): Promise<void>;
  /** Ends every process without a trace. */
  abandon(): void;
}

/** Of a dead process a call that was on its way still arrives, or not. */
const ARRIVES = 0.5;
/** How often time goes by although something could be done. */
const SLOW = 0.08;

export function scheduler(clock: SimulatedClock, chance: Random): Scheduler {
  const trace: string[] = [];
  const start = clock.now();
  let waiting: Turn[] = [];
  let timers: Timer[] = [];
  let count = 0;
  const forever = <T>(): Promise<T> => new Promise<T>(() => {});
  const note = (text: string): void => {
    trace.push(`${String(count).padStart(4)} ${((clock.now() - start) / 1_000).toFixed(3)} ${text}`);
  };
  const quiet = async (): Promise<void> => {
    // What runs now only waits for promises: it is through when the event loop has come round.
    for (let rounds = 0; rounds < 2; rounds++) await new Promise((resolve) => setImmediate(resolve));
  };
  const wakeOne = (): boolean => {
    const next = timers.reduce<Timer | undefined>(
      (first, timer) => (first === undefined || timer.due < first.due ? timer : first),
      undefined,
    );
    if (next === undefined) return false;
    timers = timers.filter((timer) => timer !== next);
    if (next.due > clock.now()) clock.advance(next.due - clock.now());
    next.wake();
    return true;
  };
  const run = async (turn: Turn, death: Death | undefined): Promise<void> => {
    const { life, label } = turn;
    waiting = waiting.filter((one) => one !== turn);
    if (death === 'before') {
      kill(life, `just before ${label}`);
      return;
    }
    const end = await turn.work();
    note(`${life.name}: ${label} ${end.said}`);
    if (death === 'after') kill(life, `just after ${label}`);
    else if (life.alive) turn.settle(end);
  };
  const kill = (life: Life, why: string): void => {
    if (!life.alive) return;
    life.alive = false;
    timers = timers.filter((timer) => timer.life !== life);
    // A commit that has not begun is none; a call may be on the wire already.
    waiting = waiting.filter(
      (turn) => turn.life !== life || (turn.kind === 'call' && chance.chance(ARRIVES)),
    );
    note(`${life.name} dies ${why}`);
  };
  return {
    trace,
    turns: () => count,
    note,
    quiet,
    kill,
    turn(life, kind, label, work) {
      if (!life.alive) return forever();
      return new Promise((resolve, reject) => {
        waiting.push({
          life,
          kind,
          label,
          work,
          settle: ({ value, error }) => (error === undefined ? resolve(value as never) : reject(error)),
        });
      });
    },
    sleep(life, milliseconds, stoppable) {
      if (!life.alive) return forever();
      if (stoppable && life.stopping) return Promise.reject(aborted());
      return new Promise((resolve, reject) => {
        timers.push({
          life,
          due: clock.now() + Math.max(0, milliseconds),
          stoppable,
          wake: resolve,
          reject,
        });
      });
    },
    async step(deathOf) {
      await quiet();
      count++;
      // What a dead process sent arrives within moments, and not after those that came after it have waited.
      const slow = chance.chance(SLOW) && waiting.every(({ life }) => life.alive);
      if (waiting.length === 0 || (slow && timers.length > 0)) return wakeOne() || waiting.length > 0;
      const turn = chance.pick(waiting);
      await run(turn, turn.life.alive ? deathOf(turn.kind, turn.life) : undefined);
      return true;
    },
    stop(life) {
      life.stopping = true;
      note(`${life.name} is told to end`);
      const woken = timers.filter((timer) => timer.life === life && timer.stoppable);
      timers = timers.filter((timer) => !woken.includes(timer));
      for (const timer of woken) timer.reject(aborted());
    },
    abandon() {
      waiting = [];
      timers = [];
    },
  };
}

function aborted(): Error {
  return Object.assign(new Error('The operation was aborted'), { name: 'AbortError' });
}
