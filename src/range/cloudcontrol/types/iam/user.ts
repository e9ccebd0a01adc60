import { iamOf } from '../../../iam/state.ts';
import { applyChanges, missingFrom, present, type Setter, unless } from '../../changes.ts';
import { type CfnTag, type Properties, type ResourceType, tagProperty } from '../../resource-type.ts';
import { clearPolicies, iam, identitySetters, policiesOf, policySetters } from './principal.ts';

interface User {
  readonly Arn: string;
  readonly Path: string;
  readonly PermissionsBoundary?: { readonly PermissionsBoundaryArn: string };
  readonly Tags?: CfnTag[];
}

interface LoginProfile {
  readonly Password?: string;
  readonly PasswordResetRequired?: unknown;
}

const SETTERS: Readonly<Record<string, Setter>> = {
  Groups(account, UserName, after, before) {
    for (const GroupName of missingFrom(before, after))
      iam(account, 'AddUserToGroup', { UserName, GroupName });
    for (const GroupName of missingFrom(after, before))
      iam(account, 'RemoveUserFromGroup', { UserName, GroupName });
  },
  LoginProfile(account, UserName, after, before) {
    if (after === undefined) {
      iam(account, 'DeleteLoginProfile', { UserName });
      return;
    }
    const { Password, PasswordResetRequired } = after as LoginProfile;
    iam(account, before === undefined ? 'CreateLoginProfile' : 'UpdateLoginProfile', {
      UserName,
      ...present({ Password }),
      PasswordResetRequired: PasswordResetRequired === true || PasswordResetRequired === 'true',
    });
  },
  ...policySetters('User'),
  ...identitySetters('User'),
};

/** Source: AWS CloudFormation Template Reference, "AWS::IAM::User". */
export const USER: ResourceType = {
  replacement: ['UserName'],
  readOnly: ['Arn'],
  writeOnly: ['LoginProfile'],
  name: 'UserName',
  isIam: true,
  create(account, properties, newName) {
    const UserName = String(properties.UserName ?? newName);
    const { Path, PermissionsBoundary, Tags, ...rest } = properties;
    const { User } = iam<{ User: User }>(account, 'CreateUser', {
      UserName,
      ...present({ Path, PermissionsBoundary, Tags }),
    });
    this.update(account, UserName, rest, {});
    return { physicalId: UserName, attributes: { Arn: User.Arn } };
  },
  update(account, name, after, before) {
    applyChanges(SETTERS, account, name, { before, after });
  },
  /** Keys and MFA devices that nobody declared keep the user. */
  delete(account, UserName) {
    clearPolicies(account, 'User', UserName);
    for (const GroupName of groupsOf(account, UserName))
      iam(account, 'RemoveUserFromGroup', { UserName, GroupName });
    unless(/^NoSuchEntity$/, () => iam(account, 'DeleteLoginProfile', { UserName }));
    iam(account, 'DeleteUser', { UserName });
  },
  read(account, UserName): Properties | undefined {
    const found = unless(/^NoSuchEntity$/, () => iam<{ User: User }>(account, 'GetUser', { UserName }));
    if (found === undefined) return undefined;
    const { User } = found;
    const Groups = groupsOf(account, UserName);
    return present({
      UserName,
      Path: User.Path,
      Arn: User.Arn,
      Groups: Groups.length === 0 ? undefined : Groups,
      PermissionsBoundary: User.PermissionsBoundary?.PermissionsBoundaryArn,
      ...policiesOf(account, 'User', UserName),
      ...tagProperty(User.Tags ?? []),
    });
  },
  list: (account) => [...iamOf(account).users.keys()],
};

function groupsOf(account: Parameters<typeof iam>[0], UserName: string): string[] {
  const { Groups } = iam<{ Groups: { GroupName: string }[] }>(account, 'ListGroupsForUser', { UserName });
  return Groups.map(({ GroupName }) => GroupName);
}
