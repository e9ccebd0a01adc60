import type { ApprovalRequest } from '../../model/incident.ts';
import type { Json } from '../../model/json.ts';
import { actionTask } from './action-task.ts';
import { type Durable, type Note, type Stopped, Suspension } from './durable.ts';
import { durationText } from './duration.ts';
import {
  type ActionStep,
  type ApproveStep,
  allSteps,
  type ParallelStep,
  type Playbook,
  type Step,
  type WaitStep,
} from './playbook.ts';
import { lookupIn, NoValueError, resolve } from './reference.ts';
import { type PlaybookRecord, type PlaybookWorld, recordOf, type StepResult } from './world.ts';

/** How a playbook ended this time. */
export type PlaybookEnd =
  | { readonly status: 'done' }
  | {
      readonly status: 'ask';
      readonly step: string;
      readonly reason: string;
      /** It does not ask what to do, but for a yes that the playbook wants. */
      readonly approval?: ApprovalRequest;
    }
  | { readonly status: 'denied'; readonly step: string; readonly reason: string };

/** A no of a person, which ends the playbook; nothing when it goes on. */
type Denial = Extract<PlaybookEnd, { status: 'denied' }> | undefined;

interface Run {
  readonly playbook: Playbook;
  readonly inputs: Readonly<Record<string, Json>>;
  readonly world: PlaybookWorld;
  /** What is done so far, as it is seen from here: in a branch, not what the others do. */
  readonly results: StepResult[];
}

/**
 * Runs a playbook. It may be killed at any instant and run again: what was done is not done again, and an
 * action that may have been done is told so.
 */
export async function runPlaybook(
  playbook: Playbook,
  inputs: Readonly<Record<string, Json>>,
  world: PlaybookWorld,
  durable: Durable,
): Promise<PlaybookEnd> {
  try {
    const run = { playbook, inputs, world, results: [] };
    return (await runSteps(playbook.steps, run, durable)) ?? { status: 'done' };
  } catch (error) {
    if (!(error instanceof Suspension)) throw error;
    const { waitsFor } = error;
    return 'message' in waitsFor
      ? { status: 'ask', step: waitsFor.step, reason: waitsFor.message, approval: waitsFor }
      : { status: 'ask', step: waitsFor.step, reason: waitsFor.reason };
  }
}

async function runSteps(steps: readonly Step[], run: Run, durable: Durable): Promise<Denial> {
  for (const step of steps) {
    if (!(await isWanted(step, run, durable))) continue;
    const denial = await runStep(step, run, durable);
    if (denial !== undefined) return denial;
  }
  return undefined;
}

function runStep(step: Step, run: Run, durable: Durable): Promise<Denial> {
  switch (step.kind) {
    case 'action':
      return runAction(step, run, durable);
    case 'wait':
      return runWait(step, run, durable);
    case 'approve':
      return runApprove(step, run, durable);
    case 'parallel':
      return runParallel(step, run, durable);
  }
}

/** Decided once: what is true later does not bring back a step that was left out. */
async function isWanted(step: Step, run: Run, durable: Durable): Promise<boolean> {
  const { condition, path } = step;
  if (condition === undefined) return true;
  return durable.step(`${path}/if`, async () => {
    const value = condition.matches(await recordFor(run));
    const reason = `it is done only if ${condition.text}`;
    const action = step.kind === 'action' ? { action: step.action.name } : {};
    const notes: Note[] = value ? [] : [{ kind: 'step.skipped', body: { step: path, ...action, reason } }];
    return { value, notes };
  });
}

function recordFor({ world, inputs, results }: Run): Promise<PlaybookRecord> {
  return recordOf(world, inputs, results);
}

async function runAction(step: ActionStep, run: Run, durable: Durable): Promise<Denial> {
  const { path, id, action, onFailure } = step;
  let handled = false;
  for (;;) {
    const task = actionTask(step, run.world, run.results, () => recordFor(run));
    const end = await durable.waitFor(path, task);
    if (end.status === 'done') {
      run.results.push({ id, action: action.name, output: end.output });
      return undefined;
    }
    const { stopped } = end;
    if (stopped.firm === undefined) {
      const denial = handled ? undefined : await runSteps(onFailure.steps, run, durable);
      handled = true;
      if (denial !== undefined || onFailure.afterwards === 'continue') return denial;
    }
    const redone = redoneBy(stopped, run);
    if (redone !== undefined) await durable.forget(redone.path);
    if (task.mayFail) await durable.forget(path);
    const denial = (await asked(stopped, durable)) ?? (redone && (await runAction(redone, run, durable)));
    if (denial !== undefined) return denial;
  }
}

