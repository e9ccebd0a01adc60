import { proveInverses } from '../../../test/inverses.ts';
import { IAM_BOUNDARIES, IAM_OWNERS, IAM_ROLES } from './iam-owners.ts';

const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const BOUNDARY = 'arn:aws:iam::123456789012:policy/boundary';
const POLICY = 'arn:aws:iam::123456789012:policy/deploy';
const READ = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};
const ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';

const owners = [
  ['User', 'userName', 'bob'],
  ['Role', 'roleName', 'app'],
  ['Group', 'groupName', 'admins'],
] as const;

proveInverses(
  IAM_OWNERS,
  owners.flatMap(([kind, member, who]) => {
    const name = { [`${kind}Name`]: who };
    const attach = { [member]: who, policyArn: ADMIN };
    const put = { [member]: who, policyName: 'access', policyDocument: ALL };
    const had = { ManagedPolicyArns: [ADMIN], Policies: [{ PolicyName: 'access', PolicyDocument: READ }] };
    const input = { ...name, PolicyName: 'access' };
    const back = [[`iam Put${kind}Policy`, { ...input, PolicyDocument: JSON.stringify(READ) }]] as const;
    return [
      [
        `Attach${kind}Policy`,
        { request: attach },
        [[`iam Detach${kind}Policy`, { ...name, PolicyArn: ADMIN }]],
      ],
      [`Attach${kind}Policy`, { request: attach, before: had }, `nothing: ${ADMIN} was attached`],
      [`Attach${kind}Policy`, { request: null }, 'unknown: the record'],
      [
        `Detach${kind}Policy`,
        { request: attach, before: had },
        [[`iam Attach${kind}Policy`, { ...name, PolicyArn: ADMIN }]],
      ],
      [`Detach${kind}Policy`, { request: attach, before: {} }, `nothing: ${ADMIN} was not attached`],
      [`Put${kind}Policy`, { request: put, before: { Policies: [] } }, [[`iam Delete${kind}Policy`, input]]],
      [`Put${kind}Policy`, { request: put, before: null }, [[`iam Delete${kind}Policy`, input]]],
      [`Put${kind}Policy`, { request: put, before: had }, back],
      [`Put${kind}Policy`, { request: put }, 'unknown: whether access'],
      [`Delete${kind}Policy`, { request: put, before: had }, back],
      [`Delete${kind}Policy`, { request: put, before: {} }, 'unknown: the policy access'],
    ] as const;
  }),
);

proveInverses(
  IAM_BOUNDARIES,
  owners.slice(0, 2).flatMap(([kind, member, who]) => {
    const request = { [member]: who, permissionsBoundary: ADMIN };
    const name = { [`${kind}Name`]: who };
    const before = { PermissionsBoundary: BOUNDARY };
    const back = [[`iam Put${kind}PermissionsBoundary`, { ...name, PermissionsBoundary: BOUNDARY }]] as const;
    return [
      [`Put${kind}PermissionsBoundary`, { request, before }, back],
      [
        `Put${kind}PermissionsBoundary`,
        { request, before: {} },
        [[`iam Delete${kind}PermissionsBoundary`, name]],
      ],
      [`Put${kind}PermissionsBoundary`, { request }, 'unknown: the permissions boundary'],
      [`Delete${kind}PermissionsBoundary`, { request: { [member]: who }, before }, back],
    ] as const;
  }),
);

const inProfile = { instanceProfileName: 'web', roleName: 'app' };
const profile = { InstanceProfileName: 'web', RoleName: 'app' };
const version = {
  policyVersion: { versionId: 'v4', isDefaultVersion: true, createDate: 'Nov 24, 2026 4:03:33 PM' },
};
const policy = { policyArn: POLICY, policyDocument: ALL };

proveInverses(IAM_ROLES, [
  [
    'UpdateAssumeRolePolicy',
    { request: { roleName: 'app', policyDocument: ALL }, before: { AssumeRolePolicyDocument: READ } },
    [['iam UpdateAssumeRolePolicy', { RoleName: 'app', PolicyDocument: JSON.stringify(READ) }]],
  ],
  ['UpdateAssumeRolePolicy', { request: { roleName: 'app' } }, 'unknown: who could assume'],
  ['AddRoleToInstanceProfile', { request: inProfile }, [['iam RemoveRoleFromInstanceProfile', profile]]],
  ['RemoveRoleFromInstanceProfile', { request: inProfile }, [['iam AddRoleToInstanceProfile', profile]]],
  [
    'CreatePolicyVersion',
    { request: { ...policy, setAsDefault: true }, response: version, before: { DefaultVersionId: 'v2' } },
    [
      ['iam SetDefaultPolicyVersion', { PolicyArn: POLICY, VersionId: 'v2' }],
      ['iam DeletePolicyVersion', { PolicyArn: POLICY, VersionId: 'v4' }],
    ],
  ],
  [
    'CreatePolicyVersion',
    { request: { ...policy, setAsDefault: true }, response: version },
    'unknown: the default version',
  ],
  [
    'CreatePolicyVersion',
    { request: policy, response: { policyVersion: { versionId: 'v4', isDefaultVersion: false } } },
    [['iam DeletePolicyVersion', { PolicyArn: POLICY, VersionId: 'v4' }]],
  ],
  [
    'SetDefaultPolicyVersion',
    { request: { policyArn: POLICY, versionId: 'v1' }, before: { DefaultVersionId: 'v3' } },
    [['iam SetDefaultPolicyVersion', { PolicyArn: POLICY, VersionId: 'v3' }]],
  ],
  [
    'SetDefaultPolicyVersion',
    { request: { policyArn: POLICY, versionId: 'v1' } },
    'unknown: the default version',
  ],
  [
    'DeletePolicyVersion',
    { request: { policyArn: POLICY, versionId: 'v1' } },
    'none: a version that was deleted',
  ],
]);
