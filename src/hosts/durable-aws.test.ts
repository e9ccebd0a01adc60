// biome-ignore-all lint/suspicious/noTemplateCurlyInString: playbooks write references so
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { withDurableExecution } from '@aws/durable-execution-sdk-js';
import { LocalDurableTestRunner, WaitingOperationStatus } from '@aws/durable-execution-sdk-js-testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionThat, INCIDENT, playbookOf, playbookText } from '../../test/playbook.ts';
import { openTemporaryStore } from '../../test/temporary-store.ts';
import { done } from '../actions/action.ts';
import { ACTIONS } from '../actions/registry.ts';
import { awsClients } from '../aws/clients.ts';
import { caseFile, verifyCase } from '../evidence/case-file.ts';
import type { Incident } from '../model/incident.ts';
import { createHoneypot } from '../range/honeypot.ts';
import { startRange } from '../range/range.ts';
import { journaled } from '../respond/playbook/journaled.ts';
import type { Playbook } from '../respond/playbook/playbook.ts';
import { type PlaybookEnd, runPlaybook } from '../respond/playbook/run-playbook.ts';
import type { PlaybookWorld } from '../respond/playbook/world.ts';
import { BOX } from './box.ts';
import { durableOnAws } from './durable-aws.ts';

beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));
afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

/** What a playbook came to, wherever it ran. */
interface Outcome {
  readonly end: PlaybookEnd;
  /** The ledger, in order: kind and step. */
  readonly told: readonly string[];
}

type World = (over: Partial<PlaybookWorld>) => PlaybookWorld;

/** Sleeps as long as the range needs; what is longer has passed at once. */
function skippingClock() {
  let skipped = 0;
  return {
    now: () => Date.now() + skipped,
    async sleep(milliseconds: number) {
      if (milliseconds <= 1_000) await wait(milliseconds);
      else skipped += milliseconds;
    },
  };
}

/** What people answer when they are asked: a yes with their names, a no with its reason, or nothing. */
type People = (step: string) => readonly string[] | string | undefined;

async function onAws(playbook: Playbook, world: World, people: People = () => undefined): Promise<Outcome> {
  const told: string[] = [];
  const asked: { name: string; step: string }[] = [];
  const rounds = new Map<string, number>();
  const handler = withDurableExecution(async (_: unknown, context) => {
    const durable = durableOnAws(context, {
      now: Date.now,
      tell: async (notes) => void told.push(...notes.map(({ kind, body }) => `${kind} ${body.step}`)),
      ask: async (waitsFor) => {
        const { step } = waitsFor;
        asked.push({ step, name: 'message' in waitsFor ? step : `${step}/ask` });
      },
    });
    return runPlaybook(playbook, {}, world({}), durable);
  });
  const runner = new LocalDurableTestRunner<PlaybookEnd>({ handlerFunction: handler });
  let ended = false;
  const execution = runner.run({ payload: {} }).finally(() => {
    ended = true;
  });
  while (!ended) {
    await wait(5);
    for (const { step, name } of asked.splice(0)) {
      const answer = people(step);
      const round = rounds.get(name) ?? 0;
      rounds.set(name, round + 1);
      const operation = runner.getOperation(name, round);
      await operation.waitForData(WaitingOperationStatus.SUBMITTED);
      if (typeof answer === 'string') await operation.sendCallbackFailure({ ErrorMessage: answer });
      else if (answer !== undefined) await operation.sendCallbackSuccess(JSON.stringify(answer));
    }
  }
  const end = (await execution).getResult();
  if (end === undefined) throw new Error('the execution has no result');
  return { end, told };
}

async function onJournal(
  playbook: Playbook,
  world: World,
  people: People = () => undefined,
): Promise<Outcome> {
  const store = openTemporaryStore();
  let incident: Incident = INCIDENT;
  const clock = skippingClock();
  for (;;) {
    const durable = await journaled(store, incident, clock);
    const end = await runPlaybook(playbook, {}, world({ incident, ...clock }), durable);
    const names = end.status === 'ask' ? people(end.step) : undefined;
    if (end.status !== 'ask' || names === undefined) {
      const told = (await Array.fromAsync(store.ledger())).map(
        ({ kind, body }) => `${kind} ${(body as { step?: string }).step}`,
      );
      await store.close();
      return { end, told };
    }
    const at = clock.now() + 1;
    await clock.sleep(2);
    if (typeof names === 'string') throw new Error('a no ends a case outside of the playbook');
    const yes = names.map((by) => ({ step: end.step, by, reason: 'yes', at }));
    incident = { ...incident, approvals: [...(incident.approvals ?? []), ...yes] };
  }
}
const quick = { pollEvery: 20, retryAfter: 10, tries: 3 };

/** The world of actions that need no AWS. */
const nowhere: World = (over) => ({
  incident: INCIDENT,
  subject: INCIDENT.subject,
  aws: undefined as never,
  caseFile: undefined as never,
  resources: openTemporaryStore(),
  judge: () => [],
  findings: async () => ({ findings: [], samples: [] }),
  now: Date.now,
  sleep: async () => {},
  settleTime: 1,
  settings: quick,
  beforeStep: async () => undefined,
  lastLook: async () => undefined,
  ...over,
});

