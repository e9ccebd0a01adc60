import type {
  CreateRoleCommandInput,
  ListRolesCommandInput,
  Role,
  UpdateAssumeRolePolicyCommandInput,
  UpdateRoleCommandInput,
} from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { below, page } from './page.ts';
import { encodedDocument, parsePolicy } from './policy-document.ts';
import { checkName, checkPath, iamId, iamOf, refuseTaken, roleOf, type SimulatedRole } from './state.ts';
import { tagList, tagMap } from './tags.ts';
import { refuseWhile } from './users.ts';

type RoleInput = { readonly RoleName?: string | undefined };

const TRUST_LIMIT = 2_048;
const HOUR = 3_600;

export function createRole(account: Account, input: CreateRoleCommandInput): { Role: Role } {
  const { RoleName: name = '', Path: path = '/', AssumeRolePolicyDocument: trust = '' } = input;
  const { roles } = iamOf(account);
  checkName(name, 'roleName', 64);
  checkPath(path);
  refuseTaken(roles.keys(), name, 'Role');
  checkTrust(trust);
  const role: SimulatedRole = {
    name,
    path,
    id: iamId(account, 'AROA'),
    arn: `arn:aws:iam::${account.id}:role${path}${name}`,
    createdAt: account.clock.now(),
    inline: new Map(),
    attached: new Set(),
    tags: tagMap(input.Tags),
    trust,
    description: input.Description,
    maxSessionDuration: input.MaxSessionDuration ?? HOUR,
    permissionsBoundary: input.PermissionsBoundary,
  };
  roles.set(name, role);
  return { Role: described(role) };
}

export function getRole(account: Account, { RoleName }: RoleInput): { Role: Role } {
  return { Role: described(roleOf(account, RoleName)) };
}

export function listRoles(account: Account, input: ListRolesCommandInput) {
  const { items, ...rest } = page(below(iamOf(account).roles.values(), input), input);
  return { Roles: items.map((role) => ({ ...described(role), Tags: undefined })), ...rest };
}

export function updateRole(account: Account, input: UpdateRoleCommandInput): object {
  const role = unprotectedRole(account, input.RoleName);
  if (input.Description !== undefined) role.description = input.Description;
  if (input.MaxSessionDuration !== undefined) role.maxSessionDuration = input.MaxSessionDuration;
  return {};
}

export function updateAssumeRolePolicy(account: Account, input: UpdateAssumeRolePolicyCommandInput): object {
  const role = unprotectedRole(account, input.RoleName);
  checkTrust(input.PolicyDocument ?? '');
  role.trust = input.PolicyDocument ?? '';
  return {};
}

export function deleteRole(account: Account, { RoleName }: RoleInput): object {
  const role = unprotectedRole(account, RoleName);
  const { roles, profiles } = iamOf(account);
  refuseWhile(role.attached.size > 0, 'must detach all policies first.');
  refuseWhile(role.inline.size > 0, 'must delete policies first.');
  const inProfile = [...profiles.values()].some((profile) => profile.role === role.name);
  refuseWhile(inProfile, 'must remove roles from instance profile first.');
  roles.delete(role.name);
  return {};
}

/** A role of a service is changed by that service alone. */
export function unprotectedRole(account: Account, name: string | undefined): SimulatedRole {
  const role = roleOf(account, name);
  if (!role.path.startsWith('/aws-service-role/')) return role;
  throw new AwsError(
    'UnmodifiableEntity',
    `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
  );
}

function checkTrust(document: string): void {
  parsePolicy(document, 'trust');
  if (document.length > TRUST_LIMIT)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for ACLSizePerRole: ${TRUST_LIMIT}`, 409);
}

export function described(role: SimulatedRole): Role {
  const { permissionsBoundary, tags } = role;
  return {
    RoleName: role.name,
    Path: role.path,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodedDocument(role.trust),
    ...(role.description === undefined ? {} : { Description: role.description }),
    MaxSessionDuration: role.maxSessionDuration,
    ...(permissionsBoundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
            PermissionsBoundaryArn: permissionsBoundary,
          },
        }),
    ...(tags.size === 0 ? {} : { Tags: tagList(tags) }),
  };
}
