import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';
import { databaseOf } from '../../range/rds/database.ts';
import { DATABASE } from './database.ts';
import { makeDatabasePrivate } from './make-database-private.ts';
import { recordDatabase } from './record-database.ts';

async function world(PubliclyAccessible = true) {
  const one = await acting();
  const rds = await one.aws.use('rds');
  await rds.createDBInstance({
    DBInstanceIdentifier: 'orders',
    DBInstanceClass: 'db.t4g.small',
    Engine: 'postgres',
    PubliclyAccessible,
  });
  const subject = { ...one.subject, type: DATABASE, id: 'orders' };
  const database = databaseOf(one.account, 'orders');
  return { one, rds, subject, database };
}

describe('making a database private', () => {
  it('waits until RDS has done it, and makes it public again', async () => {
    const { one, subject, database } = await world();
    await using _ = one;
    await one.act(recordDatabase, { subject });
    expect(await one.act(makeDatabasePrivate, { subject })).toMatchObject({
      status: 'done',
      output: { database: 'orders', wasPublic: true },
    });
    expect(database.instance.PubliclyAccessible).toBe(false);
    expect(database.busy?.until).toBeLessThanOrEqual(one.clock.now());
    expect(one.made('ModifyDBInstance')).toBe(1);
    expect(await one.undo(makeDatabasePrivate)).toMatchObject({ status: 'done', output: 'orders' });
    expect(database.instance.PubliclyAccessible).toBe(true);
    expect(JSON.parse(one.piece('database.json').toString())).toMatchObject({
      DBInstanceIdentifier: 'orders',
      PubliclyAccessible: true,
    });
  });

  it('is the same when it is done twice or its answer is lost', async () => {
    const { one, subject, database } = await world();
    await using _ = one;
    const arn = { ...subject, id: 'arn:aws:rds:us-east-1:123456789012:db:orders' };
    await one.act(recordDatabase, { subject: arn });
    one.range.faults.add({ operation: 'ModifyDBInstance', fault: { kind: 'drop-after' } });
    await one.act(makeDatabasePrivate, { subject: arn });
    expect(await one.act(makeDatabasePrivate, { subject: arn })).toMatchObject({
      output: { wasPublic: true },
    });
    await one.undo(makeDatabasePrivate);
    expect(database.instance.PubliclyAccessible).toBe(true);
  });

  it('leaves alone what waits for the maintenance window', async () => {
    const { one, rds, subject, database } = await world();
    await using _ = one;
    one.clock.advance(60_000);
    await rds.modifyDBInstance({ DBInstanceIdentifier: 'orders', DBInstanceClass: 'db.r7g.16xlarge' });
    await one.act(recordDatabase, { subject });
    await one.act(makeDatabasePrivate, { subject });
    expect(database.instance.DBInstanceClass).toBe('db.t4g.small');
    expect(database.pending).toEqual({ DBInstanceClass: 'db.r7g.16xlarge' });
  });

  it('changes nothing of a private one, and keeps it private when that is taken back', async () => {
    const { one, subject, database } = await world(false);
    await using _ = one;
    await one.act(recordDatabase, { subject });
    expect(await one.act(makeDatabasePrivate, { subject })).toMatchObject({ status: 'done' });
    await one.undo(makeDatabasePrivate);
    expect(one.made('ModifyDBInstance')).toBe(0);
    expect(database.instance.PubliclyAccessible).toBe(false);
  });

  it('needs the record, and hears that there is no such database or no permission', async () => {
    const { one, subject } = await world();
    await using _ = one;
    expect(await one.act(makeDatabasePrivate, { subject })).toMatchObject({ status: 'ask' });
    const none = { ...subject, id: 'none' };
    await expect(one.act(recordDatabase, { subject: none })).rejects.toMatchObject({
      Code: 'DBInstanceNotFound',
    });
    await one.act(recordDatabase, { subject });
    one.range.faults.add({ operation: 'ModifyDBInstance', fault: { kind: 'unauthorized' } });
    await expect(one.act(makeDatabasePrivate, { subject })).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
