import type { AwsClients } from '../aws/clients.ts';
import { describeAwsError } from '../aws/errors.ts';
import { liveResource } from '../aws/resources/live-resource.ts';
import { type Json, toJson } from '../model/json.ts';
import type { ResourceChange, ResourceState } from '../model/resource.ts';
import { DAY, type Run, type Sighting } from '../model/run.ts';
import { subjectKey } from '../model/subject.ts';
import type { JudgeResource } from '../model/violation.ts';
import type { Change, Store } from '../store/store.ts';
import { type Answer, type AnswerSettings, answersTo, type Response, withoutFight } from './answers.ts';
import type { Settled } from './assessment.ts';

export interface JudgeWorld {
  readonly store: Store;
  readonly aws: AwsClients;
  readonly judge: JudgeResource;
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
  const read = await stateAfter(changes, states.at(-1), world);
  const violations = read.kind === 'known' && read.properties !== null ? judge(subject, read.properties) : [];
  const before = states.findLast(({ at }) => at <= first.at);
  const properties = read.kind === 'known' ? read.properties : {};
  const tagged = await taggedOf(first, properties ?? before?.properties ?? {}, world);
  const settled: Settled = { changes, before, properties, violations, tagged };
  const answers = await withoutFight(answersTo(settled, settings), store, key);
  const stored: Change[] = changes.map((change) => ({
    kind: 'resource-change',
    change: {
      ...change,
      state: 'judged',
      against: answers.filter(({ undoes }) => undoes.includes(change)).map(({ rule }) => rule.id),
    },
  }));
  if (read.kind === 'unreadable') {
    const body = toJson({ subject, why: read.why, changes: changes.map(({ call, id }) => ({ call, id })) });
    stored.push({ kind: 'ledger', record: { at: world.now(), kind: 'audit.not-judged', body } });
  } else if (read.fresh) {
    const state: ResourceState = {
      subject,
      at: read.at,
      properties,
      failing: [...new Set(violations.map(({ policy }) => policy.id))].sort(),
      changes: changes.map(({ id }) => id),
    };
    stored.push({ kind: 'resource-state', state });
  }
  const sightings = sightingsOf(answers);
  const responses = new Map(answers.map(({ rule, response }) => [rule.id, response]));
  await world.takeIn(
    sightings.length === 0 ? [] : [runOf(changes, sightings)],
    stored,
    (ruleId) => responses.get(ruleId) ?? { mode: 'record' },
  );
}

/** A bucket policy has no tags, and its bucket has. */
async function taggedOf(
  { partOf }: ResourceChange,
  properties: Json,
  { store, aws }: JudgeWorld,
): Promise<Json> {
  if (partOf === undefined) return properties;
  const known = (await store.resourceStates(subjectKey(partOf))).at(-1);
  if (known !== undefined) return known.properties;
  const live = await liveResource(aws, partOf);
  return live.kind === 'found' ? live.properties : {};
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
  const live = await liveResource(aws, subject).catch((error: unknown) => {
    throw new NotReadYet(`${subject.type} ${subject.id}: ${describeAwsError(error)}`, { cause: error });
  });
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

function runOf(changes: readonly ResourceChange[], sightings: readonly Sighting[]): Run {
  const [{ subject, at: began }] = changes as [ResourceChange];
  const times = changes.map(({ at }) => at);
  return {
    subject,
    seenOn: [subject],
    began,
    firstSeen: Math.min(...times),
    lastSeen: Math.max(...times),
    order: 0,
    sightings,
  };
}
