import { changed, created, deleted, type TouchTable } from './touch.ts';

const USER = 'AWS::IAM::User';
const ROLE = 'AWS::IAM::Role';
const GROUP = 'AWS::IAM::Group';
const POLICY = 'AWS::IAM::ManagedPolicy';
const PROFILE = 'AWS::IAM::InstanceProfile';
const KEY = 'AWS::IAM::AccessKey';
const MFA = 'AWS::IAM::VirtualMFADevice';
const SAML = 'AWS::IAM::SAMLProvider';
const OIDC = 'AWS::IAM::OIDCProvider';

const user = 'request.userName';
const role = 'request.roleName';
const group = 'request.groupName';
const policy = 'request.policyArn';
const profile = 'request.instanceProfileName';
const oidc = 'request.openIDConnectProviderArn';
/** Without a name a user means itself. */
const keyOwner = ['response.accessKey.userName', user, 'identity.userName'];

/** Source: IAM User Guide, "Logging IAM and AWS STS API calls with AWS CloudTrail". */
export const IAM: TouchTable = {
  source: 'iam.amazonaws.com',
  calls: {
    CreateUser: [created(USER, user)],
    DeleteUser: [deleted(USER, user)],
    UpdateUser: [changed(USER, ['request.newUserName', user], ['UserName', 'Path'])],
    TagUser: [changed(USER, user, ['Tags'])],
    UntagUser: [changed(USER, user, ['Tags'])],
    AttachUserPolicy: [changed(USER, user, ['ManagedPolicyArns'])],
    DetachUserPolicy: [changed(USER, user, ['ManagedPolicyArns'])],
    PutUserPolicy: [changed(USER, user, ['Policies'])],
    DeleteUserPolicy: [changed(USER, user, ['Policies'])],
    PutUserPermissionsBoundary: [changed(USER, user, ['PermissionsBoundary'])],
    DeleteUserPermissionsBoundary: [changed(USER, user, ['PermissionsBoundary'])],
    AddUserToGroup: [changed(USER, user, ['Groups'])],
    RemoveUserFromGroup: [changed(USER, user, ['Groups'])],
    CreateLoginProfile: [changed(USER, user, ['LoginProfile'])],
    UpdateLoginProfile: [changed(USER, user, ['LoginProfile'])],
    DeleteLoginProfile: [changed(USER, user, ['LoginProfile'])],
    CreateServiceSpecificCredential: [changed(USER, user)],
    CreateAccessKey: [created(KEY, 'response.accessKey.accessKeyId', { partOf: [USER, keyOwner] })],
    UpdateAccessKey: [changed(KEY, 'request.accessKeyId', ['Status'], { partOf: [USER, keyOwner] })],
    DeleteAccessKey: [deleted(KEY, 'request.accessKeyId', { partOf: [USER, keyOwner] })],
    CreateVirtualMFADevice: [created(MFA, 'response.virtualMFADevice.serialNumber')],
    EnableMFADevice: [changed(MFA, 'request.serialNumber', ['Users'], { partOf: [USER, user] })],
    DeactivateMFADevice: [changed(MFA, 'request.serialNumber', ['Users'], { partOf: [USER, user] })],
    DeleteVirtualMFADevice: [deleted(MFA, 'request.serialNumber')],

    CreateRole: [created(ROLE, role)],
    DeleteRole: [deleted(ROLE, role)],
    UpdateRole: [changed(ROLE, role, ['Description', 'MaxSessionDuration'])],
    UpdateRoleDescription: [changed(ROLE, role, ['Description'])],
    UpdateAssumeRolePolicy: [changed(ROLE, role, ['AssumeRolePolicyDocument'])],
    TagRole: [changed(ROLE, role, ['Tags'])],
    UntagRole: [changed(ROLE, role, ['Tags'])],
    AttachRolePolicy: [changed(ROLE, role, ['ManagedPolicyArns'])],
    DetachRolePolicy: [changed(ROLE, role, ['ManagedPolicyArns'])],
    PutRolePolicy: [changed(ROLE, role, ['Policies'])],
    DeleteRolePolicy: [changed(ROLE, role, ['Policies'])],
    PutRolePermissionsBoundary: [changed(ROLE, role, ['PermissionsBoundary'])],
    DeleteRolePermissionsBoundary: [changed(ROLE, role, ['PermissionsBoundary'])],
    CreateServiceLinkedRole: [created('AWS::IAM::ServiceLinkedRole', 'response.role.roleName')],
    DeleteServiceLinkedRole: [deleted('AWS::IAM::ServiceLinkedRole', role)],
    CreateInstanceProfile: [created(PROFILE, profile)],
    DeleteInstanceProfile: [deleted(PROFILE, profile)],
    AddRoleToInstanceProfile: [changed(PROFILE, profile, ['Roles'])],
    RemoveRoleFromInstanceProfile: [changed(PROFILE, profile, ['Roles'])],

    CreateGroup: [created(GROUP, group)],
    DeleteGroup: [deleted(GROUP, group)],
    UpdateGroup: [changed(GROUP, ['request.newGroupName', group], ['GroupName', 'Path'])],
    AttachGroupPolicy: [changed(GROUP, group, ['ManagedPolicyArns'])],
    DetachGroupPolicy: [changed(GROUP, group, ['ManagedPolicyArns'])],
    PutGroupPolicy: [changed(GROUP, group, ['Policies'])],
    DeleteGroupPolicy: [changed(GROUP, group, ['Policies'])],

    CreatePolicy: [created(POLICY, 'response.policy.arn')],
    DeletePolicy: [deleted(POLICY, policy)],
    CreatePolicyVersion: [changed(POLICY, policy, ['PolicyDocument'])],
    SetDefaultPolicyVersion: [changed(POLICY, policy, ['PolicyDocument'])],
    DeletePolicyVersion: [changed(POLICY, policy, ['PolicyDocument'])],

    CreateSAMLProvider: [created(SAML, 'response.sAMLProviderArn')],
    UpdateSAMLProvider: [changed(SAML, 'request.sAMLProviderArn', ['SamlMetadataDocument'])],
    DeleteSAMLProvider: [deleted(SAML, 'request.sAMLProviderArn')],
    CreateOpenIDConnectProvider: [created(OIDC, 'response.openIDConnectProviderArn')],
    UpdateOpenIDConnectProviderThumbprint: [changed(OIDC, oidc, ['ThumbprintList'])],
    AddClientIDToOpenIDConnectProvider: [changed(OIDC, oidc, ['ClientIdList'])],
    RemoveClientIDFromOpenIDConnectProvider: [changed(OIDC, oidc, ['ClientIdList'])],
    DeleteOpenIDConnectProvider: [deleted(OIDC, oidc)],
  },
};
