import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type Action,
  type ActionContext,
  type ActionOutcome,
  defineAction,
  done,
} from '../src/actions/action.ts';
import { caseFile } from '../src/evidence/case-file.ts';
import type { Incident, StepApproval } from '../src/model/incident.ts';
import type { Json } from '../src/model/json.ts';
import { INSTANCE } from '../src/model/subject.ts';
import { inputValues } from '../src/respond/playbook/inputs.ts';
import { journaled } from '../src/respond/playbook/journaled.ts';
import { parsePlaybook } from '../src/respond/playbook/parse.ts';
import type { Playbook } from '../src/respond/playbook/playbook.ts';
import { type PlaybookEnd, runPlaybook } from '../src/respond/playbook/run-playbook.ts';
import type { PlaybookWorld } from '../src/respond/playbook/world.ts';
import type { Store } from '../src/store/store.ts';
import { openTemporaryStore } from './temporary-store.ts';

type Given = Readonly<Record<string, unknown>>;

/** An action that does what a test says; by default it is done with what it was given. */
export function actionThat(
  name: string,
  run: (context: ActionContext<Given>) => Promise<ActionOutcome> | ActionOutcome = ({ input }) =>
    done(input as Json, `${name} is done`),
  definition: Partial<Action> = {},
): Action {
  return defineAction({
    name,
    title: name,
    group: 'instance',
    subjects: [INSTANCE],
    effect: 'reversible',
    needs: [],
    permissions: [],
    about: { precondition: '', effect: '', proof: '', idempotency: '' },
    undo: { kind: 'nothing', why: '' },
    plan: (subject, input) => `${name} ${subject.id} ${JSON.stringify(input)}`,
    ...definition,
    input: (definition.input ?? z.record(z.string(), z.unknown())) as z.ZodType<Given>,
    run: async (context) => run(context),
  });
}

export const named = (actions: readonly Action[]): ReadonlyMap<string, Action> =>
  new Map(actions.map((action) => [action.name, action]));

/** Steps as a whole playbook. */
export function playbookText(steps: string, head = ''): string {
  const indented = steps
    .trim()
    .split('\n')
    .map((line) => `  ${line}`);
  return `name: test\ntitle: Test\n${head}steps:\n${indented.join('\n')}\n`;
}

export function playbookOf(text: string, actions: readonly Action[]): Playbook {
  const parsed = parsePlaybook({ file: 'test.yml', text }, named(actions));
  if (!parsed.ok)
    throw new Error(parsed.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return parsed.value;
}

export const START = Date.parse('2026-11-24T09:00:00Z');

export const INCIDENT: Incident = {
  id: 'case-2026-11-24-0badcafe',
  subject: { type: INSTANCE, id: 'i-0123456789abcdef0', account: '123456789012', region: 'us-east-1' },
  state: 'responding',
  mode: 'enforce',
  playbook: 'test',
  openedAt: START,
  firstSeen: START - 60_000,
  lastSeen: START,
  version: 1,
};

/** A clock that a sleep moves on, however many sleep at the same time. */
export function virtualClock(): {
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  slept: number[];
} {
  let time = START;
  const slept: number[] = [];
  return {
    slept,
    now: () => time,
    async sleep(milliseconds) {
      slept.push(milliseconds);
      const until = time + milliseconds;
      // Others that sleep shorter have their turn first.
      for (let turns = 0; turns < 50; turns++) await Promise.resolve();
      time = Math.max(time, until);
    },
  };
}

/** A case that a playbook is run on, without AWS: the store and the clock are kept from run to run. */
export function caseOf(playbook: Playbook, given: Readonly<Record<string, Json>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-playbook-'));
  const store = openTemporaryStore();
  const clock = virtualClock();
  const approvals: StepApproval[] = [];
  const world = (change: Partial<PlaybookWorld> = {}): PlaybookWorld => ({
    incident: INCIDENT,
    subject: INCIDENT.subject,
    aws: undefined as never,
    caseFile: caseFile(folder, INCIDENT.id),
    resources: store,
    judge: () => [],
    findings: async () => ({ findings: [], samples: [] }),
    now: clock.now,
    sleep: clock.sleep,
    settleTime: 1,
    settings: { pollEvery: 15_000, retryAfter: 5_000, tries: 3 },
    beforeStep: async () => undefined,
    lastLook: async () => undefined,
    ...change,
  });
  return {
    store,
    clock,
    async run(change: Partial<PlaybookWorld> = {}, through: Store = store): Promise<PlaybookEnd> {
      const incident = { ...INCIDENT, approvals };
      const { now, sleep } = { ...clock, ...change };
      const durable = await journaled(through, incident, { now, sleep });
      return runPlaybook(
        playbook,
        inputValues(playbook.inputs, given),
        world({ incident, ...change }),
        durable,
      );
    },
    /** A person says yes to a step, a moment later. */
    async approve(step: string, by: string): Promise<void> {
      await clock.sleep(1);
      approvals.push({ step, by, reason: 'I looked', at: clock.now() });
    },
    async ledger(): Promise<string[]> {
      const entries = await Array.fromAsync(store.ledger());
      return entries.map(({ kind, body }) => `${kind} ${(body as { step?: string }).step}`);
    },
    async [Symbol.asyncDispose]() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
