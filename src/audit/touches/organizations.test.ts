import { proveTouches } from '../../../test/touches.ts';
import { ORGANIZATIONS } from './organizations.ts';

const MEMBER = 'AWS::Organizations::Account 210987654321';
const POLICY = 'AWS::Organizations::Policy p-examplepolicyid111';
const UNIT = 'AWS::Organizations::OrganizationalUnit ou-examplerootid111-exampleouid111';
const ORGANIZATION = 'AWS::Organizations::Organization o-exampleorgid';
const member = { accountId: '210987654321' };
const policy = { policyId: 'p-examplepolicyid111' };
const unit = { organizationalUnitId: 'ou-examplerootid111-exampleouid111' };
const delegated = { ...member, servicePrincipal: 'guardduty.amazonaws.com' };
const type = { rootId: 'r-examplerootid111', policyType: 'SERVICE_CONTROL_POLICY' };
const root = {
  root: {
    id: 'r-examplerootid111',
    arn: 'arn:aws:organizations::123456789012:root/o-exampleorgid/r-examplerootid111',
  },
};

proveTouches(ORGANIZATIONS, [
  ['LeaveOrganization', null, null, 'changed AWS::Organizations::Account 123456789012 [ParentIds]'],
  ['RemoveAccountFromOrganization', member, null, `changed ${MEMBER} [ParentIds]`],
  [
    'MoveAccount',
    { ...member, sourceParentId: 'ou-a', destinationParentId: 'r-b' },
    null,
    `changed ${MEMBER} [ParentIds]`,
  ],
  ['CloseAccount', member, null, `deleted ${MEMBER}`],
  ['RegisterDelegatedAdministrator', delegated, null, `changed ${MEMBER}`],
  ['DeregisterDelegatedAdministrator', delegated, null, `changed ${MEMBER}`],
  [
    'CreatePolicy',
    { name: 'deny', type: 'SERVICE_CONTROL_POLICY', content: '{}' },
    { policy: { policySummary: { id: 'p-examplepolicyid111', awsManaged: false }, content: '{}' } },
    `created ${POLICY}`,
  ],
  ['UpdatePolicy', { ...policy, content: '{}' }, null, `changed ${POLICY} [Content Name Description]`],
  ['AttachPolicy', { ...policy, targetId: 'r-examplerootid111' }, null, `changed ${POLICY} [TargetIds]`],
  ['DetachPolicy', { ...policy, targetId: 'r-examplerootid111' }, null, `changed ${POLICY} [TargetIds]`],
  ['DeletePolicy', policy, null, `deleted ${POLICY}`],
  ['EnablePolicyType', type, root, `changed ${ORGANIZATION}`],
  ['DisablePolicyType', type, root, `changed ${ORGANIZATION}`],
  [
    'CreateOrganizationalUnit',
    { parentId: 'r-examplerootid111', name: 'sandbox' },
    { organizationalUnit: { id: 'ou-examplerootid111-exampleouid111', name: 'sandbox' } },
    `created ${UNIT}`,
  ],
  ['UpdateOrganizationalUnit', { ...unit, name: 'x' }, null, `changed ${UNIT} [Name]`],
  ['DeleteOrganizationalUnit', unit, null, `deleted ${UNIT}`],
]);
