import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIpv4 } from '../../../intel/ipv4.ts';
import { rowSplitter, shortText, shortTexts } from '../rows.ts';
import { kernelModule } from './build.ts';
import { KERNEL_ROWS } from './kernel.ts';

/** A text with one value a line, read by one function of the kernel. */
function oneColumn<T>(
  values: readonly string[],
  read: (rows: ReturnType<ReturnType<typeof rowSplitter>['split']>['rows']) => T,
): T {
  const splitter = rowSplitter(1);
  try {
    const bytes = Buffer.from(values.map((value) => `${value}\n`).join(''));
    return read(splitter.split(bytes, 0, bytes.length).rows);
  } finally {
    splitter.close();
  }
}

const word = fc.string({
  unit: fc.constantFrom('0', '1', '9', '2', '5', '.', '-', 'a', ':', 'é'),
  maxLength: 18,
});

describe('the kernel', () => {
  it('is what its source compiles to', async () => {
    expect(await kernelModule()).toBe(readFileSync(new URL('./wasm.ts', import.meta.url), 'utf8'));
  });

  it('splits a text as the plain way does, wherever it begins and ends', () => {
    const character = fc.constantFrom('a', '1', ' ', ' ', '\n', '\r', '\t', '\0', 'ü');
    fc.assert(
      fc.property(
        fc.string({ unit: character, maxLength: 300 }),
        fc.nat({ max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        (text, before, columns) => {
          const bytes = Buffer.from(`${'x'.repeat(before)}${text}`);
          const splitter = rowSplitter(columns);
          const { rows, lineOf, oddLines, lines } = splitter.split(bytes, before, bytes.length);
          const whole = text.endsWith('\n') ? text.slice(0, -1) : text;
          const plain = text === '' ? [] : whole.split('\n').map((line) => line.replace(/\r$/, ''));
          expect(lines).toBe(plain.length);
          const found = new Map<number, string>();
          for (let row = 0; row < rows.count; row++) {
            const end = rows.ends[(row + 1) * columns - 1];
            found.set(lineOf(row), rows.bytes.toString('utf8', rows.starts[row], end));
          }
          expect([...found].sort(([a], [b]) => a - b)).toEqual(
            [...plain.entries()].filter(([, line]) => line.split(' ').length === columns),
          );
          expect(
            oddLines.map(({ index, start, end }) => [index, rows.bytes.toString('utf8', start, end)]),
          ).toEqual(
            [...plain.entries()].filter(([, line]) => line !== '' && line.split(' ').length !== columns),
          );
          splitter.close();
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads whole numbers of up to 15 digits, and tells other values apart', () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 17n }).map(String);
    const value = fc.oneof(
      digits,
      word.filter((text) => !/[\s]/.test(text) && text !== ''),
      fc.constant('-'),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
        const numbers = new Float64Array(KERNEL_ROWS);
        const faults = oneColumn(values, (rows) => [
          ...rows.integers(0, 0, values.length, Number.MAX_SAFE_INTEGER, numbers),
        ]);
        const expected = values.map((text) => (/^\d{1,15}$/.test(text) ? Number(text) : Number.NaN));
        expect([...numbers.subarray(0, values.length)]).toEqual(expected);
        expect(faults).toEqual(
          values.flatMap((text, row) => (Number.isNaN(expected[row]) && text !== '-' ? [row] : [])),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('refuses a number that is too large', () => {
    const numbers = new Float64Array(KERNEL_ROWS);
    const faults = oneColumn(['65535', '65536', '99999999'], (rows) => [
      ...rows.integers(0, 0, 3, 65_535, numbers),
    ]);
    expect(faults).toEqual([1, 2]);
    expect([...numbers.subarray(0, 3)]).toEqual([65_535, Number.NaN, Number.NaN]);
  });

  it('reads IPv4 addresses, and tells other values apart', () => {
    const part = fc.oneof(
      fc.integer({ min: 0, max: 300 }).map(String),
      fc.constantFrom('', '00', '01', '255', '256', 'x'),
    );
    const address = fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
    const value = fc.oneof(fc.ipV4(), address, word, fc.ipV6()).filter((text) => text !== '');
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), (values) => {
        const numbers = new Int32Array(KERNEL_ROWS);
        const families = new Uint8Array(KERNEL_ROWS);
        const others = oneColumn(values, (rows) => [
          ...rows.addresses(0, 0, values.length, numbers, families),
        ]);
        const expected = values.map(parseIpv4);
        expect([...families.subarray(0, values.length)]).toEqual(
          expected.map((one) => (one === undefined ? 0 : 4)),
        );
        expect([...numbers.subarray(0, values.length)].map((one) => one >>> 0)).toEqual(
          expected.map((one) => one ?? 0),
        );
        expect(others).toEqual(
          values.flatMap((text, row) => (expected[row] === undefined && text !== '-' ? [row] : [])),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds the rows with a text, and those that are not as the row before', () => {
    const value = fc.constantFrom(
      'OK',
      'O',
      'OKK',
      'KO',
      'NODATA',
      'eni-0123456789abcdef0',
      'eni-0123456789abcdef1',
      '-',
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 60 }), (values) => {
        for (const text of ['OK', 'NODATA']) {
          expect(oneColumn(values, (rows) => [...rows.equal(0, 0, values.length, shortText(text))])).toEqual(
            values.flatMap((one, row) => (one === text ? [row] : [])),
          );
        }
        const known = shortTexts();
        const added = ['OK', 'NODATA', 'eni-0123456789abcdef0', '-'].map((text, code) =>
          known.add(Buffer.from(text), 0, text.length, code),
        );
        expect(added).toEqual([true, true, false, true]);
        const codes = new Int32Array(KERNEL_ROWS);
        const codeOf: Record<string, number> = { OK: 0, NODATA: 1, '-': 3 };
        expect(oneColumn(values, (rows) => [...rows.codes(0, 0, values.length, known, codes)])).toEqual(
          values.flatMap((one, row) => (codeOf[one] === undefined ? [row] : [])),
        );
        expect([...codes.subarray(0, values.length)]).toEqual(values.map((one) => codeOf[one] ?? 0));
        expect(oneColumn(values, (rows) => [...rows.changes(0, 0, values.length)])).toEqual(
          values.flatMap((one, row) => (row === 0 || one !== values[row - 1] ? [row] : [])),
        );
      }),
    );
  });
});
