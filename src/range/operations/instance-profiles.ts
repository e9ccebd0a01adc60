import type {
  AssociateIamInstanceProfileRequest,
  AssociateIamInstanceProfileResult,
  DescribeIamInstanceProfileAssociationsRequest,
  DescribeIamInstanceProfileAssociationsResult,
  DisassociateIamInstanceProfileRequest,
  DisassociateIamInstanceProfileResult,
  IamInstanceProfile,
  IamInstanceProfileAssociation,
  IamInstanceProfileSpecification,
} from '@aws-sdk/client-ec2';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { filtered, NO_INSTANCE, one, page } from './query.ts';

interface Association {
  readonly id: string;
  readonly instanceId: string;
  readonly profile: IamInstanceProfile;
  readonly since: Date;
}

/** Which instance has which profile, by the association's id. */
const associationsOf = accountState(() => new Map<string, Association>());

export function associateProfile(
  account: Account,
  instanceId: string,
  { Arn, Name }: IamInstanceProfileSpecification,
): Association {
  const known = ofInstance(account, instanceId);
  if (known !== undefined)
    throw new AwsError('IncorrectState', `There is an existing association for instance ${instanceId}`);
  const profile = {
    Arn: Arn ?? `arn:aws:iam::${account.id}:instance-profile/${Name ?? ''}`,
    Id: account.newId('AIPA'),
  };
  const id = account.newId('iip-assoc');
  const association = { id, instanceId, profile, since: new Date(account.clock.now()) };
  associationsOf(account).set(id, association);
  return association;
}

/** As DescribeInstances shows it. */
export function profileOf(
  account: Account,
  instanceId: string,
): { readonly IamInstanceProfile?: IamInstanceProfile } {
  const association = ofInstance(account, instanceId);
  return association === undefined ? {} : { IamInstanceProfile: association.profile };
}

function ofInstance(account: Account, instanceId: string): Association | undefined {
  return [...associationsOf(account).values()].find((one) => one.instanceId === instanceId);
}

export function associateIamInstanceProfile(
  account: Account,
  { InstanceId = '', IamInstanceProfile = {} }: AssociateIamInstanceProfileRequest,
): AssociateIamInstanceProfileResult {
  one(account.instances, InstanceId, NO_INSTANCE);
  const association = associateProfile(account, InstanceId, IamInstanceProfile);
  return { IamInstanceProfileAssociation: shown(association, 'associating') };
}

export function disassociateIamInstanceProfile(
  account: Account,
  { AssociationId = '' }: DisassociateIamInstanceProfileRequest,
): DisassociateIamInstanceProfileResult {
  const association = associationsOf(account).get(AssociationId);
  if (association === undefined)
    throw new AwsError(
      'InvalidAssociationID.NotFound',
      `An invalid association-id of '${AssociationId}' was given`,
    );
  associationsOf(account).delete(AssociationId);
  return { IamInstanceProfileAssociation: shown(association, 'disassociating') };
}

export function describeIamInstanceProfileAssociations(
  account: Account,
  input: DescribeIamInstanceProfileAssociationsRequest,
): DescribeIamInstanceProfileAssociationsResult {
  const all = [...associationsOf(account).values()]
    .filter(({ id }) => !input.AssociationIds?.length || input.AssociationIds.includes(id))
    .map((association) => shown(association, 'associated'));
  const fields = {
    'instance-id': ({ InstanceId }: IamInstanceProfileAssociation) => [InstanceId],
    state: ({ State }: IamInstanceProfileAssociation) => [State],
  };
  const { items, NextToken } = page(
    filtered(all, input.Filters, fields, () => []),
    input,
  );
  return { IamInstanceProfileAssociations: items, ...(NextToken ? { NextToken } : {}) };
}

function shown(
  { id, instanceId, profile, since }: Association,
  State: 'associating' | 'associated' | 'disassociating',
): IamInstanceProfileAssociation {
  return { AssociationId: id, InstanceId: instanceId, IamInstanceProfile: profile, State, Timestamp: since };
}
