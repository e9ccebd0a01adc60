import type { Incident } from '../../model/incident.ts';
import type { JournalEntry } from '../../model/journal.ts';
import { type Json, toJson } from '../../model/json.ts';
import type { Change, Store } from '../../store/store.ts';
import {
  type Begun,
  type Durable,
  isStop,
  type Note,
  type Seen,
  type Stopped,
  Suspension,
  type Task,
  type TaskEnd,
} from './durable.ts';

export interface Clock {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** After so long it is looked at the clock again, which may have been set right. */
const LONGEST_SLEEP = 600_000;

/**
 * Runs on the journal of a case: one entry before and one after whatever is done, with what the ledger is
 * told of it in the same commit. Kill the process at any instant: what was begun and not done is begun
 * again, and told so. Whoever must wait for people throws a {@link Suspension}.
 */
export async function journaled(
  store: Pick<Store, 'journal' | 'commit'>,
  incident: Incident,
  clock: Clock,
): Promise<Durable> {
  const caseId = incident.id;
  const journal = new Map((await store.journal(caseId)).map((entry) => [entry.step, entry]));

  const write = async (
    entry: JournalEntry | undefined,
    notes: readonly Note[],
    more: readonly Change[] = [],
  ): Promise<void> => {
    const changes: Change[] = entry === undefined ? [...more] : [{ kind: 'journal', entry }, ...more];
    for (const { kind, body } of notes)
      changes.push({ kind: 'ledger', record: { at: clock.now(), kind, caseId, body: toJson(body) } });
    if (changes.length > 0) await store.commit(changes);
    if (entry !== undefined) journal.set(entry.step, entry);
  };
  const begun = (step: string): JournalEntry => {
    const { startedAt = clock.now(), attempts = 0 } = journal.get(step) ?? {};
    return { caseId, step, state: 'started', attempts: attempts + 1, startedAt };
  };
  const done = (entry: JournalEntry, output?: Json): JournalEntry => {
    const { memo: _, ...rest } = entry;
    return { ...rest, state: 'done', endedAt: clock.now(), ...(output === undefined ? {} : { output }) };
  };

  const durable: Durable = {
    async step(name, work) {
      const before = journal.get(name);
      if (before?.state === 'done') return before.output as Awaited<ReturnType<typeof work>>['value'];
      const { value, notes } = await work();
      await write(done(begun(name), value), notes);
      return value;
    },
    async wait(name, until, longest = Number.POSITIVE_INFINITY) {
      let entry = journal.get(name);
      if (entry?.state === 'done') return;
      if (entry?.due === undefined) {
        entry = { ...begun(name), due: until };
        await write(entry, []);
      }
      const { startedAt, due = until } = entry;
      // Timers go on evenly whatever the clock is set to.
      let most = Math.min(longest, due - startedAt);
      for (let left = due - clock.now(); left > 0 && most > 0; left = due - clock.now()) {
        const nap = Math.min(left, most, LONGEST_SLEEP);
        await clock.sleep(nap);
        most -= nap;
      }
      await write(done(entry), []);
    },
    waitFor: runTask,
    async approve(name, request) {
      let entry = journal.get(name);
      if (entry?.state === 'done') return { status: 'approved', by: (entry.output ?? []) as string[] };
      if (entry?.due === undefined) {
        entry = { ...begun(name), due: request.expiresAt };
        await write(entry, []);
      }
      const { startedAt, due = request.expiresAt } = entry;
      // Who said yes before this was asked said it to something else.
      const yes = (incident.approvals ?? []).filter(
        ({ step, at }) => step === name && at > startedAt && at <= due,
      );
      const by = [...new Set(yes.map((one) => one.by))];
      if (by.length >= request.approvers) {
        await write(done(entry, by), []);
        return { status: 'approved', by };
      }
      // Whoever answers cases has told that it expired before a person had it go on.
      if (clock.now() > due) return { status: 'expired', heard: true };
      throw new Suspension(request);
    },
    async ask(_, stopped) {
      throw new Suspension(stopped);
    },
    async parallel(_, branches) {
      const ends = await Promise.allSettled(branches.map(({ run }) => run(durable)));
      const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
      // A fault of ours is heard before a stop, and a stop before a question: who asks ends the run.
      const worst =
        reasons.find((one) => !isStop(one) && !(one instanceof Suspension)) ??
        reasons.find(isStop) ??
        reasons[0];
      if (worst !== undefined) throw worst;
      return ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
    },
    async forget(name) {
      const entry = journal.get(name);
      if (entry === undefined) return;
      const { step, attempts, action, input } = entry;
      const startedAt = entry.due === undefined ? entry.startedAt : clock.now();
      const given = {
        ...(action === undefined ? {} : { action }),
        ...(input === undefined ? {} : { input }),
      };
      await write({ caseId, step, attempts, startedAt, state: 'started', ...given }, []);
    },
  };

  async function runTask(name: string, task: Task): Promise<TaskEnd> {
    const before = journal.get(name);
    if (before?.state === 'done') return { status: 'done', output: before.output ?? null };
    if (before?.state === 'failed') return { status: 'stopped', stopped: before.memo as unknown as Stopped };
    const start = begun(name);
    const first = await task.begin(start.attempts);
    if ('objection' in first) return refused(name, first.objection);
    const { fault, ...fresh } = first.value;
    // What an action was given when it first began, it is given again.
    const input = before?.input ?? fresh.input;
    const given: Begun = {
      ...fresh,
      startedAt: start.startedAt,
      ...(input === undefined ? {} : { input }),
      ...(fault === undefined || before?.input !== undefined ? {} : { fault }),
    };
    let entry: JournalEntry = {
      ...start,
      action: given.action,
      ...(input === undefined ? {} : { input }),
      ...(before?.memo === undefined ? {} : { memo: before.memo }),
    };
    await write(entry, first.notes);
    for (let looks = 0; ; looks++) {
      const objection = looks === 0 ? undefined : await task.objection();
      if (objection !== undefined) return refused(name, objection);
      const interrupted = looks === 0 && before !== undefined;
      const seen: Seen = entry.memo === undefined ? { interrupted } : { interrupted, memo: entry.memo };
      const turn = await task.look(given, seen);
      if (turn.kind === 'done') {
        await write(done(entry, turn.output), turn.notes, turn.changes);
        return { status: 'done', output: turn.output };
      }
      if (turn.kind === 'stopped') {
        const { memo: _, ...rest } = entry;
        const { stopped } = turn;
        const failed = { ...rest, state: 'failed' as const, memo: toJson(stopped), endedAt: clock.now() };
        await write(task.mayFail ? failed : rest, turn.notes);
        return { status: 'stopped', stopped };
      }
      entry = { ...entry, memo: turn.memo };
      if (turn.notes.length > 0) await write(entry, turn.notes);
      await clock.sleep(turn.after);
    }
  }

  return durable;
}

function refused(step: string, reason: string): TaskEnd {
  return { status: 'stopped', stopped: { step, reason, firm: true } };
}
