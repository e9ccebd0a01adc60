import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { isKnownPolicy } from './attached-policies.ts';
import { unprotectedRole } from './roles.ts';
import { found, userOf } from './state.ts';

interface BoundaryInput {
  readonly UserName?: string | undefined;
  readonly RoleName?: string | undefined;
  readonly PermissionsBoundary?: string | undefined;
}

const OF = {
  user: (account: Account, { UserName }: BoundaryInput) => userOf(account, UserName),
  role: (account: Account, { RoleName }: BoundaryInput) => unprotectedRole(account, RoleName),
};

export function putBoundary(kind: keyof typeof OF) {
  return (account: Account, input: BoundaryInput): object => {
    const one = OF[kind](account, input);
    const { PermissionsBoundary = '' } = input;
    if (!isKnownPolicy(account, PermissionsBoundary))
      throw new AwsError(
        'NoSuchEntity',
        `Policy ${PermissionsBoundary} does not exist or is not attachable.`,
        404,
      );
    one.permissionsBoundary = PermissionsBoundary;
    return {};
  };
}

export function deleteBoundary(kind: keyof typeof OF) {
  return (account: Account, input: BoundaryInput): object => {
    const one = OF[kind](account, input);
    found(
      one.permissionsBoundary,
      `${kind === 'user' ? 'User' : 'Role'} ${one.name} has no permissions boundary.`,
    );
    one.permissionsBoundary = undefined;
    return {};
  };
}
