import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedOf } from '../formats/stretch.ts';
import { readStream } from './files.ts';

const hostile = fc.constantFrom(
  '',
  '},{"eventVersion"',
  '"},{\\"eventVersion\\"',
  '\\',
  '"',
  'ü€𝄞',
  ']}',
  '{"Records":[',
);
const extra = fc.oneof(
  hostile,
  fc.integer(),
  fc.constant(null),
  fc.array(fc.record({ eventVersion: hostile, x: hostile }), { maxLength: 2 }),
  fc.record({ 'a"}]': hostile }),
);
const event = fc
  .record({
    first: fc.constantFrom('eventVersion', 'eventVersion', 'eventVersion', 'other'),
    name: hostile,
    extra,
  })
  .map(({ first, name, extra: value }) => ({
    [first]: '1.09',
    eventSource: 's3.amazonaws.com',
    eventName: `Get${name}`,
    eventTime: '2026-11-24T16:03:33Z',
    requestParameters: value,
  }));
const records = fc.array(event, { maxLength: 12 });

/** What a content is read as, in windows and pieces of a size. */
async function read(text: string, window: number, piece: number) {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / piece) }, (_, index) =>
    bytes.subarray(index * piece, (index + 1) * piece),
  );
  const events: { value: unknown; line: number }[] = [];
  const reasons: string[] = [];
  for await (const { stretch } of readStream(pieces, 'trail.json', { window })) {
    for (const decoded of decodedOf(stretch)) {
      if (decoded.kind === 'bad') reasons.push(decoded.record.reason);
      if (decoded.kind !== 'event') continue;
      const { raw, origin, fields } = decoded.event;
      expect(bytes.toString('utf8', origin.offset, origin.offset + Buffer.byteLength(raw))).toBe(raw);
      expect(JSON.parse(raw)).toEqual(fields);
      events.push({ value: JSON.parse(raw), line: origin.line });
    }
  }
  return { events, reasons };
}

const sizes = [fc.integer({ min: 16, max: 3_000 }), fc.integer({ min: 1, max: 700 })] as const;

describe('a file of CloudTrail', () => {
  it('gives its records one by one, with their places, whatever is in them and however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.constantFrom(undefined, 1),
        fc.boolean(),
        ...sizes,
        async (list, indent, twice, window, piece) => {
          const text = JSON.stringify({ Records: list, more: ['},{"eventVersion"'] }, null, indent);
          const { events, reasons } = await read(twice ? `${text}\n${text}` : text, window, piece);
          expect(reasons).toEqual([]);
          const expected = twice ? [...list, ...list] : list;
          expect(events).toEqual(expected.map((value, index) => ({ value, line: index + 1 })));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('that is cut off gives the records before the cut, and says so', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.nat(), ...sizes, async (list, cut, window, piece) => {
        const text = JSON.stringify({ Records: list });
        const rest = text.slice(0, 12 + (cut % Math.max(1, text.length - 14)));
        const { events, reasons } = await read(rest, window, piece);
        expect(events.map(({ value }) => value)).toEqual(list.slice(0, events.length));
        expect(reasons.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps a damaged record aside and reads on behind it', async () => {
    const good = '{"eventVersion":"1","eventSource":"a","eventName":"b","eventTime":"2026-11-24T16:03:33Z"}';
    const { events, reasons } = await read(
      `{"Records":[${good},{"eventVersion":nonsense},${good},5,${good}]}`,
      64,
      7,
    );
    expect(events).toHaveLength(3);
    expect(reasons).toEqual(['not JSON', 'not a JSON object']);
  });
});
