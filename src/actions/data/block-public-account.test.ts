import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';
import { accountBlockOf } from '../../range/s3/public-access.ts';
import { blockPublicAccount } from './block-public-account.ts';
import { ALL_BLOCKED } from './bucket.ts';
import { recordPublicAccess } from './record-public-access.ts';

describe('blocking public access to an account', () => {
  it('switches everything on, once, and leaves nothing again where there was nothing', async () => {
    await using one = await acting();
    const state = accountBlockOf(one.account);
    expect(await one.act(blockPublicAccount)).toMatchObject({ status: 'ask' });
    await one.act(recordPublicAccess);
    one.range.faults.add({ operation: 'PutPublicAccessBlock', fault: { kind: 'drop-after' } });
    await one.act(blockPublicAccount);
    expect(await one.act(blockPublicAccount)).toMatchObject({
      status: 'done',
      output: { account: '123456789012', before: null },
    });
    expect(state.settings).toEqual(ALL_BLOCKED);
    await one.undo(blockPublicAccount);
    expect(state.settings).toBeUndefined();
    expect(await one.undo(blockPublicAccount)).toMatchObject({ status: 'done' });
    expect(JSON.parse(one.piece('account-public-access.json').toString())).toEqual({
      account: '123456789012',
      publicAccessBlock: null,
    });
  });

  it('brings back exactly what was on, and nothing that somebody changed meanwhile', async () => {
    await using one = await acting();
    const state = accountBlockOf(one.account);
    const before = { ...ALL_BLOCKED, BlockPublicPolicy: false };
    state.settings = before;
    await one.act(recordPublicAccess);
    await one.act(blockPublicAccount);
    await one.undo(blockPublicAccount);
    expect(state.settings).toEqual(before);
    await one.act(blockPublicAccount);
    state.settings = undefined;
    await one.undo(blockPublicAccount);
    expect(state.settings).toBeUndefined();
  });

  it('hears what S3 refuses', async () => {
    await using one = await acting();
    await one.act(recordPublicAccess);
    one.range.faults.add({ operation: 'PutPublicAccessBlock', fault: { kind: 'unauthorized' } });
    await expect(one.act(blockPublicAccount)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