describe('a playbook on a durable function of AWS', () => {
  it('comes to the same end as on the journal: contain-and-terminate', async () => {
    const file = join(BOX, 'playbooks', 'contain-and-terminate.yml');
    const playbook = playbookOf(readFileSync(file, 'utf8'), [...ACTIONS.values()]);
    const outcomes = await Promise.all(
      [onAws, onJournal].map(async (run) => {
        const folder = mkdtempSync(join(tmpdir(), 'cordon-durable-'));
        const range = await startRange({ settings: { snapshotDuration: 40, stateChangeDuration: 20 } });
        const aws = awsClients({ region: 'us-east-1', endpoint: range.endpoint });
        try {
          const { instanceId, volumeIds } = createHoneypot(range.account);
          const subject = { ...INCIDENT.subject, id: instanceId };
          const evidence = caseFile(folder, INCIDENT.id);
          const world: World = (over) =>
            nowhere({
              aws,
              caseFile: evidence,
              sleep: wait,
              ...over,
              subject,
              incident: { ...INCIDENT, subject },
            });
          const { end, told } = await run(playbook, world);
          const effects = range.calls
            .filter(({ operation, status }) => status === 200 && !/^(Describe|Get)/.test(operation))
            .map(({ operation }) => operation);
          return {
            end,
            told: told.filter((line) => !line.startsWith('step.waiting')),
            effects,
            snapshots: range.account.snapshots.size === volumeIds.length,
            state: range.account.instances.get(instanceId)?.ending?.to,
            faults: verifyCase(evidence),
          };
        } finally {
          aws.close();
          await range.close();
          rmSync(folder, { recursive: true, force: true });
        }
      }),
    );
    const [aws, journal] = outcomes;
    expect(aws).toEqual(journal);
    expect(aws).toMatchObject({ end: { status: 'done' }, snapshots: true, state: 'terminated', faults: [] });
    expect(aws?.effects.filter((operation) => operation === 'TerminateInstances')).toHaveLength(1);
    expect(aws?.told).toContain('step.done verify-terminated');
  });

  it('waits, is approved, branches, fails and asks as it does on the journal', async () => {
    const text = playbookText(`- action: a
  on_failure: {steps: [{action: mend}], afterwards: continue}
- wait: {for: 2d}
- approve: {message: 'go on with \${subject.id}?', expires: 8h, approvers: 2}
- parallel:
    left: [{action: b, with: {n: 1}}, {action: slow}]
    right: [{action: c, if: {subject.type: AWS::S3::Bucket}}, {action: d}]
- action: e
  with: {sum: '\${steps.b.n} and \${steps.approve-1.by.0}'}`);
    const run = async (runner: typeof onAws) => {
      const log: string[] = [];
      const plain = (name: string) =>
        actionThat(name, ({ input }) => {
          log.push(`${name} ${JSON.stringify(input)}`);
          return done(input as never, name);
        });
      let looks = 0;
      let stops = 0;
      const actions = [
        ...['mend', 'b', 'c', 'e'].map(plain),
        actionThat('a', () => {
          log.push('a');
          throw new Error('a broke');
        }),
        actionThat('slow', () =>
          looks++ < 2 ? { status: 'waiting', progress: 'slowly' } : done(null, 'slow'),
        ),
        // A person must say that it may go on; the second time it is done.
        actionThat('d', ({ earlierTry }) => {
          log.push(`d ${earlierTry}`);
          return stops++ === 0 ? { status: 'ask', reason: 'sure?' } : done(null, 'd');
        }),
      ];
      const outcome = await runner(playbookOf(text, actions), nowhere, () => ['ada', 'grace']);
      return { ...outcome, log };
    };
    const [aws, journal] = await Promise.all([run(onAws), run(onJournal)]);
    expect(aws.end).toEqual({ status: 'done' });
    expect(aws.end).toEqual(journal.end);
    // What branches do at the same time comes in any order.
    expect(aws.log.toSorted()).toEqual(journal.log.toSorted());
    expect(aws.told.toSorted()).toEqual(journal.told.toSorted());
    expect(aws.log).toEqual(expect.arrayContaining(['a', 'd none', 'd unknown', 'e {"sum":"1 and ada"}']));
  });

  it('asks people again when an approval expires, and ends when one says no', async () => {
    const a = actionThat('a', () => done(null, 'a'));
    const playbook = playbookOf(playbookText('- approve: {message: sure?, expires: 1s}\n- action: a'), [a]);
    const answers = [undefined, ['ada'], undefined, 'no'];
    const asked: string[] = [];
    const { end, told } = await onAws(playbook, nowhere, (step) => {
      asked.push(step);
      return answers[asked.length - 1];
    });
    expect(asked).toEqual(['approve-1', 'approve-1', 'approve-1', 'approve-1']);
    expect(end).toEqual({ status: 'denied', step: 'approve-1', reason: 'no' });
    expect(told).toEqual([]);
  });
});
