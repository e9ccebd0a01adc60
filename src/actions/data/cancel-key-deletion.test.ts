import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Acting, acting, subjectOf } from '../../../test/acting.ts';
import type { Subject } from '../../model/subject.ts';
import { cancelKeyDeletion, KEY } from './cancel-key-deletion.ts';

let stage: Acting;
let key: Subject;

beforeEach(async () => {
  stage = await acting();
  const { KeyMetadata } = await (await stage.aws.use('kms')).createKey({});
  key = subjectOf(KEY, KeyMetadata?.Arn ?? '');
});
afterEach(() => stage[Symbol.asyncDispose]());

const kms = () => stage.aws.use('kms');
const state = async () => (await (await kms()).describeKey({ KeyId: key.id })).KeyMetadata?.KeyState;

describe('cancel-key-deletion', () => {
  it('keeps the key and enables it', async () => {
    await (await kms()).scheduleKeyDeletion({ KeyId: key.id });
    const output = await stage.done(cancelKeyDeletion, { subject: key });
    expect(output).toMatchObject({ cancelled: true, state: 'Enabled' });
    expect(await state()).toBe('Enabled');
    expect(stage.restore(cancelKeyDeletion)).toEqual([
      expect.stringMatching(
        /^aws kms schedule-key-deletion --region us-east-1 --key-id [0-9a-f-]{36} --pending-window-in-days 30$/,
      ),
    ]);
  });

  it('leaves it disabled where the playbook says so', async () => {
    await (await kms()).scheduleKeyDeletion({ KeyId: key.id });
    await stage.done(cancelKeyDeletion, { subject: key, with: { enable: false } });
    expect(await state()).toBe('Disabled');
  });

  it('does not touch a key that nobody deletes, also one that is disabled', async () => {
    await (await kms()).disableKey({ KeyId: key.id });
    expect(await stage.done(cancelKeyDeletion, { subject: key })).toMatchObject({
      cancelled: false,
      state: 'Disabled',
    });
    expect(stage.restore(cancelKeyDeletion)).toEqual([]);
    expect([stage.made('CancelKeyDeletion'), stage.made('EnableKey')]).toEqual([0, 0]);
  });

  it('enables what an earlier try has kept and not enabled', async () => {
    await (await kms()).scheduleKeyDeletion({ KeyId: key.id });
    stage.range.faults.add({ operation: 'EnableKey', times: 6, fault: { kind: 'drop-before' } });
    await expect(stage.act(cancelKeyDeletion, { subject: key })).rejects.toThrow();
    expect(await state()).toBe('Disabled');
    await stage.done(cancelKeyDeletion, { subject: key, earlierTry: 'unknown' });
    expect(await state()).toBe('Enabled');
    await stage.done(cancelKeyDeletion, { subject: key, earlierTry: 'unknown' });
    expect([stage.made('CancelKeyDeletion'), stage.made('EnableKey')]).toEqual([1, 1]);
  });

  it('fails with what KMS says of a key that is gone', async () => {
    const gone = subjectOf(KEY, '11111111-2222-3333-4444-555555555555');
    await expect(stage.act(cancelKeyDeletion, { subject: gone })).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });
});
