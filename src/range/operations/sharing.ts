import type { OperationType } from '@aws-sdk/client-ec2';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError, badParameter } from '../aws-error.ts';

/** Whom a snapshot or an image is shared with: account ids, and `all` for everybody. */
const sharing = accountState(() => new Map<string, ReadonlySet<string>>());

export const EVERYBODY = 'all';

export function sharedWith(account: Account, id: string): ReadonlySet<string> {
  return sharing(account).get(id) ?? new Set();
}

interface Permission {
  readonly UserId?: string | undefined;
  readonly Group?: string | undefined;
}

/** The two ways in which a request can say what to change. */
export interface SharingRequest {
  readonly change:
    | { readonly Add?: Permission[] | undefined; readonly Remove?: Permission[] | undefined }
    | undefined;
  readonly operation: OperationType | undefined;
  readonly users: readonly string[] | undefined;
  readonly groups: readonly string[] | undefined;
}

/** What a request adds and removes; EC2 does not do both at once. */
export function sharingChange({ change, operation, users, groups }: SharingRequest): {
  readonly add: readonly string[];
  readonly remove: readonly string[];
} {
  const named = [...(users ?? []), ...(groups ?? [])];
  const add = [...(change?.Add ?? []).flatMap(granted), ...(operation === 'add' ? named : [])];
  const remove = [...(change?.Remove ?? []).flatMap(granted), ...(operation === 'remove' ? named : [])];
  if (named.length > 0 && operation === undefined)
    throw new AwsError('MissingParameter', 'The request must contain the parameter operationType');
  if (add.length > 0 && remove.length > 0)
    throw new AwsError('InvalidParameterCombination', 'You can only add or remove in one request');
  if (add.length + remove.length === 0) throw badParameter('The request must say whom to add or remove');
  for (const one of [...add, ...remove]) {
    if (one !== EVERYBODY && !/^\d{12}$/.test(one))
      throw new AwsError(
        'InvalidAMIAttributeItemValue',
        `Invalid attribute item value "${one}" for userId item type.`,
      );
  }
  return { add, remove };
}

export function share(
  account: Account,
  id: string,
  { add, remove }: { readonly add: readonly string[]; readonly remove: readonly string[] },
): void {
  const now = [...sharedWith(account, id), ...add].filter((one) => !remove.includes(one));
  sharing(account).set(id, new Set(now));
}

/** As an attribute of a snapshot or image is answered. */
export function permissionsOf(account: Account, id: string): ({ Group: 'all' } | { UserId: string })[] {
  return [...sharedWith(account, id)].map((one) => (one === EVERYBODY ? { Group: 'all' } : { UserId: one }));
}

function granted({ UserId, Group }: Permission): string[] {
  return [UserId, Group].filter((one) => one !== undefined);
}
