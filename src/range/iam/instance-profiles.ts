import type { CreateInstanceProfileCommandInput, InstanceProfile } from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { described as describedRole } from './roles.ts';
import {
  checkName,
  checkPath,
  found,
  iamId,
  iamOf,
  refuseTaken,
  roleOf,
  type SimulatedProfile,
} from './state.ts';
import { refuseWhile } from './users.ts';

interface ProfileInput {
  readonly InstanceProfileName?: string | undefined;
  readonly RoleName?: string | undefined;
}

export function createInstanceProfile(
  account: Account,
  { InstanceProfileName: name = '', Path: path = '/' }: CreateInstanceProfileCommandInput,
): { InstanceProfile: InstanceProfile } {
  const { profiles } = iamOf(account);
  checkName(name, 'instanceProfileName', 128);
  checkPath(path);
  refuseTaken(profiles.keys(), name, 'Instance Profile');
  const profile: SimulatedProfile = {
    name,
    path,
    id: iamId(account, 'AIPA'),
    arn: `arn:aws:iam::${account.id}:instance-profile${path}${name}`,
    createdAt: account.clock.now(),
    role: undefined,
  };
  profiles.set(name, profile);
  return { InstanceProfile: described(account, profile) };
}

export function getInstanceProfile(account: Account, input: ProfileInput) {
  return { InstanceProfile: described(account, profileOf(account, input)) };
}

export function addRoleToInstanceProfile(account: Account, input: ProfileInput): object {
  const profile = profileOf(account, input);
  const role = roleOf(account, input.RoleName);
  if (profile.role !== undefined)
    throw new AwsError('LimitExceeded', 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', 409);
  profile.role = role.name;
  return {};
}

export function removeRoleFromInstanceProfile(account: Account, input: ProfileInput): object {
  const profile = profileOf(account, input);
  const { name } = roleOf(account, input.RoleName);
  found(profile.role === name || undefined, `The role with name ${name} cannot be found.`);
  profile.role = undefined;
  return {};
}

export function deleteInstanceProfile(account: Account, input: ProfileInput): object {
  const profile = profileOf(account, input);
  refuseWhile(profile.role !== undefined, 'must remove roles from instance profile first.');
  iamOf(account).profiles.delete(profile.name);
  return {};
}

function profileOf(account: Account, { InstanceProfileName: name = '' }: ProfileInput): SimulatedProfile {
  return found(iamOf(account).profiles.get(name), `Instance Profile ${name} cannot be found.`);
}

function described(account: Account, profile: SimulatedProfile): InstanceProfile {
  const role = iamOf(account).roles.get(profile.role ?? '');
  return {
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    Path: profile.path,
    CreateDate: new Date(profile.createdAt),
    Roles: role === undefined ? [] : [describedRole(role)],
  };
}
