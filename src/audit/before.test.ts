import { describe, expect, it } from 'vitest';
import type { Json } from '../model/json.ts';
import type { ResourceChange, ResourceState } from '../model/resource.ts';
import { stateBefore } from './before.ts';

const subject = { type: 'AWS::S3::Bucket', id: 'records', account: '123456789012', region: 'us-east-1' };
const AT = Date.parse('2026-11-24T09:00:00Z');

function state(at: number, Versioning: string, changes: readonly string[] = []): ResourceState {
  return { subject, at: AT + at, properties: { Versioning }, failing: [], changes };
}

const change: ResourceChange = {
  id: 'one',
  subject,
  change: 'changed',
  attributes: ['Versioning'],
  at: AT,
  notedAt: AT,
  call: 's3:PutBucketVersioning',
  by: 'mallory',
  state: 'waiting',
  against: [],
  raw: '{}',
  origin: { source: 'trail.json', offset: 0, line: 1 },
};
const AFTER: Json = { Versioning: 'off' };

describe('the state before a change', () => {
  it('is the last that was read before it', () => {
    const states = [state(-9_000, 'a'), state(-5_000, 'b'), state(4_000, 'c')];
    expect(stateBefore(states, [change], AFTER)?.properties).toEqual({ Versioning: 'b' });
  });

  it('may have been read in its second, for CloudTrail tells no less', () => {
    const states = [state(-5_000, 'off', ['an earlier one']), state(400, 'on')];
    expect(stateBefore(states, [change], AFTER)?.properties).toEqual({ Versioning: 'on' });
  });

  it('is none of its second that shows what the change did, or that was read because of it', () => {
    expect(stateBefore([state(-5_000, 'on'), state(400, 'off')], [change], AFTER)?.at).toBe(AT - 5_000);
    expect(stateBefore([state(-5_000, 'on'), state(400, 'x', ['one'])], [change], AFTER)?.at).toBe(
      AT - 5_000,
    );
  });

  it('is not known when nothing was read', () => {
    expect(stateBefore([state(2_000, 'on')], [change], AFTER)).toBeUndefined();
    expect(stateBefore([state(-1, 'on')], [], AFTER)).toBeUndefined();
  });
});
