import { describe, expect, it } from 'vitest';
import type { ActionContext } from '../action.ts';
import { isOurs, untilShown } from './settle.ts';

/** A context in which only sleeping takes time; IAM shows the change after `lag` milliseconds. */
function lagging(lag: number) {
  let now = 0;
  const context = {
    settleTime: 4_000,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  } as ActionContext;
  return { wait: () => untilShown(context, async () => now >= lag, 'it is done'), slept: () => now };
}

describe('what IAM has accepted', () => {
  it('is looked for until IAM shows it', async () => {
    const { wait, slept } = lagging(1_500);
    await wait();
    expect(slept()).toBe(2_000);
  });

  it('takes no time when it is shown at once', async () => {
    const { wait, slept } = lagging(0);
    await wait();
    expect(slept()).toBe(0);
  });

  it('is an error when it is not shown in time: the next try must know that it may have been made', async () => {
    const { wait, slept } = lagging(4_001);
    await expect(wait()).rejects.toThrow('IAM does not show yet that it is done');
    expect(slept()).toBe(4_000);
  });
});

describe('a change that is found made', () => {
  it.each([
    ['none', false, false],
    ['unknown', false, true],
    // Of several calls the first may have worked before the second was refused.
    ['no-effect', false, true],
    ['unknown', true, false],
  ] as const)('after earlier try %s, recorded before: %s, is ours: %s', (earlierTry, recorded, ours) => {
    expect(isOurs({ earlierTry } as ActionContext, recorded)).toBe(ours);
  });
});
