import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type {
  Action,
  ActionContext,
  ActionOutcome,
  EarlierTry,
  EvidenceServices,
} from '../src/actions/action.ts';
import { type AwsClients, awsClients } from '../src/aws/clients.ts';
import { caseFile } from '../src/evidence/case-file.ts';
import type { Finding } from '../src/model/finding.ts';
import type { Json } from '../src/model/json.ts';
import { INSTANCE, type Subject } from '../src/model/subject.ts';
import type { Account, SimulationSettings } from '../src/range/account.ts';
import { type SimulatedClock, simulatedClock } from '../src/range/clock.ts';
import { createHoneypot, type Honeypot } from '../src/range/honeypot.ts';
import { iamActionsOf } from '../src/range/iam-action.ts';
import { type Range, startRange } from '../src/range/range.ts';
import { type Kill, killable } from './killable.ts';
import { openTemporaryStore } from './temporary-store.ts';

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
  /** The same, of an action that must end well; answers what it returned. */
  done(action: Action, given?: Given): Promise<Json>;
  /** Takes the action back, as it was done last; what it may use is what {@link act} kept. */
  undo(action: Action, given?: Given): Promise<ActionOutcome>;
  /** What a person is told to do instead. */
  restore(action: Action): string[];
  output(action: string): Json | undefined;
  /** Takes something for what an action returned. */
  keep(action: string, output: Json): void;
  /** The IAM actions that an action, or its undo, was seen to need. */
  used(action: string, what?: 'run' | 'undo'): readonly string[];
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
  /** Who does it; the owner of the account without it. */
  readonly aws?: AwsClients;
  /** Raw records that made a rule match. */
  readonly records?: readonly string[];
  /** Fields and values that made a rule match. */
  readonly found?: Readonly<Record<string, string>>;
  /** What is configured for the evidence. */
  readonly evidence?: EvidenceServices;
  /** Where the process dies: it throws there. */
  readonly kill?: Kill;
}

export const ACCOUNT = '123456789012';
export const CASE = 'case-20260101-0001';
/** Simulated milliseconds between two looks at what AWS is still doing, and how often it is looked. */
const POLL = 15_000;
const POLLS = 40;

export function finding(found: Readonly<Record<string, string>>): Finding {
  const because = Object.entries(found).map(([field, value]) => ({
    selection: 'selection',
    field,
    pattern: value,
    value,
  }));
  return {
    id: 'finding-1',
    caseId: CASE,
    rule: { id: 'rule', title: 'Rule', level: 'high' },
    count: 1,
    firstSeen: 0,
    lastSeen: 0,
    branch: { selections: ['selection'], because },
  };
}

export async function acting(settings: Partial<SimulationSettings> = {}): Promise<Acting> {
  const clock = simulatedClock({ start: 1_800_000_000_000, speed: 0 });
  const range = await startRange({ clock, settings });
  const { account } = range;
  const honeypot = createHoneypot(account);
  const aws = awsClients({ region: account.region, endpoint: range.endpoint });
  const folder = mkdtempSync(join(tmpdir(), 'cordon-acting-'));
  const file = caseFile(folder, CASE);
  const outputs = new Map<string, Json>();
  const resources = openTemporaryStore();
  /** What each action was last done with: its undo is given the same. */
  const given = new Map<string, Given>();
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
    aws: given.kill === undefined ? (given.aws ?? aws) : killable(given.aws ?? aws, given.kill),
    caseFile: file,
    earlierTry: given.earlierTry ?? 'none',
    output: (name) => outputs.get(name),
    resources,
    judge: () => [],
    ...(given.evidence === undefined ? {} : { evidence: given.evidence }),
    findings: async () => ({
      findings: given.found === undefined ? [] : [finding(given.found)],
      samples: (given.records ?? []).map((raw) => ({
        findingId: 'finding-1',
        origin: { source: 'trail.json', offset: 0, line: 1 },
        raw,
      })),
    }),
    now: () => clock.now(),
    sleep: async (milliseconds) => clock.advance(milliseconds),
    settleTime: 5_000,
  });
  const used = new Map<string, Set<string>>();
  /** Nothing may be called that the permissions do not name. */
  const allowed = async (
    key: string,
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
      const called = range.calls
        .slice(before)
        .flatMap(({ service, operation, input }) =>
          iamActionsOf(service, operation, (input ?? {}) as Readonly<Record<string, unknown>>, account),
        );
      used.set(key, new Set([...(used.get(key) ?? []), ...called]));
      expect(permissions).toEqual(expect.arrayContaining([...new Set(called)]));
    }
  };
  const act: Acting['act'] = async (action, how = {}) => {
    const { kill: _, earlierTry: __, ...what } = how;
    given.set(action.name, what);
    const context = contextOf(action, how);
    const outcome = await allowed(`${action.name} run`, action.permissions, () => action.run(context));
    if (outcome.status === 'done') outputs.set(action.name, outcome.output);
    return outcome;
  };
  return {
    range,
    account,
    clock,
    honeypot,
    aws,
    subject,
    act,
    async done(action, how) {
      const outcome = await act(action, how);
      if (outcome.status !== 'done') throw new Error(`${action.name}: ${JSON.stringify(outcome)}`);
      return outcome.output;
    },
    async undo(action, how = {}) {
      const { undo } = action;
      if (undo.kind !== 'by') throw new Error(`${action.name} has no undo`);
      const undone = outputs.get(action.name) ?? null;
      const context = { ...contextOf(action, { ...given.get(action.name), ...how }), undone };
      return allowed(`${action.name} undo`, undo.permissions, () => undo.run(context));
    },
    restore(action) {
      if (action.undo.kind !== 'none') throw new Error(`${action.name} can be taken back`);
      const undone = outputs.get(action.name) ?? null;
      return action.undo.restore({ ...contextOf(action, given.get(action.name) ?? {}), undone });
    },
    used: (action, what = 'run') => [...(used.get(`${action} ${what}`) ?? [])],
    output: (name) => outputs.get(name),
    keep: (name, output) => void outputs.set(name, output),
    made: (operation) =>
      range.calls.filter((call) => call.operation === operation && call.status === 200).length,
    piece: (name) => readFileSync(join(folder, CASE, name)),
    async [Symbol.asyncDispose]() {
      aws.close();
      await resources.close();
      await range.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Something in the account that is acted in. */
export function subjectOf(type: string, id: string): Subject {
  return { type, id, account: ACCOUNT, region: 'us-east-1' };
}
