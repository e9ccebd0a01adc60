import type { AwsClients } from '../aws/clients.ts';
import { describeAwsError } from '../aws/errors.ts';
import { type LiveResource, liveResource } from '../aws/resources/live-resource.ts';
import { MODES } from '../model/incident.ts';
import { type Json, toJson } from '../model/json.ts';
import type { ResourceChange, ResourceState } from '../model/resource.ts';
import { DAY, type Run, type Sighting } from '../model/run.ts';
import { type Subject, subjectKey } from '../model/subject.ts';
import { failingPolicies, type JudgeResource } from '../model/violation.ts';
import type { Change, Store } from '../store/store.ts';
import { type Answer, type AnswerSettings, answersTo, type Response, withoutFight } from './answers.ts';
import { withEarlierTags } from './assess.ts';
import type { Settled } from './assessment.ts';
import { stateBefore } from './before.ts';
import { brokenByCall } from './blame.ts';
import { elsewhere } from './elsewhere.ts';
import { callOf } from './note.ts';

export interface JudgeWorld {
  readonly store: Store;
  readonly aws: AwsClients;
  readonly judge: JudgeResource;
  /** The account that `aws` reaches. */
  readonly account: string;
  readonly now: () => number;
  /** Stores runs with what belongs to them; `response` answers what each rule asks for. */
  readonly takeIn: (
    runs: readonly Run[],
    changes: readonly Change[],
    response: (ruleId: string) => Response,
  ) => Promise<void>;
}

/** AWS failed in passing: the changes wait until the next look. */
export class NotReadYet extends Error {
  override readonly name = 'NotReadYet';
}

/** What is read right after a call may not show it yet. */
const READ_MARGIN = 10_000;
/** Reads a resource after its changes, judges it, and stores what was found together with its state. */
export async function judgeResource(
  key: string,
  changes: readonly ResourceChange[],
  settings: AnswerSettings,
  world: JudgeWorld,
): Promise<void> {
  const { store, judge } = world;
  const [first] = changes;
  if (first === undefined) return;
  const { subject } = first;
  const states = await store.resourceStates(key);
  const away = elsewhere(subject, { account: world.account, region: world.aws.region });
  const read: ReadState =
    away === undefined ? await stateAfter(changes, states.at(-1), world) : { kind: 'unreadable', why: away };
  const violations = read.kind === 'known' && read.properties !== null ? judge(subject, read.properties) : [];
  const before = stateBefore(states, changes, read.kind === 'known' ? read.properties : null);
  const properties = read.kind === 'known' ? read.properties : {};
  const tagged =
    away === undefined ? await taggedOf(first, properties ?? {}, before?.properties ?? {}, world) : {};
  const broken = brokenBy(judge);
  const settled: Settled = { changes, before, properties, violations, broken, tagged };
  const found = await withoutFight(answersTo(settled, settings), store, key);
  const { answers, later } = inTurn(away === undefined ? found : found.map(onlyTold));
  const stored: Change[] = changes
    .filter((change) => !later.has(change))
    .map((change) => ({ kind: 'resource-change', change: judged(change, answers) }));
  if (read.kind === 'unreadable') {
    const body = toJson({ subject, why: read.why, changes: changes.map(({ call, id }) => ({ call, id })) });
    stored.push({ kind: 'ledger', record: { at: world.now(), kind: 'audit.not-judged', body } });
  } else if (read.fresh) {
    const state: ResourceState = {
      subject,
      at: read.at,
      properties,
      failing: failingPolicies(violations),
      changes: changes.map(({ id }) => id),
    };
    stored.push({ kind: 'resource-state', state });
  }
  const sightings = sightingsOf(answers);
  const responses = new Map(answers.map(({ rule, response }) => [rule.id, response]));
  await world.takeIn(
    sightings.length === 0 ? [] : [runOf(answers, subject, sightings)],
    stored,
    (ruleId) => responses.get(ruleId) ?? { mode: 'record' },
  );
}

/** A bucket policy has no tags, and its bucket has. */
async function taggedOf(
  { partOf }: ResourceChange,
  properties: Json,
  before: Json,
  { store, aws }: JudgeWorld,
): Promise<Json> {
  if (partOf === undefined) return withEarlierTags(properties, before);
  const known = (await store.resourceStates(subjectKey(partOf))).at(-1);
  if (known !== undefined) return known.properties;
  const live = await liveOrLater(aws, partOf);
  return live.kind === 'found' ? live.properties : {};
}

