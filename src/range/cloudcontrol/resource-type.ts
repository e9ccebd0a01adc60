import type { Account } from '../account.ts';
import type { KnownResource } from '../cloudformation/evaluate.ts';

export type Properties = Readonly<Record<string, unknown>>;

/**
 * A type of resources, as the CloudFormation registry has it: its handlers turn properties of the
 * CloudFormation schema into calls of the service, and what the service has into properties. Stacks and
 * the Cloud Control API share them.
 */
export interface ResourceType {
  /** Properties that cannot change without a new resource: the schema's `createOnlyProperties`. */
  readonly replacement: readonly string[];
  /** Properties that AWS sets: the schema's `readOnlyProperties`. */
  readonly readOnly?: readonly string[];
  /** Properties that are taken and never shown: the schema's `writeOnlyProperties`. */
  readonly writeOnly?: readonly string[];
  /** A property that names the resource, when one is given. */
  readonly name?: string;
  /** Creating one changes what somebody may do. */
  readonly isIam?: true;
  /** `newName` for a resource that is given none. The physical id is the schema's primary identifier. */
  create(account: Account, properties: Properties, newName: string): KnownResource;
  /** To these properties, and to the defaults for what is not among them. */
  update(account: Account, id: string, properties: Properties): void;
  delete(account: Account, id: string): void;
  /** As it is in the account; nothing where it is gone. Without it drift is not supported. */
  read?(account: Account, id: string): Properties | undefined;
  /** The identifiers of all there are. Without it the Cloud Control API does not support the type. */
  list?(account: Account): string[];
}

export interface CfnTag {
  readonly Key: string;
  readonly Value: string;
}

/** The tags of a resource as its schema has them: left out where there are none. */
export function tagProperty(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): { Tags?: CfnTag[] } {
  // AWS's own are not the resource's.
  const own = tags.filter(({ Key = '' }) => !Key.startsWith('aws:'));
  return own.length === 0 ? {} : { Tags: own.map(({ Key = '', Value = '' }) => ({ Key, Value })) };
}

/** What a change of tags takes: which to put, and the keys of those to take away. */
export function tagChanges(
  before: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
  wanted: unknown,
): { readonly put: CfnTag[]; readonly remove: string[] } {
  const after = ((wanted ?? []) as CfnTag[]).map(({ Key, Value }) => ({ Key, Value: String(Value) }));
  const now = new Map(before.map(({ Key, Value }) => [Key, Value]));
  return {
    put: after.filter(({ Key, Value }) => now.get(Key) !== Value),
    remove: before
      .map(({ Key = '' }) => Key)
      .filter((key) => !key.startsWith('aws:') && !after.some(({ Key }) => Key === key)),
  };
}
