import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Action, ActionContext, ActionOutcome, EarlierTry } from '../src/actions/action.ts';
import { type AwsClients, awsClients } from '../src/aws/clients.ts';
import { caseFile } from '../src/evidence/case-file.ts';
import type { Json } from '../src/model/json.ts';
import { INSTANCE, type Subject } from '../src/model/subject.ts';
import type { Account } from '../src/range/account.ts';
import { type SimulatedClock, simulatedClock } from '../src/range/clock.ts';
import { createHoneypot, type Honeypot } from '../src/range/honeypot.ts';
import { type Range, startRange } from '../src/range/range.ts';

/** A simulated account, whose time stands still but for what waits, in which actions are done one by one. */
export interface Acting {
  readonly range: Range;
  readonly account: Account;
  readonly clock: SimulatedClock;
  readonly honeypot: Honeypot;
  readonly aws: AwsClients;
  readonly subject: Subject;
  /** Does an action as the runner would, waits included; its output is kept for those that need it. */
  act(action: Action, given?: Given): Promise<ActionOutcome>;
  /** Takes the action back; what it may use is what {@link act} kept. */
  undo(action: Action, given?: Given): Promise<ActionOutcome>;
  /** What a person is told to do instead. */
  restore(action: Action): string[];
  output(action: string): Json | undefined;
  /** How many calls of an operation AWS accepted. */
  made(operation: string): number;
  /** A file of the case. */
  piece(name: string): Buffer;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Given {
  readonly with?: unknown;
  readonly subject?: Subject;
  readonly earlierTry?: EarlierTry;
}

export const CASE = 'case-20260101-0001';
/** Simulated milliseconds between two looks at what AWS is still doing, and how often it is looked. */
const POLL = 15_000;
const POLLS = 40;

export async function acting(): Promise<Acting> {
  const clock = simulatedClock({ start: 1_800_000_000_000, speed: 0 });
  const range = await startRange({ clock });
  const { account } = range;
  const honeypot = createHoneypot(account);
  const aws = awsClients({ region: account.region, endpoint: range.endpoint });
  const folder = mkdtempSync(join(tmpdir(), 'cordon-acting-'));
  const file = caseFile(folder, CASE);
  const outputs = new Map<string, Json>();
  const subject = { type: INSTANCE, id: honeypot.instanceId, account: account.id, region: account.region };

  const contextOf = (action: Action, given: Given): ActionContext => ({
    incident: {
      id: CASE,
      subject: given.subject ?? subject,
      state: 'responding',
      mode: 'enforce',
      openedAt: clock.now(),
      firstSeen: clock.now(),
      lastSeen: clock.now(),
      version: 1,
    },
    subject: given.subject ?? subject,
    input: action.input.parse(given.with ?? {}),
    aws,
    caseFile: file,
    earlierTry: given.earlierTry ?? 'none',
    output: (name) => outputs.get(name),
    findings: async () => ({ findings: [], samples: [] }),
    now: () => clock.now(),
    sleep: async (milliseconds) => clock.advance(milliseconds),
    settleTime: 5_000,
  });
  /** Nothing may be called that the permissions do not name. */
  const allowed = async (
    permissions: readonly string[],
    work: () => Promise<ActionOutcome>,
  ): Promise<ActionOutcome> => {
    const before = range.calls.length;
    try {
      for (let poll = 0; ; poll++) {
        const outcome = await work();
        if (outcome.status !== 'waiting' || poll === POLLS) return outcome;
        clock.advance(POLL);
      }
    } finally {
      const called = range.calls.slice(before).map(({ service, operation }) => `${service}:${operation}`);
      expect(permissions).toEqual(expect.arrayContaining([...new Set(called)]));
    }
  };
  return {
    range,
    account,
    clock,
    honeypot,
    aws,
    subject,
    async act(action, given = {}) {
      const context = contextOf(action, given);
      const outcome = await allowed(action.permissions, () => action.run(context));
      if (outcome.status === 'done') outputs.set(action.name, outcome.output);
      return outcome;
    },
    async undo(action, given = {}) {
      const { undo } = action;
      if (undo.kind !== 'by') throw new Error(`${action.name} has no undo`);
      const undone = outputs.get(action.name) ?? null;
      const context = { ...contextOf(action, given), undone };
      return allowed(undo.permissions, () => undo.run(context));
    },
    restore(action) {
      if (action.undo.kind !== 'none') throw new Error(`${action.name} can be taken back`);
      return action.undo.restore({ ...contextOf(action, {}), undone: outputs.get(action.name) ?? null });
    },
    output: (name) => outputs.get(name),
    made: (operation) =>
      range.calls.filter((call) => call.operation === operation && call.status === 200).length,
    piece: (name) => readFileSync(join(folder, CASE, name)),
    async [Symbol.asyncDispose]() {
      aws.close();
      await range.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
