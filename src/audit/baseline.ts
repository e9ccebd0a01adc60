import type { AwsClients } from '../aws/clients.ts';
import { describeAwsError } from '../aws/errors.ts';
import { liveResource } from '../aws/resources/live-resource.ts';
import type { ResourceState } from '../model/resource.ts';
import type { Subject } from '../model/subject.ts';
import { failingPolicies, type JudgeResource } from '../model/violation.ts';
import type { Store } from '../store/store.ts';
import { isGlobal } from './elsewhere.ts';

export interface BaselineWorld {
  readonly store: Store;
  readonly aws: AwsClients;
  readonly judge: JudgeResource;
  readonly account: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** What became of a type or a resource of it. */
export type BaselineNews =
  | { readonly kind: 'resource'; readonly state: ResourceState }
  | { readonly kind: 'not-listed'; readonly type: string; readonly why: string }
  | { readonly kind: 'not-read'; readonly subject: Subject; readonly why: string };

const AT_ONCE = 4;

/**
 * Reads every resource of some types, judges it and keeps its state: what a later change can be taken back
 * to. What cannot be listed or read is told of and passed over; only a type that was read whole counts as
 * listed, for what is not known of it later is taken as not having been there.
 */
export async function* takeBaseline(
  types: readonly string[],
  world: BaselineWorld,
): AsyncGenerator<BaselineNews> {
  for (const type of types) {
    const at = world.now();
    const listed = await idsOf(type, world.aws);
    if (typeof listed === 'string') {
      yield { kind: 'not-listed', type, why: listed };
      continue;
    }
    let isWhole = true;
    for (let from = 0; from < listed.length && !world.signal.aborted; from += AT_ONCE) {
      const ids = listed.slice(from, from + AT_ONCE);
      const states = await Promise.all(ids.map((id) => stateOf(subjectOf(type, id, world), world)));
      if (states.some(({ kind }) => kind === 'not-read')) isWhole = false;
      yield* states;
    }
    if (world.signal.aborted) return;
    if (!isWhole) continue;
    const { id: _, ...all } = subjectOf(type, '', world);
    await world.store.commit([{ kind: 'resources-listed', type: all, at }]);
  }
}

/** Identifiers of all resources of a type, or why they are not known. */
async function idsOf(type: string, aws: AwsClients): Promise<string[] | string> {
  const cloudcontrol = await aws.use('cloudcontrol');
  const ids: string[] = [];
  try {
    for (let token: string | undefined; ; ) {
      const page = await cloudcontrol.listResources({ TypeName: type, NextToken: token });
      ids.push(...(page.ResourceDescriptions ?? []).flatMap(({ Identifier }) => Identifier ?? []));
      token = page.NextToken;
      if (token === undefined) return ids;
    }
  } catch (error) {
    return describeAwsError(error);
  }
}

async function stateOf(subject: Subject, world: BaselineWorld): Promise<BaselineNews> {
  const at = world.now();
  const live = await liveResource(world.aws, subject).catch((error: unknown) => ({
    kind: 'unreadable' as const,
    why: describeAwsError(error),
  }));
  if (live.kind === 'unreadable') return { kind: 'not-read', subject, why: live.why };
  if (live.kind === 'gone') return { kind: 'not-read', subject, why: 'it is gone since it was listed' };
  const { properties } = live;
  const failing = failingPolicies(world.judge(subject, properties));
  const state: ResourceState = { subject, at, properties, failing, changes: [] };
  await world.store.commit([{ kind: 'resource-state', state }]);
  return { kind: 'resource', state };
}

const GLOBAL_REGION = 'us-east-1';

function subjectOf(type: string, id: string, { account, aws }: BaselineWorld): Subject {
  return { type, id, account, region: isGlobal(type) ? GLOBAL_REGION : aws.region };
}
