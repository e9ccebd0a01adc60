import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aggregate } from '../../test/aggregate.ts';
import { deaggregated } from './aggregated-record.ts';

const texts = (records: readonly Uint8Array[]) => records.map((one) => Buffer.from(one).toString());

describe('a record of the Kinesis Producer Library', () => {
  it('is taken apart', () => {
    const record = aggregate(['first', '', 'third'].map((text) => Buffer.from(text)));
    expect(texts(deaggregated(record))).toEqual(['first', '', 'third']);
  });

  it('is taken apart whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 20 }), (records) => {
        expect(deaggregated(aggregate(records)).map((one) => [...one])).toEqual(
          records.map((one) => [...one]),
        );
      }),
    );
  });

  it('may be as long as a record can be', () => {
    const long = Buffer.alloc(3_000_000, 'x');
    expect(deaggregated(aggregate([long, Buffer.from('y')])).map(({ length }) => length)).toEqual([
      3_000_000, 1,
    ]);
  });

  it('is left whole when its checksum is wrong, or when it only begins like one', () => {
    const record = aggregate([Buffer.from('first')]);
    const damaged = Buffer.from(record);
    damaged[8] = (damaged[8] ?? 0) ^ 1;
    expect(deaggregated(damaged)).toEqual([damaged]);
    const short = record.subarray(0, 10);
    expect(deaggregated(short)).toEqual([short]);
    const plain = Buffer.from('2 123456789012 eni-1');
    expect(deaggregated(plain)).toEqual([plain]);
  });

  it('never throws and never loses a byte, whatever it is', () => {
    const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        const checksum = createHash('md5').update(message).digest();
        const record = Buffer.concat([magic, message, checksum]);
        const parts = deaggregated(record);
        expect(parts.every(({ length }) => length <= record.length)).toBe(true);
        expect(deaggregated(message)).toEqual([message]);
      }),
      { numRuns: 1_000 },
    );
  });
});
