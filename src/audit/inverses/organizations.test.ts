import { proveInverses } from '../../../test/inverses.ts';
import { ORGANIZATIONS_INVERSES } from './organizations.ts';

const AccountId = '210987654321';
const account = { accountId: AccountId };
const attached = { policyId: 'p-examplepolicyid111', targetId: 'r-examplerootid111' };
const PolicyId = 'p-examplepolicyid111';
const input = { PolicyId, TargetId: 'r-examplerootid111' };
const type = { rootId: 'r-examplerootid111', policyType: 'SERVICE_CONTROL_POLICY' };
const root = { root: { arn: 'arn:aws:organizations::123456789012:root/o-exampleorgid/r-examplerootid111' } };
const delegated = { ...account, servicePrincipal: 'guardduty.amazonaws.com' };
const delegation = { AccountId, ServicePrincipal: 'guardduty.amazonaws.com' };
const content = { Version: '2012-10-17', Statement: [] };

proveInverses(ORGANIZATIONS_INVERSES, [
  ['LeaveOrganization', { request: null }, 'none: the account is out'],
  ['RemoveAccountFromOrganization', { request: account }, 'none: the account is out'],
  ['CloseAccount', { request: account }, 'none: AWS Support'],
  [
    'MoveAccount',
    { request: { ...account, sourceParentId: 'ou-a', destinationParentId: 'r-b' } },
    [['organizations MoveAccount', { AccountId, SourceParentId: 'r-b', DestinationParentId: 'ou-a' }]],
  ],
  ['AttachPolicy', { request: attached }, [['organizations DetachPolicy', input]]],
  ['DetachPolicy', { request: attached }, [['organizations AttachPolicy', input]]],
  // Only what was given: the name stays.
  [
    'UpdatePolicy',
    { request: { policyId: PolicyId, content: '{}' }, before: { Content: content, Name: 'deny' } },
    [['organizations UpdatePolicy', { PolicyId, Content: JSON.stringify(content) }]],
  ],
  ['UpdatePolicy', { request: { policyId: PolicyId, content: '{}' } }, 'unknown: Content of the policy'],
  [
    'DisablePolicyType',
    { request: type, response: root },
    [
      [
        'organizations EnablePolicyType',
        { RootId: 'r-examplerootid111', PolicyType: 'SERVICE_CONTROL_POLICY' },
      ],
    ],
  ],
  [
    'RegisterDelegatedAdministrator',
    { request: delegated },
    [['organizations DeregisterDelegatedAdministrator', delegation]],
  ],
  [
    'DeregisterDelegatedAdministrator',
    { request: delegated },
    [['organizations RegisterDelegatedAdministrator', delegation]],
  ],
]);
