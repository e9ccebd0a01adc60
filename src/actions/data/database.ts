import type { DBInstance } from '@aws-sdk/client-rds';
import type { AwsClients } from '../../aws/clients.ts';

export const DATABASE = 'AWS::RDS::DBInstance';

/** The identifier of a database; findings may have its ARN. */
export function databaseId(id: string): string {
  return id.replace(/^arn:[\w-]+:rds:[\w-]*:\d*:db:/, '');
}

/** The database as RDS shows it now. Throws DBInstanceNotFound. */
export async function describeDatabase(aws: AwsClients, id: string): Promise<DBInstance> {
  const rds = await aws.use('rds');
  const answer = await rds.describeDBInstances({ DBInstanceIdentifier: databaseId(id) });
  const [database] = answer.DBInstances ?? [];
  if (database === undefined) throw new Error(`RDS does not show ${databaseId(id)}`);
  return database;
}
