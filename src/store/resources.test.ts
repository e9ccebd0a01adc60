import { describe, expect, it } from 'vitest';
import { openTemporaryStore } from '../../test/temporary-store.ts';
import type { ResourceChange, ResourceState } from '../model/resource.ts';
import { subjectKey } from '../model/subject.ts';
import type { Store } from './store.ts';

const subject = { type: 'AWS::S3::Bucket', id: 'records', account: '123456789012', region: 'us-east-1' };
const KEY = subjectKey(subject);

function change(id: string, more: Partial<ResourceChange> = {}): ResourceChange {
  return {
    id,
    subject,
    change: 'changed',
    attributes: ['Tags'],
    at: 1_000,
    notedAt: 2_000,
    call: 's3:PutBucketTagging',
    by: 'mallory',
    state: 'waiting',
    against: [],
    raw: '{}',
    origin: { source: 'trail.json', offset: 0, line: 1 },
    ...more,
  };
}

function state(at: number, more: Partial<ResourceState> = {}): ResourceState {
  return { subject, at, properties: { at }, failing: [], changes: [], ...more };
}

const noted = (store: Store, ...changes: ResourceChange[]) =>
  store.commit(changes.map((one) => ({ kind: 'resource-change', change: one })));
const seen = (store: Store, ...states: ResourceState[]) =>
  store.commit(states.map((one) => ({ kind: 'resource-state', state: one })));

describe('what is remembered of a change', () => {
  it('is kept once, by time, however often it is told', async () => {
    await using store = disposable();
    await noted(store, change('b', { at: 2_000 }), change('a'), change('a', { notedAt: 9_000 }));
    expect((await store.resourceChanges(KEY)).map(({ id, notedAt }) => [id, notedAt])).toEqual([
      ['a', 2_000],
      ['b', 2_000],
    ]);
  });

  it('is what was judged of it, also when it is told again', async () => {
    await using store = disposable();
    await noted(store, change('a'));
    await noted(store, change('a', { state: 'judged', against: ['policy'] }));
    await noted(store, change('a'));
    expect(await store.resourceChanges(KEY, 'waiting')).toEqual([]);
    expect(await store.resourceChanges(KEY, 'judged')).toMatchObject([{ id: 'a', against: ['policy'] }]);
  });

  it('makes a resource due when it is quiet, or has waited long enough', async () => {
    await using store = disposable();
    await noted(store, change('a', { notedAt: 1_000 }), change('b', { notedAt: 5_000 }));
    expect(await store.settledResources(4_999, 999)).toEqual([]);
    expect(await store.settledResources(5_000, 0)).toEqual([KEY]);
    expect(await store.settledResources(0, 1_000)).toEqual([KEY]);
    await noted(store, change('a', { state: 'judged' }), change('b', { state: 'rolled-back' }));
    expect(await store.settledResources(9_000, 9_000)).toEqual([]);
  });
});

describe('what is remembered of states', () => {
  it('is the last hundred, oldest first', async () => {
    await using store = disposable();
    for (let at = 1; at <= 130; at++) await seen(store, state(at));
    const kept = await store.resourceStates(KEY);
    expect([kept.length, kept[0]?.at, kept.at(-1)?.at]).toEqual([100, 31, 130]);
  });

  it('is beside them the last compliant one, however long ago that was', async () => {
    await using store = disposable();
    await seen(store, state(1), state(2));
    for (let at = 3; at <= 140; at++) await seen(store, state(at, { failing: ['policy'] }));
    const kept = await store.resourceStates(KEY);
    expect([kept.length, kept[0]?.at, kept[1]?.at]).toEqual([101, 2, 41]);
    expect((await store.lastCompliantState(KEY, 140))?.at).toBe(2);
    expect(await store.lastCompliantState(KEY, 1)).toBeUndefined();
  });

  it('is no compliant one of a resource that was gone', async () => {
    await using store = disposable();
    await seen(store, state(1), state(2, { properties: null }));
    expect((await store.lastCompliantState(KEY, 9))?.at).toBe(1);
  });

  it('is of one resource: another of the same name in another region has its own', async () => {
    await using store = disposable();
    await seen(store, state(1), { ...state(2), subject: { ...subject, region: 'eu-west-1' } });
    expect((await store.resourceStates(KEY)).map(({ at }) => at)).toEqual([1]);
    expect(await store.resourcesLike('/records')).toHaveLength(2);
    expect(await store.resourcesLike('%')).toEqual([]);
  });
});

function disposable(): Store & AsyncDisposable {
  const store = openTemporaryStore();
  return { ...store, [Symbol.asyncDispose]: () => store.close() };
}
