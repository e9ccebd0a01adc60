import { type Json, toJson } from '../../model/json.ts';
import type { Subject } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { DATABASE, databaseId, describeDatabase } from './database.ts';

/** The database as it was found: what undoing puts back. */
export interface RecordedDatabase {
  readonly database: string;
  readonly publiclyAccessible: boolean;
}

export const recordDatabase = defineAction({
  name: 'record-database',
  title: 'Record the database',
  group: 'data',
  subjects: [DATABASE],
  effect: 'read',
  needs: [],
  permissions: ['rds:DescribeDBInstances'],
  about: {
    precondition: 'RDS still knows the database',
    effect:
      'writes what RDS says of the database into the case: endpoint, security groups, encryption, backups',
    proof: 'the file is in the case folder',
    idempotency: 'it only reads, and writes the same file again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record the database ${databaseId(id)}`,
  async run({ aws, subject, caseFile }) {
    const description = await describeDatabase(aws, subject.id);
    caseFile.writeJson('database.json', toJson(description));
    const recorded: RecordedDatabase = {
      database: databaseId(subject.id),
      publiclyAccessible: description.PubliclyAccessible ?? false,
    };
    const reach = recorded.publiclyAccessible ? 'publicly accessible' : 'private';
    return done(toJson(recorded), `${recorded.database}: ${reach}, ${description.DBInstanceStatus}`);
  },
});

/** The database as {@link recordDatabase} found it; nothing when it was another one. */
export function recordedDatabase(output: Json | undefined, { id }: Subject): RecordedDatabase | undefined {
  const recorded = output as unknown as RecordedDatabase | undefined;
  return recorded?.database === databaseId(id) ? recorded : undefined;
}
