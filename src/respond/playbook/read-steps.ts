import type { Action } from '../../actions/action.ts';
import { toJson } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { type Path, problemAtPath, type YamlDocument } from '../../yaml/document.ts';
import { nearest } from '../../yaml/nearest.ts';
import { validate } from '../../yaml/validate.ts';
import { inputProblems } from './action-input.ts';
import { type Condition, parseCondition } from './condition.ts';
import { durationOf } from './duration.ts';
import { type Names, referenceProblems } from './names.ts';
import type { Branch, OnFailure, Step } from './playbook.ts';
import { KINDS, type Kind, type RawStep, STEP } from './schema.ts';

export interface StepsRead {
  readonly steps: readonly Step[];
  /** Where each step stands in the document. */
  readonly places: ReadonlyMap<Step, Path>;
}

interface Reading {
  readonly document: YamlDocument;
  readonly actions: ReadonlyMap<string, Action>;
  readonly inputs: readonly string[];
  readonly problems: Problem[];
  readonly ids: Set<string>;
  readonly unnamed: Map<Kind, number>;
  readonly places: Map<Step, Path>;
}

const DEFAULT_TIMEOUT_MINUTES = 60;

/** Reads the steps of a playbook; every fault goes to `problems`. */
export function readSteps(
  document: YamlDocument,
  raw: readonly unknown[],
  given: Pick<Reading, 'actions' | 'inputs' | 'problems'>,
): StepsRead {
  const reading: Reading = { ...given, document, ids: new Set(), unnamed: new Map(), places: new Map() };
  return { steps: readList(raw, ['steps'], { before: [], prefix: '' }, reading), places: reading.places };
}

/** Where a list of steps is: the ids that come before it, and what its paths begin with. */
interface Surroundings {
  readonly before: readonly string[];
  readonly prefix: string;
}

function readList(raw: readonly unknown[], at: Path, around: Surroundings, reading: Reading): Step[] {
  const steps: Step[] = [];
  const before = [...around.before];
  for (const index of raw.keys()) {
    const place = [...at, index];
    const checked = validate(reading.document, STEP, place);
    if (!checked.ok) {
      reading.problems.push(...checked.problems);
      continue;
    }
    const step = readStep(checked.value, place, { ...around, before }, reading);
    if (step === undefined) continue;
    reading.places.set(step, place);
    steps.push(step);
    before.push(...idsOf(step));
  }
  return steps;
}

/** What steps behind a step may refer to: what is done on a failure is not done in any case. */
function idsOf(step: Step): string[] {
  return step.kind === 'parallel'
    ? [step.id, ...step.branches.flatMap(({ steps }) => steps.flatMap(idsOf))]
    : [step.id];
}

function readStep(raw: RawStep, at: Path, around: Surroundings, reading: Reading): Step | undefined {
  const { document, problems } = reading;
  const kind = kindOf(raw, at, reading);
  if (kind === undefined) return undefined;
  const id = idOf(raw, kind, at, reading);
  const names: Names = { inputs: reading.inputs, steps: around.before, later: reading.ids };
  let condition: Condition | undefined;
  if (raw.if !== undefined) {
    const parsed = parseCondition(document, [...at, 'if'], raw.if, names);
    if (parsed.ok) condition = parsed.value;
    else problems.push(...parsed.problems);
  }
  const path = `${around.prefix}${id}`;
  const base = { id, path, ...(condition === undefined ? {} : { condition }) };
  switch (kind) {
    case 'action':
      return readAction(raw, base, at, around, names, reading);
    case 'wait': {
      const { for: length, until } = raw.wait ?? {};
      if (until !== undefined) {
        const where = [...at, 'wait', 'until'];
        problems.push(...referenceProblems(document, where, until, names));
        if (typeof until === 'string' && !until.includes('${') && Number.isNaN(Date.parse(until)))
          problems.push(problemAtPath(document, where, `${until} is no time`, { expected: 'ISO 8601' }));
      }
      return {
        kind,
        ...base,
        ...(length === undefined ? {} : { for: durationOf(length) }),
        ...(until === undefined ? {} : { until }),
      };
    }
    case 'approve': {
      const { message = '', expires = '24h', approvers = 1 } = raw.approve ?? {};
      problems.push(...referenceProblems(document, [...at, 'approve', 'message'], message, names));
      return { kind, ...base, message, expires: durationOf(expires), approvers };
    }
    case 'parallel': {
      const branches = Object.entries(raw.parallel ?? {}).map(([key, steps]): Branch => {
        const name = Array.isArray(raw.parallel) ? String(Number(key) + 1) : key;
        const where = [...at, 'parallel', Array.isArray(raw.parallel) ? Number(key) : key];
        return {
          name,
          steps: readList(steps, where, { ...around, prefix: `${around.prefix}${name}/` }, reading),
        };
      });
      if (branches.length < 2)
        problems.push(
          problemAtPath(document, [...at, 'parallel'], 'parallel has two branches or more', { at: 'key' }),
        );
      return { kind, ...base, branches };
    }
  }
}