function liveOrLater(aws: AwsClients, subject: Subject): Promise<LiveResource> {
  return liveResource(aws, subject).catch((error: unknown) => {
    throw new NotReadYet(`${subject.type} ${subject.id}: ${describeAwsError(error)}`, { cause: error });
  });
}

/** What each change breaks by itself, worked out when somebody asks. */
function brokenBy(judge: JudgeResource): Settled['broken'] {
  const known = new Map<ResourceChange, ReadonlySet<string>>();
  return (change) => {
    const call = known.has(change) ? undefined : callOf(change);
    const ids =
      known.get(change) ??
      new Set(call && brokenByCall(call, change.subject, judge).map(({ policy }) => policy.id));
    known.set(change, ids);
    return ids;
  };
}

/** What cannot be reached is told of; nothing is done to it. */
function onlyTold(answer: Answer): Answer {
  return { ...answer, response: { mode: 'record' }, undoes: [] };
}

/**
 * A case is answered in one mode: what is enforced comes first, and what a person must be asked is judged
 * again when that is done.
 */
function inTurn(all: readonly Answer[]): {
  readonly answers: readonly Answer[];
  readonly later: ReadonlySet<ResourceChange>;
} {
  const enforced = new Set(
    all.filter(({ response }) => response.mode === 'enforce').flatMap(({ undoes }) => undoes),
  );
  const asked = enforced.size === 0 ? [] : all.filter(({ response }) => response.mode === 'approve');
  const later = new Set(asked.flatMap(({ undoes }) => undoes).filter((change) => !enforced.has(change)));
  const answers = all
    .filter((answer) => !asked.includes(answer) || answer.undoes.every((change) => !later.has(change)))
    .map((answer) => ({ ...answer, changes: answer.changes.filter((change) => !later.has(change)) }))
    .filter(({ changes }) => changes.length > 0);
  return { answers, later };
}

function judged(change: ResourceChange, answers: readonly Answer[]): ResourceChange {
  const wanting = answers.filter(({ undoes }) => undoes.includes(change));
  const modes = wanting.map(({ response }) => response.mode);
  const wanted = MODES.findLast((mode) => modes.includes(mode));
  return {
    ...change,
    state: 'judged',
    against: wanting.map(({ rule }) => rule.id),
    ...(wanted === undefined ? {} : { wanted }),
  };
}

type ReadState =
  | {
      readonly kind: 'known';
      readonly at: number;
      readonly properties: Json;
      /** It was read now, not known from before. */
      readonly fresh: boolean;
    }
  | { readonly kind: 'unreadable'; readonly why: string };

/** What was read after the last of the changes says all of them, however late they were heard of. */
async function stateAfter(
  changes: readonly ResourceChange[],
  latest: ResourceState | undefined,
  { aws, now }: JudgeWorld,
): Promise<ReadState> {
  const newest = Math.max(...changes.map(({ at }) => at));
  if (latest !== undefined && latest.at - READ_MARGIN >= newest)
    return { kind: 'known', at: latest.at, properties: latest.properties, fresh: false };
  const at = now();
  const [{ subject }] = changes as [ResourceChange];
  const live = await liveOrLater(aws, subject);
  if (live.kind === 'unreadable') return live;
  return { kind: 'known', at, properties: live.kind === 'gone' ? null : live.properties, fresh: true };
}

function sightingsOf(answers: readonly Answer[]): Sighting[] {
  return answers.map(({ rule, branch, changes }, order) => {
    const times = changes.map(({ at }) => at);
    const days = new Map<number, number>();
    for (const at of times) days.set(Math.floor(at / DAY), (days.get(Math.floor(at / DAY)) ?? 0) + 1);
    return {
      rule,
      count: changes.length,
      firstSeen: Math.min(...times),
      lastSeen: Math.max(...times),
      branch,
      samples: changes.map(({ raw, origin }) => ({ raw, origin })),
      days: [...days].map(([day, count]) => ({ day, count })),
      order,
    };
  });
}

function runOf(answers: readonly Answer[], subject: Subject, sightings: readonly Sighting[]): Run {
  const times = answers.flatMap(({ changes }) => changes).map(({ at }) => at);
  const firstSeen = Math.min(...times);
  return {
    subject,
    seenOn: [subject],
    began: firstSeen,
    firstSeen,
    lastSeen: Math.max(...times),
    order: 0,
    sightings,
  };
}
