import { describe, expect, it } from 'vitest';
import { acting } from './acting.ts';
import { SCENES } from './containment-scenes.ts';
import { KILLED, type Kill } from './killable.ts';

/** More calls than any of the actions makes. */
const MOST_CALLS = 40;

/** Every place where a process can die while it does some work; the work is done again after each. */
async function dieEverywhere(
  work: (kill: Kill) => Promise<unknown>,
  again: () => Promise<void>,
): Promise<number> {
  let deaths = 0;
  for (const side of ['before', 'after'] as const) {
    for (let call = 1; ; call++) {
      expect(call).toBeLessThan(MOST_CALLS);
      const kill: Kill = { call, side };
      await work(kill).catch((error: Error) => {
        expect(error.message).toBe(KILLED);
        deaths++;
      });
      await again();
      if (kill.reached !== true) break;
    }
  }
  return deaths;
}

describe.each(Object.entries(SCENES))('%s, killed at any call', (_, setUp) => {
  it('is done once, and taken back to what it was', async () => {
    await using one = await acting();
    const { record, recordWith, action, subject = one.subject, state, ...scene } = await setUp(one);
    const input = scene.with ?? {};
    await one.act(record, { subject, with: recordWith ?? {} });
    const before = structuredClone(await state());
    const act = (more: object = {}) => one.act(action, { subject, with: input, ...more });

    const first = await act();
    expect(first).toMatchObject({ status: 'done' });
    const after = structuredClone(await state());
    expect(after).not.toEqual(before);
    await one.undo(action);
    expect(await state()).toEqual(before);

    const deaths = await dieEverywhere(
      (kill) => act({ kill }),
      async () => {
        expect(await act({ earlierTry: 'unknown' })).toEqual(first);
        expect(await state()).toEqual(after);
        await one.undo(action);
        expect(await state()).toEqual(before);
      },
    );
    expect(deaths).toBeGreaterThanOrEqual(4);

    await act();
    await dieEverywhere(
      (kill) => one.undo(action, { kill }),
      async () => {
        expect(await one.undo(action)).toMatchObject({ status: 'done' });
        expect(await state()).toEqual(before);
        await act();
        expect(await state()).toEqual(after);
      },
    );
  });
});