function kindOf(raw: RawStep, at: Path, { document, problems }: Reading): Kind | undefined {
  const kinds = (Object.keys(KINDS) as Kind[]).filter((one) => raw[one] !== undefined);
  const written = Object.keys(documentValue(document, at));
  const [kind, other] = kinds;
  if (kind === undefined || other !== undefined) {
    const message = kind === undefined ? 'a step that does nothing' : `a step is one of ${kinds.join(', ')}`;
    const expected = 'one of action, wait, approve, parallel';
    const where = other ?? written[0];
    const place = where === undefined ? at : [...at, where];
    problems.push(problemAtPath(document, place, message, { expected, at: 'key' }));
    return undefined;
  }
  const foreign = KINDS.action.filter((key) => kind !== 'action' && written.includes(key));
  for (const key of foreign)
    problems.push(
      problemAtPath(document, [...at, key], `${key} is for a step that is an action`, { at: 'key' }),
    );
  return kind;
}

function documentValue(document: YamlDocument, path: Path): object {
  let value = document.value;
  for (const part of path) value = Object(value)[part];
  return Object(value);
}

function idOf(raw: RawStep, kind: Kind, at: Path, { document, problems, ids, unnamed }: Reading): string {
  const number = (unnamed.get(kind) ?? 0) + 1;
  if (raw.id === undefined && kind !== 'action') unnamed.set(kind, number);
  const id = raw.id ?? (kind === 'action' ? (raw.action ?? '') : `${kind}-${number}`);
  if (ids.has(id)) {
    const where = raw.id === undefined ? [...at, kind] : [...at, 'id'];
    const fix = raw.id === undefined ? `id: ${id}-${ids.size + 1}` : undefined;
    problems.push(problemAtPath(document, where, `${id} is in the playbook already`, { fix }));
  }
  ids.add(id);
  return id;
}

function readAction(
  raw: RawStep,
  base: Pick<Step, 'id' | 'path' | 'condition'>,
  at: Path,
  around: Surroundings,
  names: Names,
  reading: Reading,
): Step | undefined {
  const { document, problems, actions } = reading;
  const { action: name = '', with: given = {}, timeout = DEFAULT_TIMEOUT_MINUTES, retry } = raw;
  const action = actions.get(name);
  if (action === undefined) {
    const details = { expected: [...actions.keys()].join(', '), fix: nearest(name, actions.keys()) };
    problems.push(problemAtPath(document, [...at, 'action'], `there is no action ${name}`, details));
    return undefined;
  }
  const input = toJson(given);
  problems.push(...referenceProblems(document, [...at, 'with'], input, names));
  problems.push(...inputProblems(document, at, action, input));
  return {
    kind: 'action',
    ...base,
    action,
    input,
    timeout: timeout * 60_000,
    ...(retry === undefined ? {} : { retry: { tries: retry.tries, after: durationOf(retry.after) } }),
    onFailure: onFailureOf(raw, base.path, at, around, reading),
  };
}

function onFailureOf(
  { on_failure: failure }: RawStep,
  path: string,
  at: Path,
  around: Surroundings,
  reading: Reading,
): OnFailure {
  if (typeof failure === 'string') return { steps: [], afterwards: failure };
  const where = [...at, 'on_failure', 'steps'];
  const steps = readList(failure.steps, where, { ...around, prefix: `${path}/on-failure/` }, reading);
  return { steps, afterwards: failure.afterwards };
}
