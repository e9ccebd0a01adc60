import { shellWord } from '../../model/shell-word.ts';
import { isObject, listOf, textOf, textsOf } from '../members.ts';
import type { Inverse } from '../way-back.ts';
import {
  backCall,
  calls,
  documentOf,
  linesOf,
  noBefore,
  none,
  nothing,
  notInRecord,
  stateBefore,
} from './inverse.ts';

/** The wire has the one name, and the SDK the other. */
export const NO_ENTITY = ['NoSuchEntity', 'NoSuchEntityException'];

const row = linesOf('iam.amazonaws.com');
const OWNERS = [
  { kind: 'User', member: 'userName' },
  { kind: 'Role', member: 'roleName' },
  { kind: 'Group', member: 'groupName' },
] as const;

/** What is attached to users, roles and groups, and written into them. */
export const IAM_OWNERS: readonly Inverse[] = OWNERS.flatMap(({ kind, member }) => {
  const type = `AWS::IAM::${kind}`;
  const owner = kind.toLowerCase();
  const Name = `${kind}Name`;

  const attachment = (name: string, back: string, wasSo: boolean) =>
    row(`${name}${kind}Policy`, type, [`iam:${back}${kind}Policy`], (call, states) => {
      const who = textOf(call.request, member);
      const policy = textOf(call.request, 'policyArn');
      if (who === undefined || policy === undefined) return notInRecord(call);
      const before = stateBefore(states);
      if (before !== undefined && textsOf(before, 'ManagedPolicyArns').includes(policy) === wasSo)
        return nothing(`${policy} was ${wasSo ? '' : 'not '}attached to the ${owner} ${who} before`);
      return calls(
        `${back.toLowerCase()} ${policy} ${wasSo ? 'from' : 'to'} the ${owner} ${who}`,
        backCall('iam', `${back}${kind}Policy`, { [Name]: who, PolicyArn: policy }, wasSo ? NO_ENTITY : []),
      );
    });

  return [
    attachment('Attach', 'Detach', true),
    attachment('Detach', 'Attach', false),
    row(`Put${kind}Policy`, type, [`iam:Delete${kind}Policy`, `iam:Put${kind}Policy`], (call, states) => {
      const who = textOf(call.request, member);
      const policy = textOf(call.request, 'policyName');
      if (who === undefined || policy === undefined) return notInRecord(call);
      const before = stateBefore(states);
      if (before === undefined && states.before !== null)
        return noBefore(`whether ${policy} was in the ${owner} ${who}`);
      const document = inlinePolicy(before, policy);
      return document === undefined
        ? calls(
            `delete the policy ${policy} of the ${owner} ${who}`,
            backCall('iam', `Delete${kind}Policy`, { [Name]: who, PolicyName: policy }, NO_ENTITY),
          )
        : calls(
            `put the policy ${policy} of the ${owner} ${who} back as it was`,
            backCall('iam', `Put${kind}Policy`, {
              [Name]: who,
              PolicyName: policy,
              PolicyDocument: document,
            }),
          );
    }),
    row(`Delete${kind}Policy`, type, [`iam:Put${kind}Policy`], (call, states) => {
      const who = textOf(call.request, member);
      const policy = textOf(call.request, 'policyName');
      if (who === undefined || policy === undefined) return notInRecord(call);
      const document = inlinePolicy(stateBefore(states), policy);
      if (document === undefined) return noBefore(`the policy ${policy} of the ${owner} ${who}`);
      return calls(
        `put the policy ${policy} of the ${owner} ${who} back`,
        backCall('iam', `Put${kind}Policy`, { [Name]: who, PolicyName: policy, PolicyDocument: document }),
      );
    }),
  ];
});

function inlinePolicy(before: ReturnType<typeof stateBefore>, name: string): string | undefined {
  const policy = listOf(before, 'Policies').find((one) => textOf(one, 'PolicyName') === name);
  return isObject(policy) ? documentOf(policy, 'PolicyDocument') : undefined;
}

/** Boundaries of users and roles. */
export const IAM_BOUNDARIES: readonly Inverse[] = OWNERS.filter(({ kind }) => kind !== 'Group').flatMap(
  ({ kind, member }) => {
    const type = `AWS::IAM::${kind}`;
    const put = `Put${kind}PermissionsBoundary`;
    const remove = `Delete${kind}PermissionsBoundary`;
    const plan: Inverse['plan'] = (call, states) => {
      const who = textOf(call.request, member);
      if (who === undefined) return notInRecord(call);
      const before = stateBefore(states);
      if (before === undefined) return noBefore(`the permissions boundary of ${who}`);
      const boundary = textOf(before, 'PermissionsBoundary');
      return boundary === undefined
        ? calls(
            `remove the permissions boundary of ${who}`,
            backCall('iam', remove, { [`${kind}Name`]: who }, NO_ENTITY),
          )
        : calls(
            `put the permissions boundary ${boundary} back on ${who}`,
            backCall('iam', put, { [`${kind}Name`]: who, PermissionsBoundary: boundary }),
          );
    };
    const permissions = [`iam:${put}`, `iam:${remove}`];
    return [row(put, type, permissions, plan), row(remove, type, permissions, plan)];
  },
);

