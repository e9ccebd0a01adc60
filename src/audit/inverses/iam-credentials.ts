import { shellWord } from '../../model/shell-word.ts';
import { textOf, textsOf } from '../members.ts';
import type { Inverse } from '../way-back.ts';
import { NO_ENTITY } from './iam-owners.ts';
import { backCall, calls, linesOf, noBefore, none, nothing, notInRecord, stateBefore } from './inverse.ts';

const row = linesOf('iam.amazonaws.com');
const USER = 'AWS::IAM::User';
const KEY = 'AWS::IAM::AccessKey';
const MFA = 'AWS::IAM::VirtualMFADevice';
const SAML = 'AWS::IAM::SAMLProvider';
const OIDC = 'AWS::IAM::OIDCProvider';

/** Whom a request without a name means: the caller. */
function userOf(call: Parameters<Inverse['plan']>[0]): string | undefined {
  return textOf(call.request, 'userName') ?? textOf(call.identity, 'userName');
}

/** Keys, passwords, second factors, groups of users, and identity providers. */
export const IAM_CREDENTIALS: readonly Inverse[] = [
  row('CreateAccessKey', KEY, ['iam:UpdateAccessKey'], (call) => {
    const AccessKeyId = textOf(call.response, 'accessKey.accessKeyId');
    const UserName = textOf(call.response, 'accessKey.userName') ?? userOf(call);
    if (AccessKeyId === undefined || UserName === undefined) return notInRecord(call);
    return calls(
      `deactivate the access key ${AccessKeyId} of ${UserName}; it stays, for what it did is evidence`,
      backCall('iam', 'UpdateAccessKey', { UserName, AccessKeyId, Status: 'Inactive' }, NO_ENTITY),
    );
  }),
  row('UpdateAccessKey', KEY, ['iam:UpdateAccessKey'], (call, states) => {
    const AccessKeyId = textOf(call.request, 'accessKeyId');
    const UserName = userOf(call);
    if (AccessKeyId === undefined || UserName === undefined) return notInRecord(call);
    const Status = textOf(stateBefore(states), 'Status');
    if (Status === undefined) return noBefore(`whether the access key ${AccessKeyId} was active`);
    return calls(
      `make the access key ${AccessKeyId} of ${UserName} ${Status} again`,
      backCall('iam', 'UpdateAccessKey', { UserName, AccessKeyId, Status }),
    );
  }),
  row('DeleteAccessKey', KEY, [], (call) =>
    none(
      'an access key that was deleted cannot be made again',
      `aws iam create-access-key --user-name ${shellWord(userOf(call) ?? 'NAME')}`,
    ),
  ),
  row('CreateLoginProfile', USER, ['iam:DeleteLoginProfile'], (call) => {
    const UserName = textOf(call.request, 'userName') ?? textOf(call.response, 'loginProfile.userName');
    if (UserName === undefined) return notInRecord(call);
    return calls(
      `delete the password of ${UserName}`,
      backCall('iam', 'DeleteLoginProfile', { UserName }, NO_ENTITY),
    );
  }),
  row('UpdateLoginProfile', USER, [], (call) => {
    const user = shellWord(textOf(call.request, 'userName') ?? 'NAME');
    return none(
      'AWS does not tell the password that was there before',
      `aws iam delete-login-profile --user-name ${user}`,
      `aws iam create-login-profile --user-name ${user} --password PASSWORD --password-reset-required`,
    );
  }),
  row('DeleteLoginProfile', USER, [], (call) =>
    none(
      'AWS does not tell the password that was there before',
      `aws iam create-login-profile --user-name ${shellWord(textOf(call.request, 'userName') ?? 'NAME')} --password PASSWORD --password-reset-required`,
    ),
  ),
  row('CreateServiceSpecificCredential', USER, ['iam:UpdateServiceSpecificCredential'], (call) => {
    const part = 'serviceSpecificCredential';
    const ServiceSpecificCredentialId = textOf(call.response, `${part}.serviceSpecificCredentialId`);
    const UserName = textOf(call.response, `${part}.userName`) ?? userOf(call);
    if (ServiceSpecificCredentialId === undefined || UserName === undefined) return notInRecord(call);
    return calls(
      `deactivate the credential ${ServiceSpecificCredentialId} of ${UserName}`,
      backCall(
        'iam',
        'UpdateServiceSpecificCredential',
        { UserName, ServiceSpecificCredentialId, Status: 'Inactive' },
        NO_ENTITY,
      ),
    );
  }),
  row('AddUserToGroup', USER, ['iam:RemoveUserFromGroup'], (call, states) => {
    const UserName = textOf(call.request, 'userName');
    const GroupName = textOf(call.request, 'groupName');
    if (UserName === undefined || GroupName === undefined) return notInRecord(call);
    if (textsOf(stateBefore(states), 'Groups').includes(GroupName))
      return nothing(`${UserName} was in the group ${GroupName} before`);
    return calls(
      `take ${UserName} out of the group ${GroupName}`,
      backCall('iam', 'RemoveUserFromGroup', { UserName, GroupName }, NO_ENTITY),
    );
  }),
  row('RemoveUserFromGroup', USER, ['iam:AddUserToGroup'], (call) => {
    const UserName = textOf(call.request, 'userName');
    const GroupName = textOf(call.request, 'groupName');
    if (UserName === undefined || GroupName === undefined) return notInRecord(call);
    return calls(
      `put ${UserName} back into the group ${GroupName}`,
      backCall('iam', 'AddUserToGroup', { UserName, GroupName }),
    );
  }),
  row('DeactivateMFADevice', MFA, [], (call) => {
    const user = textOf(call.request, 'userName') ?? 'the user';
    const deny =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"BoolIfExists":{"aws:MultiFactorAuthPresent":"false"}}}]}';
    return none(
      `only ${user} can enroll a second factor again`,
      `aws iam put-user-policy --user-name ${shellWord(user)} --policy-name cordon-no-call-without-mfa --policy-document ${shellWord(deny)}`,
      `aws iam list-mfa-devices --user-name ${shellWord(user)}`,
    );
  }),
  row('DeleteVirtualMFADevice', MFA, [], () =>
    none(
      'the secret of a second factor is gone with it',
      'aws iam list-virtual-mfa-devices --assignment-status Unassigned',
    ),
  ),
  row('CreateSAMLProvider', SAML, ['iam:DeleteSAMLProvider'], (call) => {
    const SAMLProviderArn = textOf(call.response, 'sAMLProviderArn');
    if (SAMLProviderArn === undefined) return notInRecord(call);
    return calls(
      `delete the identity provider ${SAMLProviderArn}`,
      backCall('iam', 'DeleteSAMLProvider', { SAMLProviderArn }, NO_ENTITY),
    );
  }),
  row('CreateOpenIDConnectProvider', OIDC, ['iam:DeleteOpenIDConnectProvider'], (call) => {
    const OpenIDConnectProviderArn = textOf(call.response, 'openIDConnectProviderArn');
    if (OpenIDConnectProviderArn === undefined) return notInRecord(call);
    return calls(
      `delete the identity provider ${OpenIDConnectProviderArn}`,
      backCall('iam', 'DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn }, NO_ENTITY),
    );
  }),
  row(
    'AddClientIDToOpenIDConnectProvider',
    OIDC,
    ['iam:RemoveClientIDFromOpenIDConnectProvider'],
    (call, states) => {
      const OpenIDConnectProviderArn = textOf(call.request, 'openIDConnectProviderArn');
      const ClientID = textOf(call.request, 'clientID');
      if (OpenIDConnectProviderArn === undefined || ClientID === undefined) return notInRecord(call);
      if (textsOf(stateBefore(states), 'ClientIdList').includes(ClientID))
        return nothing(`${ClientID} was a client before`);
      return calls(
        `take the client ${ClientID} out of ${OpenIDConnectProviderArn}`,
        backCall(
          'iam',
          'RemoveClientIDFromOpenIDConnectProvider',
          { OpenIDConnectProviderArn, ClientID },
          NO_ENTITY,
        ),
      );
    },
  ),
];
