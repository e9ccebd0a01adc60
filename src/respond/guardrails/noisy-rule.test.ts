import { describe, expect, it } from 'vitest';
import { court, incident, NOW } from '../../../test/court.ts';
import type { Store } from '../../store/store.ts';
import { DAY, HOUR } from './guardrail.ts';
import { foundBy, rearmRule } from './noisy-rule.ts';

describe('a rule that suddenly finds far more cases than usual', () => {
  /** Cases that a rule found, evenly over a time that ends now. */
  const found = (store: Store, count: number, over: number, name = 'case', rule = 'r') =>
    store.commit(
      Array.from({ length: count }, (_, index) =>
        foundBy(rule, `${name}-${index}`, NOW - Math.floor((over * index) / count)),
      ),
    );
  const noise = { responsesPerHour: 99, limits: [] };

  it('asks a person from then on, until one arms it again', async () => {
    const { store, begin, later } = court(noise);
    await found(store, 20, HOUR / 2);
    expect(await begin({ incident: incident('a') })).toEqual([
      'rule r found 20 cases within an hour; 0 are usual',
    ]);
    later(2 * DAY);
    expect(await begin({ incident: incident('b') })).toEqual([
      'rule r only asks since it found 20 cases within an hour; 0 are usual',
    ]);
    await rearmRule(store, 'r', { by: 'ada', reason: 'looked' }, () => NOW + 2 * DAY);
    expect(await begin({ incident: incident('b') })).toEqual([]);
    const kinds = (await Array.fromAsync(store.ledger())).map(({ kind }) => kind);
    expect(kinds).toEqual(['guardrail.rule-demoted', 'guardrail.rule-rearmed']);
  });

  it('is measured by what it found in the weeks before', async () => {
    const busy = court(noise);
    // Two an hour for thirty days: a hundred within an hour are too many, ninety are not.
    await found(busy.store, 30 * 24 * 2, 30 * DAY, 'usual');
    await found(busy.store, 90, HOUR / 2, 'burst');
    expect(await busy.begin({ incident: incident('a') })).toEqual([]);
    await found(busy.store, 110, HOUR / 2, 'more');
    expect(await busy.begin({ incident: incident('b') })).toEqual([
      expect.stringMatching(/^rule r found 20\d cases within an hour; 2 are usual$/),
    ]);
  });

  it('cannot make a flood usual by beginning with one', async () => {
    const { store, begin } = court(noise);
    await found(store, 60, 2 * HOUR, 'first');
    expect(await begin({ incident: incident('a') })).toHaveLength(1);
  });

  it('does not keep a case from its answer that a quiet rule enforces as well', async () => {
    const { store, begin } = court(noise);
    await found(store, 30, HOUR / 2);
    expect(await begin({ incident: incident('a'), rules: ['r', 'quiet'] })).toEqual([]);
    // The noise is remembered nevertheless.
    expect(await begin({ incident: incident('b'), rules: ['r'] })).toEqual([
      expect.stringContaining('rule r only asks'),
    ]);
  });

  it('is left alone where the guardrail is off, and below the least number', async () => {
    const off = court({ ...noise, noisyRule: false });
    await found(off.store, 500, HOUR / 2);
    expect(await off.begin({ incident: incident('a') })).toEqual([]);
    const few = court(noise);
    await found(few.store, 19, HOUR / 2);
    expect(await few.begin({ incident: incident('a') })).toEqual([]);
  });
});
