import { describe, expect, it } from 'vitest';
import { ACCOUNT, callOf, trailRecord } from '../../test/touches.ts';
import type { Json } from '../model/json.ts';
import { principalOf } from './principal.ts';
import { sessionBook } from './session-book.ts';

const KNOWN = { cordon: [], door: [], deploy: [] };
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const assumed = (name: string, session: string, accessKeyId: string): Json => ({
  type: 'AssumedRole',
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${session}`,
  accountId: ACCOUNT,
  accessKeyId,
});
const recordOf = (userIdentity: Json) =>
  trailRecord('ec2.amazonaws.com', 'StopInstances', null, null, { userIdentity });

describe('a chain of roles', () => {
  const opened = (from: Json, accessKeyId: string, errorCode?: string) =>
    callOf(
      trailRecord(
        'sts.amazonaws.com',
        'AssumeRole',
        { roleArn: role('next'), roleSessionName: 's' },
        { credentials: { accessKeyId, sessionToken: 'x' } },
        {
          userIdentity: from,
          readOnly: true,
          ...(errorCode === undefined ? {} : { errorCode }),
        },
      ),
    );
  const bob = {
    type: 'IAMUser',
    arn: `arn:aws:iam::${ACCOUNT}:user/bob`,
    userName: 'bob',
    accountId: ACCOUNT,
  };

  it('is followed to the one who began it, by the keys that were handed out', () => {
    const book = sessionBook(KNOWN);
    book.note(opened(bob, 'ASIAFIRST'));
    book.note(opened(assumed('jump', 'a', 'ASIAFIRST'), 'ASIASECOND'));
    const call = callOf(recordOf(assumed('admin', 'b', 'ASIASECOND')));
    expect(principalOf(call, KNOWN, book.owner).chain.map(({ name }) => name)).toEqual([
      bob.arn,
      role('jump'),
      'a',
      role('admin'),
      'b',
    ]);
  });

  it('is as long as the record where nothing is known of its beginning', () => {
    const book = sessionBook(KNOWN);
    book.note(opened(bob, 'ASIAFIRST', 'AccessDenied'));
    const call = callOf(recordOf(assumed('admin', 'b', 'ASIAFIRST')));
    expect(principalOf(call, KNOWN, book.owner).chain).toHaveLength(2);
  });

  it('is forgotten when more sessions were begun than are remembered, and stays short', () => {
    const book = sessionBook(KNOWN, 2);
    for (let at = 0; at < 40; at++) {
      book.note(opened(assumed('loop', `${at}`, `ASIA${at - 1}`), `ASIA${at}`));
    }
    expect(book.owner('ASIA37')).toBeUndefined();
    expect(book.owner('ASIA39')?.chain.length).toBeLessThanOrEqual(32);
  });
});
