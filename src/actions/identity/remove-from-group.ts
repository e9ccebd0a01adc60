import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import { ACCESS_KEY, USER } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { FIND_USER, findPrincipal } from './principal.ts';
import { recordedIdentity } from './record-identity.ts';
import { isOurs, untilShown } from './settle.ts';

interface Removed {
  readonly userName: string;
  readonly groups: readonly string[];
}

export const removeFromGroup = defineAction({
  name: 'remove-from-group',
  title: 'Remove the user from its groups',
  group: 'identity',
  subjects: [USER, ACCESS_KEY],
  effect: 'reversible',
  needs: ['record-identity'],
  permissions: [...FIND_USER, 'iam:ListGroupsForUser', 'iam:RemoveUserFromGroup'],
  about: {
    precondition: 'the subject is a user of this account',
    effect: 'removes the user from the group that the playbook names, or from all',
    proof: 'IAM lists the user in none of them',
    idempotency: 'a group that the user is not in is left alone',
  },
  input: z.strictObject({
    group: z
      .string()
      .regex(/^[\w+=,.@-]{1,128}$/, 'a name of a group')
      .optional()
      .describe('only this group; without it every group of the user'),
  }),
  undo: {
    kind: 'by',
    how: 'add the user to the groups that it was removed from',
    permissions: ['iam:ListGroupsForUser', 'iam:AddUserToGroup'],
    run: addBack,
  },
  plan: ({ id }, { group }) =>
    `remove ${id} from ${group === undefined ? 'all its groups' : `group ${group}`}`,
  async run(context) {
    const { aws, subject, input } = context;
    const principal = await findPrincipal(aws, subject, 'user');
    if ('refused' in principal) return { status: 'ask', reason: principal.refused };
    const { name } = principal;
    const iam = await aws.use('iam');
    const isWanted = (group: string): boolean => input.group === undefined || group === input.group;
    const before = (await groupsOf(aws, name)).filter(isWanted);
    for (const GroupName of before) {
      await iam.removeUserFromGroup({ UserName: name, GroupName }).catch((error: unknown) => {
        if (awsErrorCode(error) !== 'NoSuchEntity') throw error;
      });
    }
    const isOut = async (): Promise<boolean> => !(await groupsOf(aws, name)).some(isWanted);
    await untilShown(context, isOut, 'the user is in no group');
    const recorded = recordedIdentity(context.output('record-identity')).groups.filter(isWanted);
    const earlier = recorded.filter((group) => !before.includes(group) && isOurs(context, false));
    const output: Removed = { userName: name, groups: [...before, ...earlier] };
    return done(
      { ...output },
      output.groups.length === 0
        ? `${name} is in no such group`
        : `${name} is out of ${output.groups.join(', ')}`,
    );
  },
});

async function groupsOf(aws: AwsClients, userName: string): Promise<string[]> {
  const iam = await aws.use('iam');
  const names: string[] = [];
  for await (const { Groups } of iam.paginateListGroupsForUser({ UserName: userName })) {
    names.push(...(Groups ?? []).map(({ GroupName }) => GroupName ?? ''));
  }
  return names;
}

async function addBack({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const { userName, groups } = undone as unknown as Removed;
  if (groups.length === 0) return done([], 'it had removed the user from no group');
  const iam = await aws.use('iam');
  const back: string[] = [];
  const gone: string[] = [];
  try {
    const now = await groupsOf(aws, userName);
    for (const GroupName of groups.filter((group) => !now.includes(group))) {
      const added = await iam.addUserToGroup({ UserName: userName, GroupName }).then(
        () => true,
        (error: unknown) => {
          if (awsErrorCode(error) === 'NoSuchEntity') return false;
          throw error;
        },
      );
      (added ? back : gone).push(GroupName);
    }
  } catch (error) {
    if (awsErrorCode(error) !== 'NoSuchEntity') throw error;
    return done([], `${userName} is gone`);
  }
  const missing = gone.length === 0 ? '' : `; ${gone.join(', ')} deleted since`;
  return done(back, `${userName} is in ${back.join(', ') || 'no group'} again${missing}`);
}
