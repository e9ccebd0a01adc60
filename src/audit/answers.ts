import type { Branch, RuleRef } from '../model/finding.ts';
import { type Mode, strongerMode } from '../model/incident.ts';
import type { Json } from '../model/json.ts';
import type { ResourceChange } from '../model/resource.ts';
import { DAY } from '../model/run.ts';
import type { Subject } from '../model/subject.ts';
import type { Violation } from '../model/violation.ts';
import type { Store } from '../store/store.ts';
import type { ApiCall } from './api-call.ts';
import { BREAK_GLASS, FIGHT, newViolations, type Settled, UNAPPROVED } from './assessment.ts';
import { blamed } from './blame.ts';
import { callOf } from './note.ts';

/** Where a change stands before anything is said of what it did. */
export interface Assessment {
  readonly standing: 'approved' | 'own' | 'break-glass' | 'unapproved';
  /** Why, for a person. */
  readonly why: string;
  /** What to do with it; absent where nobody asked to hear of such a change. */
  readonly response?: Response;
}

export interface Response {
  readonly mode: Mode;
  readonly playbook?: string;
}

export interface AnswerSettings {
  assess(call: ApiCall, tagged: Json): Assessment;
  /** What `cordon.yaml` binds to a policy. */
  responseTo(policyId: string): Response;
  /** Where the change belongs, for a person. */
  readonly placeToFix?: FixPlace;
}

/** Where to write what was changed beside the template; nothing when no stack has the resource. */
export type FixPlace = (subject: Subject, properties: Json, attribute: string) => string | undefined;

/** So many times a resource is taken back within a day before a person is asked. */
const ROUNDS = 3;

/** What one rule finds in the changes of a resource. */
export interface Answer {
  readonly rule: RuleRef;
  readonly branch: Branch;
  readonly response: Response;
  readonly changes: readonly ResourceChange[];
  /** The changes that are to be taken back for it. */
  readonly undoes: readonly ResourceChange[];
}

const UNREADABLE: Assessment = { standing: 'unapproved', why: 'its record cannot be read any more' };

/** What is to be said and done about a resource; nothing about what Cordon itself changed. */
export function answersTo(settled: Settled, settings: AnswerSettings): Answer[] {
  const assessed = settled.changes.map((change) => {
    const call = callOf(change);
    return { change, ...(call === undefined ? UNREADABLE : settings.assess(call, settled.tagged)) };
  });
  const foreign = assessed.filter(({ standing }) => standing !== 'own');
  return [
    ...violationAnswers({ ...settled, changes: foreign.map(({ change }) => change) }, foreign, settings),
    ...standingAnswer(foreign, 'unapproved', UNAPPROVED),
    ...standingAnswer(foreign, 'break-glass', BREAK_GLASS),
  ];
}

interface Assessed extends Assessment {
  readonly change: ResourceChange;
}

function violationAnswers(
  settled: Settled,
  assessed: readonly Assessed[],
  { responseTo, placeToFix }: AnswerSettings,
): Answer[] {
  const { changes, broken } = settled;
  if (changes.length === 0) return [];
  const approved = new Set(
    assessed.filter(({ standing }) => standing !== 'unapproved').map(({ change }) => change),
  );
  const byPolicy = Map.groupBy(newViolations(settled), ({ policy }) => policy.id);
  return [...byPolicy.values()].flatMap((violations) => {
    const [violation] = violations;
    if (violation === undefined) return [];
    const to = blamed(changes, violations, broken);
    const bound = responseTo(violation.policy.id);
    const response = to.some((one) => approved.has(one)) ? atMost(bound, 'approve') : bound;
    const [attribute = ''] = [violation.attribute, ...to.flatMap(({ attributes }) => attributes)].filter(
      (name) => name !== '',
    );
    const place = placeToFix?.(to[0]?.subject as Subject, settled.properties, attribute);
    return [answer(violation.policy, branchOf(violation, place), response, to)];
  });
}

function standingAnswer(
  assessed: readonly Assessed[],
  standing: Assessment['standing'],
  rule: RuleRef,
): Answer[] {
  const those = assessed.filter((one) => one.standing === standing && one.response !== undefined);
  const [first] = those;
  if (first === undefined) return [];
  const response = those.flatMap((one) => one.response ?? []).reduce(stronger);
  return [
    answer(
      rule,
      { selections: [standing], because: [], advice: [first.why] },
      response,
      those.map(({ change }) => change),
    ),
  ];
}

function answer(
  rule: RuleRef,
  branch: Branch,
  response: Response,
  changes: readonly ResourceChange[],
): Answer {
  return { rule, branch, response, changes, undoes: response.playbook === undefined ? [] : changes };
}

/** What came the approved way is not undone without a person. */
export function atMost(response: Response, limit: Mode): Response {
  return strongerMode(response.mode, limit) ? { ...response, mode: limit } : response;
}

function stronger(a: Response, b: Response): Response {
  return strongerMode(b.mode, a.mode) ? b : a;
}

/** Two automations that undo each other would go on for ever: a person is asked, and told why. The same call by the same principal is a round. */
export async function withoutFight(
  answers: readonly Answer[],
  store: Store,
  key: string,
): Promise<readonly Answer[]> {
  const [first] = answers;
  if (first === undefined) return answers;
  const since = Math.max(...first.changes.map(({ at }) => at)) - DAY;
  const current = answers.flatMap(({ undoes }) => undoes);
  const rounds = (await store.resourceChanges(key, 'rolled-back')).filter(
    ({ at, call, by }) => at >= since && current.some((one) => one.call === call && one.by === by),
  );
  if (rounds.length < ROUNDS) return answers;
  const advice = [`it was taken back ${rounds.length} times within a day and is there again`];
  return [
    ...answers.map((one) => ({ ...one, response: atMost(one.response, 'approve') })),
    answer(FIGHT, { selections: ['rounds'], because: [], advice }, { mode: 'record' }, first.changes),
  ];
}

function branchOf({ rule, message, fix, path, found, expected }: Violation, place?: string): Branch {
  const text = (value: unknown): string =>
    typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return {
    selections: [rule],
    advice: [
      message,
      ...(fix === '' ? [] : [`to do it right: ${fix}`]),
      ...(place === undefined ? [] : [`it belongs to ${place}`]),
    ],
    because: [
      {
        selection: rule,
        field: path,
        pattern: expected === undefined ? '' : text(expected),
        value: found === undefined ? '' : text(found),
      },
    ],
  };
}
