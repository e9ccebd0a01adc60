import type {
  DescribeDBClusterSnapshotAttributesMessage,
  DescribeDBSnapshotAttributesMessage,
  ModifyDBClusterSnapshotAttributeMessage,
  ModifyDBSnapshotAttributeMessage,
} from '@aws-sdk/client-rds';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { identifierOf, type SimulatedDatabaseSnapshot } from './database.ts';
import { snapshotOf } from './snapshots.ts';

/** Accounts that a snapshot can be shared with. Source: Amazon RDS User Guide, "Sharing a DB snapshot". */
const SHARED_LIMIT = 20;

export function describeDBSnapshotAttributes(
  account: Account,
  { DBSnapshotIdentifier }: DescribeDBSnapshotAttributesMessage,
): object {
  return attributes(snapshotOf(account, DBSnapshotIdentifier, false));
}

export function modifyDBSnapshotAttribute(
  account: Account,
  { DBSnapshotIdentifier, ...change }: ModifyDBSnapshotAttributeMessage,
): object {
  const id = identifierOf('DBSnapshotIdentifier', DBSnapshotIdentifier);
  return attributes(shared(snapshotOf(account, id, false), change));
}

export function describeDBClusterSnapshotAttributes(
  account: Account,
  { DBClusterSnapshotIdentifier }: DescribeDBClusterSnapshotAttributesMessage,
): object {
  return clusterAttributes(snapshotOf(account, DBClusterSnapshotIdentifier, true));
}

export function modifyDBClusterSnapshotAttribute(
  account: Account,
  { DBClusterSnapshotIdentifier, ...change }: ModifyDBClusterSnapshotAttributeMessage,
): object {
  const id = identifierOf('DBClusterSnapshotIdentifier', DBClusterSnapshotIdentifier);
  return clusterAttributes(shared(snapshotOf(account, id, true), change));
}

interface Change {
  readonly AttributeName?: string | undefined;
  readonly ValuesToAdd?: readonly string[] | undefined;
  readonly ValuesToRemove?: readonly string[] | undefined;
}

function shared(
  snapshot: SimulatedDatabaseSnapshot,
  { AttributeName, ValuesToAdd = [], ValuesToRemove = [] }: Change,
): SimulatedDatabaseSnapshot {
  if (AttributeName !== 'restore')
    throw new AwsError('InvalidParameterValue', `Invalid attribute name: ${AttributeName}`);
  for (const value of ValuesToAdd)
    if (value !== 'all' && !/^\d{12}$/.test(value))
      throw new AwsError('InvalidParameterValue', `Invalid account id: ${value}`);
  if (snapshot.encrypted && ValuesToAdd.includes('all'))
    throw new AwsError('InvalidParameterValue', 'An encrypted snapshot cannot be shared publicly');
  const after = new Set([...snapshot.sharedWith, ...ValuesToAdd]);
  for (const value of ValuesToRemove) after.delete(value);
  if (after.size - (after.has('all') ? 1 : 0) > SHARED_LIMIT) {
    const message = 'The snapshot is shared with as many accounts as it can be';
    throw new AwsError('SharedSnapshotQuotaExceeded', message);
  }
  snapshot.sharedWith.clear();
  for (const value of after) snapshot.sharedWith.add(value);
  return snapshot;
}

function attributes({ id, sharedWith }: SimulatedDatabaseSnapshot): object {
  return {
    DBSnapshotAttributesResult: {
      DBSnapshotIdentifier: id,
      DBSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: [...sharedWith] }],
    },
  };
}

function clusterAttributes({ id, sharedWith }: SimulatedDatabaseSnapshot): object {
  return {
    DBClusterSnapshotAttributesResult: {
      DBClusterSnapshotIdentifier: id,
      DBClusterSnapshotAttributes: [{ AttributeName: 'restore', AttributeValues: [...sharedWith] }],
    },
  };
}
