import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binned, dayOf, daySpan, dayText } from './days.ts';

const at = (time: string) => ({
  id: time,
  subject: { type: 't', id: 'i', account: 'a', region: 'r' },
  firstSeen: Date.parse(time),
  lastSeen: Date.parse(time),
  findings: [],
});

describe('the days of a report', () => {
  it('are those from the first to the last with a match, in UTC', () => {
    expect(daySpan([at('2026-11-24T23:59:59Z'), at('2026-11-22T00:00:00Z')], undefined)).toEqual({
      first: '2026-11-22',
      last: '2026-11-24',
      days: 3,
    });
    expect(daySpan([], undefined)).toBeUndefined();
  });

  it('are those that were asked for, where they were', () => {
    const range = { from: Date.parse('2026-11-20T10:00:00Z'), to: Date.parse('2026-11-26') };
    expect(daySpan([at('2026-11-24T12:00:00Z')], range)).toEqual({
      first: '2026-11-20',
      last: '2026-11-25',
      days: 6,
    });
    const open = { from: Number.NEGATIVE_INFINITY, to: range.to };
    expect(daySpan([at('2026-11-24T12:00:00Z')], open)?.first).toBe('2026-11-24');
  });

  it('come in few bins of the same width, and none is lost', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 999 }), fc.nat({ max: 50 })), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 120 }),
        (found, most) => {
          const first = dayOf('2026-01-01');
          const days = found.map(([day, matches]) => ({ day: dayText(first + day), matches }));
          const last = Math.max(...found.map(([day]) => day));
          const span = { first: '2026-01-01', last: dayText(first + last), days: last + 1 };
          const bins = binned(days, span, most);
          expect(bins.length).toBeLessThanOrEqual(most);
          expect(bins.reduce((sum, { matches }) => sum + matches, 0)).toBe(
            days.reduce((sum, { matches }) => sum + matches, 0),
          );
          expect([bins[0]?.first, bins.at(-1)?.last]).toEqual([span.first, span.last]);
        },
      ),
    );
  });
});