const ROLE = 'AWS::IAM::Role';
const PROFILE = 'AWS::IAM::InstanceProfile';
const POLICY = 'AWS::IAM::ManagedPolicy';

/** Roles, instance profiles and versions of managed policies. */
export const IAM_ROLES: readonly Inverse[] = [
  row('UpdateAssumeRolePolicy', ROLE, ['iam:UpdateAssumeRolePolicy'], (call, states) => {
    const RoleName = textOf(call.request, 'roleName');
    if (RoleName === undefined) return notInRecord(call);
    const PolicyDocument = documentOf(stateBefore(states), 'AssumeRolePolicyDocument');
    if (PolicyDocument === undefined) return noBefore(`who could assume the role ${RoleName}`);
    return calls(
      `put the trust policy of the role ${RoleName} back as it was`,
      backCall('iam', 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument }),
    );
  }),
  row('AddRoleToInstanceProfile', PROFILE, ['iam:RemoveRoleFromInstanceProfile'], (call) => {
    const input = profileInput(call.request);
    if (input === undefined) return notInRecord(call);
    return calls(
      `take the role ${input.RoleName} out of the instance profile ${input.InstanceProfileName}`,
      backCall('iam', 'RemoveRoleFromInstanceProfile', input, NO_ENTITY),
    );
  }),
  row('RemoveRoleFromInstanceProfile', PROFILE, ['iam:AddRoleToInstanceProfile', 'iam:PassRole'], (call) => {
    const input = profileInput(call.request);
    if (input === undefined) return notInRecord(call);
    return calls(
      `put the role ${input.RoleName} back into the instance profile ${input.InstanceProfileName}`,
      backCall('iam', 'AddRoleToInstanceProfile', input),
    );
  }),
  row(
    'CreatePolicyVersion',
    POLICY,
    ['iam:SetDefaultPolicyVersion', 'iam:DeletePolicyVersion'],
    (call, states) => {
      const PolicyArn = textOf(call.request, 'policyArn');
      const VersionId = textOf(call.response, 'policyVersion.versionId');
      if (PolicyArn === undefined || VersionId === undefined) return notInRecord(call);
      const remove = backCall('iam', 'DeletePolicyVersion', { PolicyArn, VersionId }, NO_ENTITY);
      const isDefault = [call.request, call.response].some(
        (part) =>
          isObject(part) &&
          (part.setAsDefault === true ||
            (isObject(part.policyVersion) && part.policyVersion.isDefaultVersion === true)),
      );
      if (!isDefault) return calls(`delete the version ${VersionId} of ${PolicyArn}`, remove);
      const earlier = textOf(stateBefore(states), 'DefaultVersionId');
      if (earlier === undefined) return noBefore(`the default version of ${PolicyArn}`);
      return calls(
        `make ${earlier} the default version of ${PolicyArn} again and delete ${VersionId}`,
        backCall('iam', 'SetDefaultPolicyVersion', { PolicyArn, VersionId: earlier }),
        remove,
      );
    },
  ),
  row('SetDefaultPolicyVersion', POLICY, ['iam:SetDefaultPolicyVersion'], (call, states) => {
    const PolicyArn = textOf(call.request, 'policyArn');
    if (PolicyArn === undefined) return notInRecord(call);
    const VersionId = textOf(stateBefore(states), 'DefaultVersionId');
    if (VersionId === undefined) return noBefore(`the default version of ${PolicyArn}`);
    return calls(
      `make ${VersionId} the default version of ${PolicyArn} again`,
      backCall('iam', 'SetDefaultPolicyVersion', { PolicyArn, VersionId }),
    );
  }),
  row('DeletePolicyVersion', POLICY, [], (call) => {
    const policy = textOf(call.request, 'policyArn');
    if (policy === undefined) return notInRecord(call);
    return none(
      'a version that was deleted is gone, and was not the default one',
      `aws iam list-policy-versions --policy-arn ${shellWord(policy)}`,
    );
  }),
];

function profileInput(request: Parameters<typeof textOf>[0]) {
  const InstanceProfileName = textOf(request, 'instanceProfileName');
  const RoleName = textOf(request, 'roleName');
  return InstanceProfileName === undefined || RoleName === undefined
    ? undefined
    : { InstanceProfileName, RoleName };
}
