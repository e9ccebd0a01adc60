import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import type { Action } from '../action.ts';
import { allowTermination } from './allow-termination.ts';
import { protectFromTermination } from './protect-from-termination.ts';
import { recordInstance } from './record-instance.ts';

async function recorded(on: boolean): Promise<Acting> {
  const world = await acting();
  set(world, on);
  await world.act(recordInstance);
  return world;
}

function set({ account, honeypot }: Acting, on: boolean): void {
  Object.assign(account.instances.get(honeypot.instanceId) ?? {}, { terminationProtected: on });
}

const isOn = ({ account, honeypot }: Acting) =>
  account.instances.get(honeypot.instanceId)?.terminationProtected;

describe.each<[string, Action, boolean]>([
  ['protect-from-termination', protectFromTermination, true],
  ['allow-termination', allowTermination, false],
])('%s', (_, action, on) => {
  it('sets it once, and is taken back', async () => {
    await using world = await recorded(!on);
    world.range.faults.add({ operation: 'ModifyInstanceAttribute', fault: { kind: 'drop-after' } });
    expect(await world.act(action)).toMatchObject({ status: 'done' });
    expect(isOn(world)).toBe(on);
    const calls = world.made('ModifyInstanceAttribute');
    await world.act(action, { earlierTry: 'unknown' });
    expect(world.made('ModifyInstanceAttribute')).toBe(calls);
    await world.undo(action);
    expect(isOn(world)).toBe(!on);
  });

  it('is taken back to what was, not to the other', async () => {
    await using world = await recorded(on);
    await world.act(action);
    expect(world.made('ModifyInstanceAttribute')).toBe(0);
    await world.undo(action);
    expect(isOn(world)).toBe(on);
  });

  it('leaves what a person has changed since, also when there was nothing to do', async () => {
    await using same = await recorded(on);
    await same.act(action);
    set(same, !on);
    await same.undo(action);
    expect(isOn(same)).toBe(!on);
    await using world = await recorded(!on);
    await world.act(action);
    set(world, !on);
    await world.undo(action);
    expect(isOn(world)).toBe(!on);
    expect(world.made('ModifyInstanceAttribute')).toBe(1);
  });
});
