import * as organizations from '@aws-sdk/client-organizations';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';

interface Membership {
  readonly id: string;
  readonly managementAccountId: string;
  /** Has a way to pay and a contact, which a standalone account needs. */
  readonly isReadyToLeave: boolean;
}

const membershipOf = accountState<{ organization: Membership | undefined }>(() => ({
  organization: undefined,
}));

/** Makes the account a member of an organization, or its management account. */
export function joinOrganization(account: Account, given: Partial<Membership> = {}): void {
  membershipOf(account).organization = {
    id: 'o-exampleorgid',
    managementAccountId: account.id,
    isReadyToLeave: true,
    ...given,
  };
}

function mine(account: Account): Membership {
  const { organization } = membershipOf(account);
  if (organization === undefined)
    throw new AwsError(
      'AWSOrganizationsNotInUseException',
      'Your account is not a member of an organization.',
    );
  return organization;
}

function describeOrganization(account: Account): organizations.DescribeOrganizationResponse {
  const { id, managementAccountId } = mine(account);
  return {
    Organization: {
      Id: id,
      Arn: `arn:aws:organizations::${managementAccountId}:organization/${id}`,
      FeatureSet: 'ALL',
      MasterAccountId: managementAccountId,
      MasterAccountArn: `arn:aws:organizations::${managementAccountId}:account/${id}/${managementAccountId}`,
      MasterAccountEmail: 'management@example.com',
      AvailablePolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
    },
  };
}

/** Source: AWS Organizations API Reference, "LeaveOrganization". */
function leaveOrganization(account: Account): object {
  const { managementAccountId, isReadyToLeave } = mine(account);
  if (managementAccountId === account.id)
    throw new AwsError(
      'MasterCannotLeaveOrganizationException',
      "You can't remove the management account from the organization.",
    );
  if (!isReadyToLeave)
    throw new AwsError(
      'ConstraintViolationException',
      'The member account is missing one or more of the prerequisites required to operate as a standalone account.',
    );
  membershipOf(account).organization = undefined;
  return {};
}

export const ORGANIZATIONS: Service = {
  name: 'organizations',
  protocol: awsJson('1.1', 'com.amazonaws.organizations'),
  serves: servesTarget('AWSOrganizationsV20161128'),
  faults: {
    throttle: () => new AwsError('TooManyRequestsException', 'Too many requests'),
    'internal-error': () => new AwsError('ServiceException', 'Internal error', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', "You don't have permissions to access this resource."),
  },
  operations: {
    DescribeOrganization: operation(organizations.DescribeOrganization$, describeOrganization),
    LeaveOrganization: operation(organizations.LeaveOrganization$, leaveOrganization),
  },
};
