import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { broken, MUTANTS, mutantNamed } from '../sim/mutants.ts';
import { playSeeds } from '../sim/run.ts';

/** As many as a person waits for; `.ci/run` has more of them played. */
const WORLDS = Number(process.env.SIM_WORLDS ?? 300);

describe('a world in which everything goes wrong', () => {
  it('keeps every promise nevertheless, whatever the seed', async () => {
    const { failed, runs, deaths } = await playSeeds(1, WORLDS);
    const again = `npm run sim -- --seed ${failed?.seed}`;
    expect(failed?.violation, again).toBeUndefined();
    expect(runs).toBe(WORLDS);
    // It was not all well by not trying.
    expect(deaths).toBeGreaterThan(WORLDS / 4);
  }, 600_000);

  it('is the same whenever it is played again, call by call, in whatever order', async () => {
    const digests = async (threads: number, first: number) =>
      (await playSeeds(first, 12, { threads })).digests;
    const once = await digests(1, 1);
    expect(once.size).toBe(12);
    expect(await digests(2, 1)).toEqual(once);
  }, 60_000);
});

describe('an engine that is broken', () => {
  it.each(MUTANTS)('$name: what it breaks is in the engine as it is', (mutant) => {
    for (const { file } of mutant.edits) {
      const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
      expect(broken(mutant, file, text)).not.toBe(text);
    }
  });

  it('is one of those whose finding docs/simulation.md tells of', () => {
    const page = readFileSync(new URL('../docs/simulation.md', import.meta.url), 'utf8');
    const told = [...page.matchAll(/^\| `([a-z-]+)`: (.*?) +\| [a-z ]+ \| \d+ *\|$/gm)];
    expect(told.map(([, name, what]) => [name, what])).toEqual(MUTANTS.map(({ name, what }) => [name, what]));
  });

  it.each(['starts-over', 'approve-is-enforce'])(
    '%s is found',
    async (name) => {
      const { failed } = await playSeeds(1, 300, { mutant: mutantNamed(name) });
      expect(failed?.violation).toBeDefined();
    },
    120_000,
  );
});
