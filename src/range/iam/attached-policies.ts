import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { AWS_MANAGED, isAwsManaged } from './aws-managed.ts';
import { page } from './page.ts';
import { unprotectedRole } from './roles.ts';
import { found, groupOf, iamOf, roleOf, userOf } from './state.ts';

interface AttachInput {
  readonly UserName?: string | undefined;
  readonly RoleName?: string | undefined;
  readonly GroupName?: string | undefined;
  readonly PolicyArn?: string | undefined;
  readonly PathPrefix?: string | undefined;
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

const OF = {
  user: (account: Account, { UserName }: AttachInput) => userOf(account, UserName),
  role: (account: Account, { RoleName }: AttachInput) => roleOf(account, RoleName),
  group: (account: Account, { GroupName }: AttachInput) => groupOf(account, GroupName),
};

const TO_CHANGE = {
  ...OF,
  role: (account: Account, { RoleName }: AttachInput) => unprotectedRole(account, RoleName),
};

type Kind = keyof typeof OF;

/** Source: IAM User Guide, "IAM and AWS STS quotas". */
const POLICIES_EACH = 10;
const QUOTA = { user: 'PoliciesPerUser', role: 'PoliciesPerRole', group: 'PoliciesPerGroup' };

/** To attach what is attached already is no error. */
export function attach(kind: Kind) {
  return (account: Account, input: AttachInput): object => {
    const { attached } = TO_CHANGE[kind](account, input);
    const { PolicyArn = '' } = input;
    if (!isKnownPolicy(account, PolicyArn))
      throw new AwsError('NoSuchEntity', `Policy ${PolicyArn} does not exist or is not attachable.`, 404);
    if (!attached.has(PolicyArn) && attached.size >= POLICIES_EACH)
      throw new AwsError('LimitExceeded', `Cannot exceed quota for ${QUOTA[kind]}: ${POLICIES_EACH}`, 409);
    attached.add(PolicyArn);
    return {};
  };
}

export function detach(kind: Kind) {
  return (account: Account, input: AttachInput): object => {
    const { attached } = TO_CHANGE[kind](account, input);
    const { PolicyArn = '' } = input;
    found(attached.has(PolicyArn) || undefined, `Policy ${PolicyArn} was not found.`);
    attached.delete(PolicyArn);
    return {};
  };
}

export function listAttached(kind: Kind) {
  return (account: Account, input: AttachInput) => {
    const { attached } = OF[kind](account, input);
    const { PathPrefix = '/' } = input;
    const own = [...attached].filter((arn) => pathOf(arn).startsWith(PathPrefix)).sort();
    const { items, ...rest } = page(own, input);
    const AttachedPolicies = items.map((PolicyArn) => ({
      PolicyArn,
      PolicyName: PolicyArn.slice(PolicyArn.lastIndexOf('/') + 1),
    }));
    return { AttachedPolicies, ...rest };
  };
}

export function isKnownPolicy(account: Account, arn: string): boolean {
  return isAwsManaged(arn) ? AWS_MANAGED.has(arn) : iamOf(account).policies.has(arn);
}

function pathOf(arn: string): string {
  return arn.slice(arn.indexOf('/'), arn.lastIndexOf('/') + 1);
}

/** How many users, roles and groups a policy is attached to. */
export function attachments(account: Account, arn: string): number {
  const { users, roles, groups } = iamOf(account);
  const all = [...users.values(), ...roles.values(), ...groups.values()];
  return all.filter(({ attached }) => attached.has(arn)).length;
}
