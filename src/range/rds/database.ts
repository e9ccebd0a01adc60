import type { DBCluster, DBInstance, PendingModifiedValues } from '@aws-sdk/client-rds';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

export interface SimulatedDatabase {
  /** As DescribeDBInstances shows it, without what changes with time. */
  instance: DBInstance;
  pending: PendingModifiedValues;
  busy: Busy | undefined;
}

export interface SimulatedCluster {
  cluster: DBCluster;
  busy: Busy | undefined;
}

/** What RDS does with a database until a time, milliseconds since the epoch. */
interface Busy {
  readonly status: 'creating' | 'modifying';
  readonly until: number;
}

export interface SimulatedDatabaseSnapshot {
  readonly id: string;
  /** The instance or cluster that it is of. */
  readonly source: string;
  readonly ofCluster: boolean;
  readonly encrypted: boolean;
  readonly kmsKeyId: string | undefined;
  readonly engine: string;
  /** RDS takes it by itself each day; such a snapshot cannot be shared. */
  readonly automated: boolean;
  readonly createdAt: number;
  /** Who may restore it: account ids, and `all` for everybody. */
  readonly sharedWith: Set<string>;
}

/** Databases and clusters by their identifiers, which RDS keeps in small letters. */
export const databasesOf = accountState(() => ({
  instances: new Map<string, SimulatedDatabase>(),
  clusters: new Map<string, SimulatedCluster>(),
  snapshots: new Map<string, SimulatedDatabaseSnapshot>(),
}));

export function busyFor(account: Account, status: Busy['status']): Busy {
  return { status, until: account.clock.now() + account.settings.stateChangeDuration };
}

export function statusOf(account: Account, { busy }: { readonly busy: Busy | undefined }): string {
  return busy !== undefined && busy.until > account.clock.now() ? busy.status : 'available';
}

export function databaseOf(account: Account, identifier: string | undefined): SimulatedDatabase {
  const found = databasesOf(account).instances.get((identifier ?? '').toLowerCase());
  if (found === undefined)
    throw new AwsError('DBInstanceNotFound', `DBInstance ${identifier} not found.`, 404);
  return found;
}

export function clusterOf(account: Account, identifier: string | undefined): SimulatedCluster {
  const found = databasesOf(account).clusters.get((identifier ?? '').toLowerCase());
  if (found === undefined)
    throw new AwsError('DBClusterNotFoundFault', `DBCluster ${identifier} not found.`, 404);
  return found;
}

/** Source: Amazon RDS API Reference, "CreateDBInstance": constraints of identifiers. */
export function identifierOf(parameter: string, text: string | undefined): string {
  const id = (text ?? '').toLowerCase();
  if (/^[a-z](?!.*--)[a-z0-9-]{0,254}$/.test(id) && !id.endsWith('-')) return id;
  const message =
    `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain ` +
    'only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.';
  throw new AwsError('InvalidParameterValue', message);
}
