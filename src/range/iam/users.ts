import type {
  CreateUserCommandInput,
  ListUsersCommandInput,
  UpdateUserCommandInput,
  User,
} from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Caller } from '../caller.ts';
import { below, page } from './page.ts';
import { checkName, checkPath, iamId, iamOf, refuseTaken, type SimulatedUser, userOf } from './state.ts';
import { tagList, tagMap } from './tags.ts';

type UserInput = { readonly UserName?: string | undefined };

export function createUser(account: Account, input: CreateUserCommandInput): { User: User } {
  const { UserName: name = '', Path: path = '/', PermissionsBoundary: permissionsBoundary } = input;
  const { users } = iamOf(account);
  checkName(name, 'userName', 64);
  checkPath(path);
  refuseTaken(users.keys(), name, 'User');
  const user: SimulatedUser = {
    name,
    path,
    id: iamId(account, 'AIDA'),
    arn: `arn:aws:iam::${account.id}:user${path}${name}`,
    createdAt: account.clock.now(),
    inline: new Map(),
    attached: new Set(),
    tags: tagMap(input.Tags),
    accessKeys: new Map(),
    mfaDevices: new Map(),
    loginProfile: undefined,
    permissionsBoundary,
  };
  users.set(name, user);
  return { User: described(user) };
}

export function getUser(account: Account, input: UserInput, _: AbortSignal, caller: Caller): { User: User } {
  return { User: described(userOf(account, input.UserName ?? callerName(caller))) };
}

export function listUsers(account: Account, input: ListUsersCommandInput) {
  const { items, ...rest } = page(below(iamOf(account).users.values(), input), input);
  return { Users: items.map((user) => ({ ...described(user), Tags: undefined })), ...rest };
}

export function updateUser(account: Account, input: UpdateUserCommandInput): object {
  const user = userOf(account, input.UserName);
  const { users, groups } = iamOf(account);
  const { NewUserName: name = user.name, NewPath: path = user.path } = input;
  checkName(name, 'newUserName', 64);
  checkPath(path);
  const others = [...users.keys()].filter((one) => one !== user.name);
  refuseTaken(others, name, 'User');
  users.delete(user.name);
  users.set(name, { ...user, name, path, arn: `arn:aws:iam::${account.id}:user${path}${name}` });
  for (const { members } of groups.values()) if (members.delete(user.name)) members.add(name);
  return {};
}

/** Everything that a user has must be taken from it first. */
export function deleteUser(account: Account, { UserName }: UserInput): object {
  const user = userOf(account, UserName);
  const { users, groups } = iamOf(account);
  refuseWhile(user.attached.size > 0, 'must detach all policies first.');
  refuseWhile(user.inline.size > 0, 'must delete policies first.');
  refuseWhile(user.accessKeys.size > 0, 'must delete access keys first.');
  refuseWhile(user.loginProfile !== undefined, 'must delete login profile first.');
  refuseWhile(user.mfaDevices.size > 0, 'must delete MFA device first.');
  const inGroup = [...groups.values()].some(({ members }) => members.has(user.name));
  refuseWhile(inGroup, 'must remove users from group first.');
  users.delete(user.name);
  return {};
}

export function refuseWhile(is: boolean, what: string): void {
  if (is) throw new AwsError('DeleteConflict', `Cannot delete entity, ${what}`, 409);
}

/** The user that a call is about when it names none: who makes it. */
export function callerName({ userName }: Caller): string {
  if (userName !== undefined) return userName;
  throw new AwsError('ValidationError', 'Must specify userName when calling with non-User credentials');
}

function described({ name, path, id, arn, createdAt, tags, permissionsBoundary }: SimulatedUser): User {
  return {
    UserName: name,
    Path: path,
    UserId: id,
    Arn: arn,
    CreateDate: new Date(createdAt),
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
