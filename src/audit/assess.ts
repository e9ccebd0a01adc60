import type { Json } from '../model/json.ts';
import type { Assessment } from './answers.ts';
import type { ApiCall } from './api-call.ts';
import { type ApprovalSettings, approvalOf, type ChangedResource, reactionTo } from './approval.ts';
import { membersOf } from './patch.ts';
import { type Principal, principalOf } from './principal.ts';

/** What is done with an unapproved change when nothing else is said. */
export const ROLL_BACK = 'roll-back';
const STACK_TAG = 'aws:cloudformation:stack-name';

/**
 * Where a change stands by who made it. `own`: ARNs of those who run Cordon, as STS names them; `tagged`:
 * the resource with the tags.
 */
export function assess(
  call: ApiCall,
  tagged: Json,
  settings: ApprovalSettings,
  own: readonly string[],
): Assessment {
  const principal = principalOf(call, settings.roles);
  if (own.some((arn) => isCaller(principal, arn))) return { standing: 'own', why: 'Cordon did it' };
  const { verdict, why } = approvalOf(principal, settings);
  if (verdict === 'break-glass') return { standing: verdict, why, response: { mode: 'record' } };
  if (verdict !== 'unapproved') return { standing: verdict, why };
  const { mode, playbook = ROLL_BACK, because } = reactionTo(changedResource(tagged), settings);
  if (mode === 'ignore') return { standing: verdict, why };
  return { standing: verdict, why: `${why}; ${because}`, response: { mode, playbook } };
}

/** Whether a principal is the one that STS names so: the ARN of a session lacks the path of its role. */
function isCaller({ arn, name }: Principal, own: string): boolean {
  if (arn === own) return true;
  const [, account, role] = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\//.exec(own) ?? [];
  return role !== undefined && role === name && arn.includes(`:iam::${account}:role/`);
}

/** The tags that a resource has and those that it had: whoever changes it may take tags away first. */
export function withEarlierTags(now: Json, before: Json): Json {
  const tags = [...tagsOf(now), ...tagsOf(before)];
  return { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) };
}

export function changedResource(properties: Json): ChangedResource {
  const tags = tagsOf(properties);
  const stack = tags.find(({ key }) => key === STACK_TAG)?.value;
  return { tags, ...(stack === undefined ? {} : { stack }) };
}

/** Tags are a list of pairs in most types of CloudFormation, and a map in some. */
function tagsOf(properties: Json): ChangedResource['tags'] {
  const { Tags } = membersOf(properties);
  const pairs: (readonly [Json | undefined, Json | undefined])[] = Array.isArray(Tags)
    ? (Tags as readonly Json[]).map(membersOf).map(({ Key, Value }) => [Key, Value])
    : Object.entries(membersOf(Tags ?? null));
  return pairs.flatMap(([key, value]) =>
    typeof key === 'string' && typeof value === 'string' ? [{ key, value }] : [],
  );
}

/** Who it was, for a person: what the caller chose, such as the name of a session, comes last. */
export function principalText({ kind, arn, name, session }: Principal): string {
  const who = arn === '' ? `${kind} ${name}` : arn;
  return session === undefined ? who : `${who} (session ${session})`;
}
