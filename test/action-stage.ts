import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Action, ActionContext, ActionOutcome, EarlierTry } from '../src/actions/action.ts';
import { type AwsClients, awsClients } from '../src/aws/clients.ts';
import { type CaseFile, caseFile } from '../src/evidence/case-file.ts';
import type { Incident } from '../src/model/incident.ts';
import type { Json } from '../src/model/json.ts';
import type { Subject } from '../src/model/subject.ts';
import type { SimulationSettings } from '../src/range/account.ts';
import { type SimulatedClock, simulatedClock } from '../src/range/clock.ts';
import { type Range, startRange } from '../src/range/range.ts';
import { openTemporaryStore } from '../src/store/sqlite.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
const START = 1_795_500_000_000;

export interface ActionOptions {
  readonly input?: unknown;
  readonly earlierTry?: EarlierTry;
  /** Who does it; the owner of the range without it. */
  readonly aws?: AwsClients;
}

/** A simulated account in which single actions are done, with a clock that only sleeping moves. */
export interface ActionStage {
  readonly range: Range;
  readonly clock: SimulatedClock;
  readonly aws: AwsClients;
  readonly caseFile: CaseFile;
  /** What actions returned, by their name. */
  readonly outputs: Map<string, Json>;
  /** Runs an action as the runner does: until it is done or asks; what is thrown comes through. */
  run(action: Action, subject: Subject, options?: ActionOptions): Promise<ActionOutcome>;
  /** The same, of an action that must end well; answers what it returned. */
  done(action: Action, subject: Subject, options?: ActionOptions): Promise<Json>;
  undo(action: Action, subject: Subject, options?: ActionOptions): Promise<ActionOutcome>;
  /** The commands with which a person brings back what an action took. */
  restore(action: Action, subject: Subject): string[];
  /** How many calls of an operation AWS accepted. */
  made(operation: string): number;
  [Symbol.asyncDispose](): Promise<void>;
}

const ROUNDS = 200;

export async function actionStage(settings: Partial<SimulationSettings> = {}): Promise<ActionStage> {
  const clock = simulatedClock({ start: START, speed: 0 });
  const range = await startRange({ clock, accountId: ACCOUNT, region: REGION, settings });
  const aws = awsClients({ region: REGION, endpoint: range.endpoint });
  const folder = mkdtempSync(join(tmpdir(), 'cordon-action-'));
  const file = caseFile(folder, 'inc-1');
  const outputs = new Map<string, Json>();
  const resources = openTemporaryStore();
  const contextOf = (action: Action, subject: Subject, options: ActionOptions): ActionContext => ({
    incident: incidentOf(subject),
    subject,
    input: action.input.parse(options.input ?? {}),
    aws: options.aws ?? aws,
    caseFile: file,
    earlierTry: options.earlierTry ?? 'none',
    output: (name) => outputs.get(name),
    findings: async () => ({ findings: [], samples: [] }),
    resources,
    judge: () => [],
    now: () => clock.now(),
    sleep: async (milliseconds) => clock.advance(milliseconds),
    settleTime: 4_000,
  });
  const untilEnded = async (work: () => Promise<ActionOutcome>): Promise<ActionOutcome> => {
    for (let round = 0; round < ROUNDS; round++) {
      const outcome = await work();
      if (outcome.status !== 'waiting') return outcome;
      clock.advance(15_000);
    }
    throw new Error('it waits for ever');
  };
  const run: ActionStage['run'] = async (action, subject, options = {}) => {
    const context = contextOf(action, subject, options);
    const outcome = await untilEnded(() => action.run(context));
    if (outcome.status === 'done') outputs.set(action.name, outcome.output);
    return outcome;
  };
  return {
    range,
    clock,
    aws,
    caseFile: file,
    outputs,
    run,
    async done(action, subject, options) {
      const outcome = await run(action, subject, options);
      if (outcome.status !== 'done') throw new Error(`${action.name}: ${JSON.stringify(outcome)}`);
      return outcome.output;
    },
    async undo(action, subject, options = {}) {
      const { undo } = action;
      if (undo.kind !== 'by') throw new Error(`${action.name} is not undone`);
      const undone = outputs.get(action.name) ?? null;
      return untilEnded(() => undo.run({ ...contextOf(action, subject, options), undone }));
    },
    restore(action, subject) {
      const { undo } = action;
      if (undo.kind !== 'none') throw new Error(`${action.name} can be undone`);
      return undo.restore({
        ...contextOf(action, subject, {}),
        undone: outputs.get(action.name) ?? null,
      });
    },
    made: (operation) =>
      range.calls.filter((call) => call.operation === operation && call.status === 200).length,
    async [Symbol.asyncDispose]() {
      aws.close();
      await resources.close();
      await range.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function subjectOf(type: string, id: string): Subject {
  return { type, id, account: ACCOUNT, region: REGION };
}

function incidentOf(subject: Subject): Incident {
  return {
    id: 'inc-1',
    subject,
    state: 'responding',
    mode: 'enforce',
    openedAt: START,
    firstSeen: START,
    lastSeen: START,
    version: 1,
  };
}
