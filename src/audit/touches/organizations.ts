import { changed, created, deleted, type TouchTable } from './touch.ts';

const ACCOUNT = 'AWS::Organizations::Account';
const POLICY = 'AWS::Organizations::Policy';
const UNIT = 'AWS::Organizations::OrganizationalUnit';
const ORGANIZATION = 'AWS::Organizations::Organization';
const account = 'request.accountId';
const policy = 'request.policyId';
const unit = 'request.organizationalUnitId';
const organization = ['{response.root.arn:organization-id}'];

/** Source: AWS Organizations User Guide, "AWS CloudTrail for AWS Organizations". */
export const ORGANIZATIONS: TouchTable = {
  source: 'organizations.amazonaws.com',
  calls: {
    LeaveOrganization: [changed(ACCOUNT, 'account', ['ParentIds'])],
    RemoveAccountFromOrganization: [changed(ACCOUNT, account, ['ParentIds'])],
    MoveAccount: [changed(ACCOUNT, account, ['ParentIds'])],
    CloseAccount: [deleted(ACCOUNT, account)],
    RegisterDelegatedAdministrator: [changed(ACCOUNT, account)],
    DeregisterDelegatedAdministrator: [changed(ACCOUNT, account)],
    CreatePolicy: [created(POLICY, 'response.policy.policySummary.id')],
    UpdatePolicy: [changed(POLICY, policy, ['Content', 'Name', 'Description'])],
    AttachPolicy: [changed(POLICY, policy, ['TargetIds'])],
    DetachPolicy: [changed(POLICY, policy, ['TargetIds'])],
    DeletePolicy: [deleted(POLICY, policy)],
    EnablePolicyType: [changed(ORGANIZATION, organization)],
    DisablePolicyType: [changed(ORGANIZATION, organization)],
    CreateOrganizationalUnit: [created(UNIT, 'response.organizationalUnit.id')],
    UpdateOrganizationalUnit: [changed(UNIT, unit, ['Name'])],
    DeleteOrganizationalUnit: [deleted(UNIT, unit)],
  },
};
