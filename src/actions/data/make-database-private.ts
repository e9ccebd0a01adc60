import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import { toJson } from '../../model/json.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { DATABASE, databaseId, describeDatabase } from './database.ts';
import { recordedDatabase } from './record-database.ts';

interface MadePrivate {
  readonly database: string;
  readonly wasPublic: boolean;
}

const PERMISSIONS = ['rds:DescribeDBInstances', 'rds:ModifyDBInstance'];

export const makeDatabasePrivate = defineAction({
  name: 'make-database-private',
  title: 'Make the database private',
  group: 'data',
  subjects: [DATABASE],
  effect: 'reversible',
  needs: ['record-database'],
  permissions: PERMISSIONS,
  about: {
    precondition: 'the database is available, or will be; RDS refuses one that is stopped',
    effect:
      'the name of the database no longer leads to an address of the Internet; what waits for its maintenance window goes on waiting',
    proof: 'RDS shows that it is not publicly accessible, and available again',
    idempotency: 'a database that is private is left alone, and asking twice changes nothing',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'make the database publicly accessible again when it was so',
    permissions: PERMISSIONS,
    run: putBack,
  },
  plan: ({ id }) => `make the database ${databaseId(id)} private`,
  async run(context) {
    const { aws, subject } = context;
    const recorded = recordedDatabase(context.output('record-database'), subject);
    const { id } = subject;
    if (recorded === undefined)
      return {
        status: 'ask',
        reason: `record-database of ${databaseId(id)} must come first in the playbook`,
      };
    const pending = await setPubliclyAccessible(aws, id, false);
    if (pending !== undefined) return pending;
    const made: MadePrivate = { database: databaseId(id), wasPublic: recorded.publiclyAccessible };
    return done(toJson(made), `${databaseId(id)} is not publicly accessible`);
  },
});

async function putBack({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const { database, wasPublic } = undone as unknown as MadePrivate;
  if (!wasPublic) return done(null, `${database} was private before`);
  const pending = await setPubliclyAccessible(aws, database, true);
  return pending ?? done(database, `${database} is publicly accessible again`);
}

/**
 * Answers what is still awaited, and nothing once RDS shows it. It is not asked to be applied immediately:
 * this setting is in any case, and so would be all that waits for the maintenance window.
 * Source: Amazon RDS API Reference, "ModifyDBInstance": PubliclyAccessible, ApplyImmediately.
 */
async function setPubliclyAccessible(
  aws: AwsClients,
  id: string,
  PubliclyAccessible: boolean,
): Promise<ActionOutcome | undefined> {
  const database = await describeDatabase(aws, id);
  const { DBInstanceStatus: status = 'unknown' } = database;
  const progress = `${databaseId(id)} is ${status}`;
  if (database.PubliclyAccessible === PubliclyAccessible) {
    return CHANGING.test(status) ? { status: 'waiting', progress } : undefined;
  }
  if (CHANGING.test(status)) return { status: 'waiting', progress };
  const rds = await aws.use('rds');
  try {
    await rds.modifyDBInstance({ DBInstanceIdentifier: databaseId(id), PubliclyAccessible });
  } catch (error) {
    // It began to change between the look and the call.
    const isBusy = /^InvalidDBInstanceState(Fault)?$/.test(awsErrorCode(error));
    if (!isBusy || status !== 'available') throw error;
  }
  return { status: 'waiting', progress: `${databaseId(id)} is being modified` };
}

/** Source: Amazon RDS User Guide, "Viewing Amazon RDS DB instance status": those that pass by themselves. */
const CHANGING =
  /^(creating|modifying|backing-up|rebooting|renaming|starting|stopping|upgrading|maintenance|resetting-master-credentials|converting-to-vpc|moving-to-vpc|configuring-[\w-]+|storage-config-upgrade|storage-initialization)$/;