/** The step that was the newest to do the action that is to be done again. */
function redoneBy({ redo }: Stopped, { results, playbook }: Run): ActionStep | undefined {
  const result = redo === undefined ? undefined : results.findLast(({ action }) => action === redo);
  const step = [...allSteps(playbook.steps)].find(({ id }) => id === result?.id);
  return step?.kind === 'action' ? step : undefined;
}

async function asked(stopped: Stopped, durable: Durable): Promise<Denial> {
  const answer = await durable.ask(`${stopped.step}/ask`, stopped);
  if (answer.status === 'approved') return undefined;
  const reason = answer.status === 'denied' ? answer.reason : 'nobody answered';
  return { status: 'denied', step: stopped.step, reason };
}

/** Works out a value that references may have no value for; then a person is asked, and it is tried again. */
async function workedOut<T extends Json>(
  name: string,
  step: Step,
  durable: Durable,
  work: () => Promise<{ readonly value: T; readonly notes: readonly Note[] }>,
): Promise<{ readonly value: T } | { readonly denial: Denial }> {
  for (;;) {
    const found = await durable.step<{ value: T } | { fault: string }>(name, async () => {
      try {
        const { value, notes } = await work();
        return { value: { value }, notes };
      } catch (error) {
        if (!(error instanceof NoValueError)) throw error;
        return { value: { fault: error.message }, notes: [] };
      }
    });
    if ('value' in found) return found;
    await durable.forget(name);
    const denial = await asked({ step: step.path, reason: found.fault }, durable);
    if (denial !== undefined) return { denial };
  }
}

async function runWait(step: WaitStep, run: Run, durable: Durable): Promise<Denial> {
  const until = await workedOut(`${step.path}/until`, step, durable, async () => {
    const value = await dueOf(step, run);
    const progress = `until ${new Date(value).toISOString()}`;
    return { value, notes: [{ kind: 'step.waiting', body: { step: step.path, progress } }] };
  });
  if ('denial' in until) return until.denial;
  await durable.wait(step.path, until.value, step.for);
  await tellDone(step, 'Wait', `it is ${new Date(until.value).toISOString()}`, durable);
  return undefined;
}

async function tellDone({ path }: Step, title: string, proof: string, durable: Durable): Promise<void> {
  await durable.step(`${path}/done`, async () => ({
    value: null,
    notes: [{ kind: 'step.done', body: { step: path, title, proof } }],
  }));
}

/** The farthest time that JavaScript's dates know. */
const LAST_TIME = 8.64e15;

async function dueOf(step: WaitStep, run: Run): Promise<number> {
  if (step.for !== undefined) return run.world.now() + step.for;
  const until = resolve(step.until ?? null, lookupIn(await recordFor(run)));
  const time = typeof until === 'number' ? until : Date.parse(String(until));
  if (!(Math.abs(time) <= LAST_TIME)) throw new NoValueError(`${JSON.stringify(until)} is no time`);
  return time;
}

async function runApprove(step: ApproveStep, run: Run, durable: Durable): Promise<Denial> {
  const { path, expires, approvers } = step;
  for (;;) {
    const request = await workedOut(`${path}/request`, step, durable, async () => {
      const message = String(resolve(step.message, lookupIn(await recordFor(run))));
      return { value: { step: path, message, approvers, expiresAt: run.world.now() + expires }, notes: [] };
    });
    if ('denial' in request) return request.denial;
    const answer = await durable.approve(path, request.value);
    if (answer.status === 'approved') {
      await tellDone(step, 'Approval', `approved by ${answer.by.join(' and ')}`, durable);
      run.results.push({ id: step.id, action: null, output: { by: [...answer.by] } });
      return undefined;
    }
    if (answer.status === 'denied') return { status: 'denied', step: path, reason: answer.reason };
    await durable.forget(`${path}/request`);
    await durable.forget(path);
    if (answer.heard) continue;
    const reason = `nobody approved within ${durationText(expires)}: ${request.value.message}`;
    const denial = await asked({ step: path, reason }, durable);
    if (denial !== undefined) return denial;
  }
}

async function runParallel(step: ParallelStep, run: Run, durable: Durable): Promise<Denial> {
  const before = run.results.length;
  const branches = step.branches.map(({ name, steps }) => ({
    name,
    async run(inner: Durable) {
      const own = { ...run, results: run.results.slice(0, before) };
      const denial = (await runSteps(steps, own, inner)) ?? null;
      return { denial, results: own.results.slice(before).map((result) => ({ ...result })) };
    },
  }));
  const ends = await durable.parallel(step.path, branches);
  for (const { results } of ends) run.results.push(...results);
  return ends.find(({ denial }) => denial !== null)?.denial ?? undefined;
}
