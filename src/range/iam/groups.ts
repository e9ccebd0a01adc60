import type {
  AddUserToGroupCommandInput,
  CreateGroupCommandInput,
  GetGroupCommandInput,
  Group,
  ListGroupsCommandInput,
  ListGroupsForUserCommandInput,
} from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Caller } from '../caller.ts';
import { below, page } from './page.ts';
import {
  checkName,
  checkPath,
  groupOf,
  iamId,
  iamOf,
  refuseTaken,
  type SimulatedGroup,
  userOf,
} from './state.ts';
import { getUser, refuseWhile } from './users.ts';

const GROUPS_PER_USER = 10;

export function createGroup(account: Account, input: CreateGroupCommandInput): { Group: Group } {
  const { GroupName: name = '', Path: path = '/' } = input;
  const { groups } = iamOf(account);
  checkName(name, 'groupName', 128);
  checkPath(path);
  refuseTaken(groups.keys(), name, 'Group');
  const group: SimulatedGroup = {
    name,
    path,
    id: iamId(account, 'AGPA'),
    arn: `arn:aws:iam::${account.id}:group${path}${name}`,
    createdAt: account.clock.now(),
    inline: new Map(),
    attached: new Set(),
    tags: new Map(),
    members: new Set(),
  };
  groups.set(name, group);
  return { Group: described(group) };
}

export function getGroup(account: Account, input: GetGroupCommandInput, gone: AbortSignal, caller: Caller) {
  const group = groupOf(account, input.GroupName);
  const { items, ...rest } = page([...group.members].sort(), input);
  const Users = items.map((UserName) => getUser(account, { UserName }, gone, caller).User);
  return { Group: described(group), Users, ...rest };
}

export function listGroups(account: Account, input: ListGroupsCommandInput) {
  const { items, ...rest } = page(below(iamOf(account).groups.values(), input), input);
  return { Groups: items.map(described), ...rest };
}

export function listGroupsForUser(account: Account, input: ListGroupsForUserCommandInput) {
  const { name } = userOf(account, input.UserName);
  const own = groupsOf(account, name);
  const { items, ...rest } = page(below(own, {}), input);
  return { Groups: items.map(described), ...rest };
}

export function deleteGroup(account: Account, { GroupName }: { GroupName?: string | undefined }): object {
  const group = groupOf(account, GroupName);
  refuseWhile(group.attached.size > 0, 'must detach all policies first.');
  refuseWhile(group.inline.size > 0, 'must delete policies first.');
  refuseWhile(group.members.size > 0, 'must remove users from group first.');
  iamOf(account).groups.delete(group.name);
  return {};
}

/** To add a user that is in the group already is no error. */
export function addUserToGroup(account: Account, input: AddUserToGroupCommandInput): object {
  const group = groupOf(account, input.GroupName);
  const { name } = userOf(account, input.UserName);
  if (!group.members.has(name) && groupsOf(account, name).length >= GROUPS_PER_USER)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for GroupsPerUser: ${GROUPS_PER_USER}`, 409);
  group.members.add(name);
  return {};
}

export function removeUserFromGroup(account: Account, input: AddUserToGroupCommandInput): object {
  const group = groupOf(account, input.GroupName);
  const { name } = userOf(account, input.UserName);
  group.members.delete(name);
  return {};
}

export function groupsOf(account: Account, userName: string): SimulatedGroup[] {
  return [...iamOf(account).groups.values()].filter(({ members }) => members.has(userName));
}

function described({ name, path, id, arn, createdAt }: SimulatedGroup): Group {
  return { GroupName: name, Path: path, GroupId: id, Arn: arn, CreateDate: new Date(createdAt) };
}
