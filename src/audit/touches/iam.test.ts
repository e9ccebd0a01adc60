import { ACCOUNT, proveTouches } from '../../../test/touches.ts';
import { IAM } from './iam.ts';

const DOCUMENT = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
const POLICY = `arn:aws:iam::${ACCOUNT}:policy/deploy`;
const SAML = `arn:aws:iam::${ACCOUNT}:saml-provider/okta`;
const OIDC = `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`;
const MFA = `arn:aws:iam::${ACCOUNT}:mfa/bob`;
const USER = 'AWS::IAM::User bob';
const ROLE = 'AWS::IAM::Role app';
const GROUP = 'AWS::IAM::Group admins';
const PROFILE = 'AWS::IAM::InstanceProfile app-instance';
const KEY = 'AWS::IAM::AccessKey AKIAEXAMPLEKEYID1234';
const user = { userName: 'bob' };
const role = { roleName: 'app' };
const group = { groupName: 'admins' };
const inProfile = { instanceProfileName: 'app-instance', roleName: 'app' };
const tags = [{ key: 'team', value: 'payments' }];
const version = { policyArn: POLICY, versionId: 'v2' };
const key = { accessKeyId: 'AKIAEXAMPLEKEYID1234' };

proveTouches(IAM, [
  [
    'CreateUser',
    { userName: 'bob', tags: [] },
    { user: { path: '/', userName: 'bob', userId: 'AIDAEXAMPLE', arn: `arn:aws:iam::${ACCOUNT}:user/bob` } },
    `created ${USER}`,
  ],
  ['DeleteUser', user, null, `deleted ${USER}`],
  ['UpdateUser', { userName: 'robert', newUserName: 'bob' }, null, `changed ${USER} [UserName Path]`],
  ['TagUser', { ...user, tags }, null, `changed ${USER} [Tags]`],
  ['UntagUser', { ...user, tagKeys: ['team'] }, null, `changed ${USER} [Tags]`],
  ['AttachUserPolicy', { ...user, policyArn: ADMIN }, null, `changed ${USER} [ManagedPolicyArns]`],
  ['DetachUserPolicy', { ...user, policyArn: ADMIN }, null, `changed ${USER} [ManagedPolicyArns]`],
  [
    'PutUserPolicy',
    { ...user, policyName: 'all', policyDocument: DOCUMENT },
    null,
    `changed ${USER} [Policies]`,
  ],
  ['DeleteUserPolicy', { ...user, policyName: 'all' }, null, `changed ${USER} [Policies]`],
  [
    'PutUserPermissionsBoundary',
    { ...user, permissionsBoundary: BOUNDARY },
    null,
    `changed ${USER} [PermissionsBoundary]`,
  ],
  ['DeleteUserPermissionsBoundary', user, null, `changed ${USER} [PermissionsBoundary]`],
  ['AddUserToGroup', { ...user, ...group }, null, `changed ${USER} [Groups]`],
  ['RemoveUserFromGroup', { ...user, ...group }, null, `changed ${USER} [Groups]`],
  [
    'CreateLoginProfile',
    { ...user, passwordResetRequired: false },
    {
      loginProfile: { userName: 'bob', createDate: 'Nov 24, 2026 4:03:33 PM', passwordResetRequired: false },
    },
    `changed ${USER} [LoginProfile]`,
  ],
  ['UpdateLoginProfile', user, null, `changed ${USER} [LoginProfile]`],
  ['DeleteLoginProfile', user, null, `changed ${USER} [LoginProfile]`],
  [
    'CreateServiceSpecificCredential',
    { ...user, serviceName: 'codecommit.amazonaws.com' },
    null,
    `changed ${USER}`,
  ],
  [
    'CreateAccessKey',
    user,
    { accessKey: { ...user, ...key, status: 'Active', createDate: 'Nov 24, 2026 4:03:33 PM' } },
    `created ${KEY} (of ${USER})`,
  ],
  [
    'CreateAccessKey',
    null,
    { accessKey: { ...user, ...key, status: 'Active' } },
    `created ${KEY} (of ${USER})`,
  ],
  ['UpdateAccessKey', { ...user, ...key, status: 'Active' }, null, `changed ${KEY} [Status] (of ${USER})`],
  ['DeleteAccessKey', { ...user, ...key }, null, `deleted ${KEY} (of ${USER})`],
  [
    'CreateVirtualMFADevice',
    { virtualMFADeviceName: 'bob', path: '/' },
    { virtualMFADevice: { serialNumber: MFA } },
    `created AWS::IAM::VirtualMFADevice ${MFA}`,
  ],
  [
    'EnableMFADevice',
    { ...user, serialNumber: MFA },
    null,
    `changed AWS::IAM::VirtualMFADevice ${MFA} [Users] (of ${USER})`,
  ],
  [
    'DeactivateMFADevice',
    { ...user, serialNumber: MFA },
    null,
    `changed AWS::IAM::VirtualMFADevice ${MFA} [Users] (of ${USER})`,
  ],
  ['DeleteVirtualMFADevice', { serialNumber: MFA }, null, `deleted AWS::IAM::VirtualMFADevice ${MFA}`],

  [
    'CreateRole',
    { ...role, assumeRolePolicyDocument: DOCUMENT, description: 'app' },
    { role: { roleName: 'app', arn: `arn:aws:iam::${ACCOUNT}:role/app`, path: '/' } },
    `created ${ROLE}`,
  ],
  ['DeleteRole', role, null, `deleted ${ROLE}`],
  [
    'UpdateRole',
    { ...role, maxSessionDuration: 43_200 },
    null,
    `changed ${ROLE} [Description MaxSessionDuration]`,
  ],
  ['UpdateRoleDescription', { ...role, description: 'x' }, null, `changed ${ROLE} [Description]`],
  [
    'UpdateAssumeRolePolicy',
    { ...role, policyDocument: DOCUMENT },
    null,
    `changed ${ROLE} [AssumeRolePolicyDocument]`,
  ],
  ['TagRole', { ...role, tags }, null, `changed ${ROLE} [Tags]`],
  ['UntagRole', { ...role, tagKeys: ['team'] }, null, `changed ${ROLE} [Tags]`],
  ['AttachRolePolicy', { ...role, policyArn: ADMIN }, null, `changed ${ROLE} [ManagedPolicyArns]`],
  ['DetachRolePolicy', { ...role, policyArn: ADMIN }, null, `changed ${ROLE} [ManagedPolicyArns]`],
  [
    'PutRolePolicy',
    { ...role, policyName: 'all', policyDocument: DOCUMENT },
    null,
    `changed ${ROLE} [Policies]`,
  ],
  ['DeleteRolePolicy', { ...role, policyName: 'all' }, null, `changed ${ROLE} [Policies]`],
  [
    'PutRolePermissionsBoundary',
    { ...role, permissionsBoundary: BOUNDARY },
    null,
    `changed ${ROLE} [PermissionsBoundary]`,
  ],
  ['DeleteRolePermissionsBoundary', role, null, `changed ${ROLE} [PermissionsBoundary]`],
  [
    'CreateServiceLinkedRole',
    { aWSServiceName: 'config.amazonaws.com' },
    { role: { roleName: 'AWSServiceRoleForConfig', path: '/aws-service-role/config.amazonaws.com/' } },
    'created AWS::IAM::ServiceLinkedRole AWSServiceRoleForConfig',
  ],
  [
    'DeleteServiceLinkedRole',
    { roleName: 'AWSServiceRoleForConfig' },
    { deletionTaskId: 'task/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig/1' },
    'deleted AWS::IAM::ServiceLinkedRole AWSServiceRoleForConfig',
  ],
  ['CreateInstanceProfile', { instanceProfileName: 'app-instance' }, null, `created ${PROFILE}`],
  ['DeleteInstanceProfile', { instanceProfileName: 'app-instance' }, null, `deleted ${PROFILE}`],
  ['AddRoleToInstanceProfile', inProfile, null, `changed ${PROFILE} [Roles]`],
  ['RemoveRoleFromInstanceProfile', inProfile, null, `changed ${PROFILE} [Roles]`],

  ['CreateGroup', group, { group: { groupName: 'admins', path: '/' } }, `created ${GROUP}`],
  ['DeleteGroup', group, null, `deleted ${GROUP}`],
  ['UpdateGroup', { groupName: 'ops', newGroupName: 'admins' }, null, `changed ${GROUP} [GroupName Path]`],
  ['AttachGroupPolicy', { ...group, policyArn: ADMIN }, null, `changed ${GROUP} [ManagedPolicyArns]`],
  ['DetachGroupPolicy', { ...group, policyArn: ADMIN }, null, `changed ${GROUP} [ManagedPolicyArns]`],
  [
    'PutGroupPolicy',
    { ...group, policyName: 'all', policyDocument: DOCUMENT },
    null,
    `changed ${GROUP} [Policies]`,
  ],
  ['DeleteGroupPolicy', { ...group, policyName: 'all' }, null, `changed ${GROUP} [Policies]`],

  [
    'CreatePolicy',
    { policyName: 'deploy', policyDocument: DOCUMENT },
    { policy: { policyName: 'deploy', arn: POLICY, defaultVersionId: 'v1', attachmentCount: 0 } },
    `created AWS::IAM::ManagedPolicy ${POLICY}`,
  ],
  ['DeletePolicy', { policyArn: POLICY }, null, `deleted AWS::IAM::ManagedPolicy ${POLICY}`],
  [
    'CreatePolicyVersion',
    { policyArn: POLICY, policyDocument: DOCUMENT, setAsDefault: true },
    { policyVersion: { versionId: 'v2', isDefaultVersion: true, createDate: 'Nov 24, 2026 4:03:33 PM' } },
    `changed AWS::IAM::ManagedPolicy ${POLICY} [PolicyDocument]`,
  ],
  ['SetDefaultPolicyVersion', version, null, `changed AWS::IAM::ManagedPolicy ${POLICY} [PolicyDocument]`],
  ['DeletePolicyVersion', version, null, `changed AWS::IAM::ManagedPolicy ${POLICY} [PolicyDocument]`],

  [
    'CreateSAMLProvider',
    { name: 'okta' },
    { sAMLProviderArn: SAML },
    `created AWS::IAM::SAMLProvider ${SAML}`,
  ],
  [
    'UpdateSAMLProvider',
    { sAMLProviderArn: SAML, sAMLMetadataDocument: '<EntityDescriptor/>' },
    { sAMLProviderArn: SAML },
    `changed AWS::IAM::SAMLProvider ${SAML} [SamlMetadataDocument]`,
  ],
  ['DeleteSAMLProvider', { sAMLProviderArn: SAML }, null, `deleted AWS::IAM::SAMLProvider ${SAML}`],
  [
    'CreateOpenIDConnectProvider',
    { url: 'https://token.actions.githubusercontent.com', clientIDList: ['sts.amazonaws.com'] },
    { openIDConnectProviderArn: OIDC },
    `created AWS::IAM::OIDCProvider ${OIDC}`,
  ],
  [
    'UpdateOpenIDConnectProviderThumbprint',
    { openIDConnectProviderArn: OIDC, thumbprintList: ['6938fd4d98bab03faadb97b34396831e3780aea1'] },
    null,
    `changed AWS::IAM::OIDCProvider ${OIDC} [ThumbprintList]`,
  ],
  [
    'AddClientIDToOpenIDConnectProvider',
    { openIDConnectProviderArn: OIDC, clientID: 'evil' },
    null,
    `changed AWS::IAM::OIDCProvider ${OIDC} [ClientIdList]`,
  ],
  [
    'RemoveClientIDFromOpenIDConnectProvider',
    { openIDConnectProviderArn: OIDC, clientID: 'evil' },
    null,
    `changed AWS::IAM::OIDCProvider ${OIDC} [ClientIdList]`,
  ],
  [
    'DeleteOpenIDConnectProvider',
    { openIDConnectProviderArn: OIDC },
    null,
    `deleted AWS::IAM::OIDCProvider ${OIDC}`,
  ],
]);
