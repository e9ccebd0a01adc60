import * as iam from '@aws-sdk/client-iam';
import { AwsError } from '../aws-error.ts';
import { AWS_QUERY, servesVersion } from '../protocol/query.ts';
import { operation, type Service } from '../service.ts';
import * as accessKeys from './access-keys.ts';
import { attach, detach, listAttached } from './attached-policies.ts';
import * as boundaries from './boundaries.ts';
import * as groups from './groups.ts';
import { deleteInline, getInline, listInline, putInline } from './inline-policies.ts';
import * as profiles from './instance-profiles.ts';
import * as policies from './policies.ts';
import * as roles from './roles.ts';
import * as signIn from './sign-in.ts';
import { listTags, tag, untag } from './tags.ts';
import * as users from './users.ts';

export const IAM: Service = {
  name: 'iam',
  protocol: AWS_QUERY,
  serves: servesVersion('2010-05-08'),
  faults: {
    throttle: () => new AwsError('Throttling', 'Rate exceeded'),
    'internal-error': () =>
      new AwsError('ServiceFailure', 'The request processing has failed because of an unknown error', 500),
    unauthorized: () => new AwsError('AccessDenied', 'User is not authorized to perform this operation', 403),
  },
  operations: {
    AddRoleToInstanceProfile: operation(iam.AddRoleToInstanceProfile$, profiles.addRoleToInstanceProfile),
    AddUserToGroup: operation(iam.AddUserToGroup$, groups.addUserToGroup),
    AttachGroupPolicy: operation(iam.AttachGroupPolicy$, attach('group')),
    AttachRolePolicy: operation(iam.AttachRolePolicy$, attach('role')),
    AttachUserPolicy: operation(iam.AttachUserPolicy$, attach('user')),
    CreateAccessKey: operation(iam.CreateAccessKey$, accessKeys.createAccessKey),
    CreateGroup: operation(iam.CreateGroup$, groups.createGroup),
    CreateInstanceProfile: operation(iam.CreateInstanceProfile$, profiles.createInstanceProfile),
    CreateLoginProfile: operation(iam.CreateLoginProfile$, signIn.createLoginProfile),
    CreatePolicy: operation(iam.CreatePolicy$, policies.createPolicy),
    CreatePolicyVersion: operation(iam.CreatePolicyVersion$, policies.createPolicyVersion),
    CreateRole: operation(iam.CreateRole$, roles.createRole),
    CreateUser: operation(iam.CreateUser$, users.createUser),
    DeactivateMFADevice: operation(iam.DeactivateMFADevice$, signIn.deactivateMfaDevice),
    DeleteAccessKey: operation(iam.DeleteAccessKey$, accessKeys.deleteAccessKey),
    DeleteAccountPasswordPolicy: operation(
      iam.DeleteAccountPasswordPolicy$,
      signIn.deleteAccountPasswordPolicy,
    ),
    DeleteGroup: operation(iam.DeleteGroup$, groups.deleteGroup),
    DeleteGroupPolicy: operation(iam.DeleteGroupPolicy$, deleteInline('group')),
    DeleteInstanceProfile: operation(iam.DeleteInstanceProfile$, profiles.deleteInstanceProfile),
    DeleteLoginProfile: operation(iam.DeleteLoginProfile$, signIn.deleteLoginProfile),
    DeletePolicy: operation(iam.DeletePolicy$, policies.deletePolicy),
    DeletePolicyVersion: operation(iam.DeletePolicyVersion$, policies.deletePolicyVersion),
    DeleteRole: operation(iam.DeleteRole$, roles.deleteRole),
    DeleteRolePermissionsBoundary: operation(
      iam.DeleteRolePermissionsBoundary$,
      boundaries.deleteBoundary('role'),
    ),
    DeleteRolePolicy: operation(iam.DeleteRolePolicy$, deleteInline('role')),
    DeleteUser: operation(iam.DeleteUser$, users.deleteUser),
    DeleteUserPermissionsBoundary: operation(
      iam.DeleteUserPermissionsBoundary$,
      boundaries.deleteBoundary('user'),
    ),
    DeleteUserPolicy: operation(iam.DeleteUserPolicy$, deleteInline('user')),
    DetachGroupPolicy: operation(iam.DetachGroupPolicy$, detach('group')),
    DetachRolePolicy: operation(iam.DetachRolePolicy$, detach('role')),
    DetachUserPolicy: operation(iam.DetachUserPolicy$, detach('user')),
    EnableMFADevice: operation(iam.EnableMFADevice$, signIn.enableMfaDevice),
    GetAccessKeyLastUsed: operation(iam.GetAccessKeyLastUsed$, accessKeys.getAccessKeyLastUsed),
    GetAccountPasswordPolicy: operation(iam.GetAccountPasswordPolicy$, signIn.getAccountPasswordPolicy),
    GetGroup: operation(iam.GetGroup$, groups.getGroup),
    GetGroupPolicy: operation(iam.GetGroupPolicy$, getInline('group')),
    GetInstanceProfile: operation(iam.GetInstanceProfile$, profiles.getInstanceProfile),
    GetLoginProfile: operation(iam.GetLoginProfile$, signIn.getLoginProfile),
    GetPolicy: operation(iam.GetPolicy$, policies.getPolicy),
    GetPolicyVersion: operation(iam.GetPolicyVersion$, policies.getPolicyVersion),
    GetRole: operation(iam.GetRole$, roles.getRole),
    GetRolePolicy: operation(iam.GetRolePolicy$, getInline('role')),
    GetUser: operation(iam.GetUser$, users.getUser),
    GetUserPolicy: operation(iam.GetUserPolicy$, getInline('user')),
    ListAccessKeys: operation(iam.ListAccessKeys$, accessKeys.listAccessKeys),
    ListAttachedGroupPolicies: operation(iam.ListAttachedGroupPolicies$, listAttached('group')),
    ListAttachedRolePolicies: operation(iam.ListAttachedRolePolicies$, listAttached('role')),
    ListAttachedUserPolicies: operation(iam.ListAttachedUserPolicies$, listAttached('user')),
    ListGroupPolicies: operation(iam.ListGroupPolicies$, listInline('group')),
    ListGroups: operation(iam.ListGroups$, groups.listGroups),
    ListGroupsForUser: operation(iam.ListGroupsForUser$, groups.listGroupsForUser),
    ListMFADevices: operation(iam.ListMFADevices$, signIn.listMfaDevices),
    ListPolicies: operation(iam.ListPolicies$, policies.listPolicies),
    ListPolicyVersions: operation(iam.ListPolicyVersions$, policies.listPolicyVersions),
    ListRolePolicies: operation(iam.ListRolePolicies$, listInline('role')),
    ListRoleTags: operation(iam.ListRoleTags$, listTags('role')),
    ListRoles: operation(iam.ListRoles$, roles.listRoles),
    ListUserPolicies: operation(iam.ListUserPolicies$, listInline('user')),
    ListUserTags: operation(iam.ListUserTags$, listTags('user')),
    ListUsers: operation(iam.ListUsers$, users.listUsers),
    PutGroupPolicy: operation(iam.PutGroupPolicy$, putInline('group')),
    PutRolePermissionsBoundary: operation(iam.PutRolePermissionsBoundary$, boundaries.putBoundary('role')),
    PutRolePolicy: operation(iam.PutRolePolicy$, putInline('role')),
    PutUserPermissionsBoundary: operation(iam.PutUserPermissionsBoundary$, boundaries.putBoundary('user')),
    PutUserPolicy: operation(iam.PutUserPolicy$, putInline('user')),
    RemoveRoleFromInstanceProfile: operation(
      iam.RemoveRoleFromInstanceProfile$,
      profiles.removeRoleFromInstanceProfile,
    ),
    RemoveUserFromGroup: operation(iam.RemoveUserFromGroup$, groups.removeUserFromGroup),
    SetDefaultPolicyVersion: operation(iam.SetDefaultPolicyVersion$, policies.setDefaultPolicyVersion),
    TagRole: operation(iam.TagRole$, tag('role')),
    TagUser: operation(iam.TagUser$, tag('user')),
    UntagRole: operation(iam.UntagRole$, untag('role')),
    UntagUser: operation(iam.UntagUser$, untag('user')),
    UpdateAccessKey: operation(iam.UpdateAccessKey$, accessKeys.updateAccessKey),
    UpdateAccountPasswordPolicy: operation(
      iam.UpdateAccountPasswordPolicy$,
      signIn.updateAccountPasswordPolicy,
    ),
    UpdateAssumeRolePolicy: operation(iam.UpdateAssumeRolePolicy$, roles.updateAssumeRolePolicy),
    UpdateLoginProfile: operation(iam.UpdateLoginProfile$, signIn.updateLoginProfile),
    UpdateRole: operation(iam.UpdateRole$, roles.updateRole),
    UpdateUser: operation(iam.UpdateUser$, users.updateUser),
  },
};
