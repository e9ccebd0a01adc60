import type { Touched } from '../touched.ts';

/**
 * Where a text is in a record: `request.groupId`, `response.instancesSet.items[].instanceId` (each of a
 * list), `resources[].ARN`, `identity.userName`; also `account`, `region` and `partition`. With braces it
 * is a pattern, and a place may be followed by the name of a conversion:
 * `{request.policyName}|{request.roleName}`, `{request.keyId:key-id}`.
 */
export type Identifier = string;

/** Properties by the members of a request (or of a part of it) that set them. */
export interface ByMember {
  readonly of: string;
  readonly names: Readonly<Record<string, string>>;
  /** Nothing is touched when none of them is there; else it may be a member that is not known yet, and all may be. */
  readonly only?: true;
}

export interface Condition {
  readonly at: string;
  /** One of these, or anything at all. */
  readonly is?: readonly string[];
  /** Turns it round. */
  readonly not?: true;
}

/** One line of what an API call does to a resource. */
export interface Touch {
  /** A CloudFormation type; by the beginning of the identifier where a call is for resources of many types. */
  readonly type: string | Readonly<Record<string, string>>;
  /** Parts of the primary identifier, `|` between them; the first that the record has. */
  readonly id: readonly Identifier[];
  readonly change: Touched['change'];
  readonly attributes: readonly string[] | ByMember;
  readonly partOf?: { readonly type: string; readonly id: readonly Identifier[] };
  readonly when?: readonly Condition[];
}

/** What the calls of one service touch, by the name of the operation. */
export interface TouchTable {
  readonly source: string;
  readonly calls: Readonly<Record<string, readonly Touch[]>>;
}

type Id = Identifier | readonly Identifier[];

export interface More {
  readonly partOf?: readonly [type: string, id: Id];
  readonly when?: Condition | readonly Condition[];
}

export function created(type: Touch['type'], id: Id, more: More = {}): Touch {
  return { type, id: listed(id), change: 'created', attributes: [], ...rest(more) };
}

export function changed(
  type: Touch['type'],
  id: Id,
  attributes: Touch['attributes'] = [],
  more: More = {},
): Touch {
  return { type, id: listed(id), change: 'changed', attributes, ...rest(more) };
}

export function deleted(type: Touch['type'], id: Id, more: More = {}): Touch {
  return { type, id: listed(id), change: 'deleted', attributes: [], ...rest(more) };
}

function rest({ partOf, when }: More): Pick<Touch, 'partOf' | 'when'> {
  return {
    ...(partOf === undefined ? {} : { partOf: { type: partOf[0], id: listed(partOf[1]) } }),
    ...(when === undefined ? {} : { when: [when].flat() }),
  };
}

function listed(id: Id): readonly Identifier[] {
  return typeof id === 'string' ? [id] : id;
}
