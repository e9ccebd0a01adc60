import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../model/event.ts';
import { fold } from './fold.ts';
import { valueTests } from './modifiers.ts';
import type { Placeholder, Placeholders } from './placeholder.ts';
import type { Shape, ValueTest } from './value-test.ts';
import { standsIn } from './wildcard.ts';

const placeholders: Placeholders = new Map<string, Placeholder>([
  ['servers', { kind: 'values', values: ['srv*', 'db.1'] }],
  ['ports', { kind: 'values', values: [22, 443] }],
  ['nets', { kind: 'values', values: ['10.0.0.0/8', '2001:db8::/32'] }],
  ['bad', { kind: 'lookup', find: (value) => (value === 'evil' ? 'evil' : undefined) }],
]);

function testsOf(modifiers: string, value: unknown): ValueTest[] {
  const tests = valueTests(value, modifiers === '' ? [] : modifiers.split('|'), placeholders);
  if (!Array.isArray(tests)) throw new Error(tests.fault);
  return tests;
}

const matches = (modifiers: string, value: unknown, found: FieldValue | undefined): boolean =>
  testsOf(modifiers, value).some((test) => test.matches(found));

const faultOf = (modifiers: string, value: unknown = 'x'): string | undefined => {
  const tests = valueTests(value, modifiers.split('|'), placeholders);
  return Array.isArray(tests) ? undefined : tests.fault;
};

describe('encodings', () => {
  it.each<[string, string, string, boolean]>([
    ['base64', 'cmd', 'Y21k', true],
    ['base64|contains', 'cmd', 'xxY21kxx', true],
    ['base64', 'a\\*b', Buffer.from('a*b').toString('base64'), true],
    ['utf16le', 'cmd', 'c\0m\0d\0', true],
    ['wide|contains', 'cmd', '..c\0m\0d\0..', true],
    ['utf16be', 'cmd', '\0c\0m\0d', true],
    ['utf16', 'cmd', '\ufeffc\0m\0d\0', true],
    ['wide|base64offset|contains', 'ping', Buffer.from('xxping', 'utf16le').toString('base64'), true],
    ['utf16|base64', 'é', Buffer.from('\ufeffé', 'utf16le').toString('base64'), true],
    ['utf16be|base64', 'é', Buffer.from([0, 0xe9]).toString('base64'), true],
    ['windash|contains', ' -enc', 'ps.exe /enc x', true],
    ['contains|windash', ' -enc', 'ps.exe —enc x', true],
    ['windash', '-a -b', '–a /b', true],
    ['windash', 'a-b', 'a/b', false],
  ])('%s of %j in %j is %s', (modifiers, value, text, expected) => {
    expect(matches(modifiers, value, text)).toBe(expected);
  });

  it('base64offset finds a value wherever it stands in what was encoded', () => {
    const bytes = fc.string({ unit: 'binary', maxLength: 12 });
    fc.assert(
      fc.property(
        bytes,
        bytes,
        fc.string({ unit: 'binary-ascii', minLength: 2, maxLength: 12 }),
        (before, behind, value) => {
          const encoded = Buffer.from(before + value + behind, 'utf8').toString('base64');
          const escaped = value.replace(/[*?\\]/g, '\\$&');
          expect(matches('base64offset|contains|cased', escaped, encoded)).toBe(true);
        },
      ),
    );
  });

  it('windash writes each dash in five ways', () => {
    expect(testsOf('windash', '-a /b')).toHaveLength(25);
    expect(testsOf('windash', 'a-b')).toHaveLength(1);
  });
});

describe('networks', () => {
  const ipv4 = fc.ipV4();
  const address = fc.oneof(
    ipv4,
    fc.ipV6(),
    ipv4.map((one) => `::ffff:${one}`),
    fc.string({ maxLength: 20 }),
  );

  it('hold the addresses that ipaddr.js says they hold', () => {
    const network = fc.oneof(
      fc.tuple(ipv4, fc.nat(32)).map(([base, bits]) => `${base}/${bits}`),
      fc.tuple(fc.ipV6(), fc.nat(128)).map(([base, bits]) => `${base}/${bits}`),
    );
    fc.assert(
      fc.property(network, address, (cidr, text) => {
        const [base, bits] = ipaddr.parseCIDR(cidr);
        const wellFormed =
          ipaddr.IPv4.isValidFourPartDecimal(text) || (text.includes(':') && ipaddr.IPv6.isValid(text));
        const held = (one: ReturnType<typeof ipaddr.parse>): boolean =>
          one.kind() === base.kind() && one.match(base, bits);
        const expected = wellFormed && (held(ipaddr.process(text)) || held(ipaddr.parse(text)));
        expect(matches('cidr', cidr, text)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['10.1.2.3/8', '10.200.0.1', true],
    ['10.0.0.0/8', '010.0.0.1', false],
    ['0.0.0.0/0', '80', false],
    ['::ffff:0:0/96', '::ffff:1.2.3.4', true],
  ])('%s and %s: %s', (cidr, text, expected) => {
    expect(matches('cidr', cidr, text)).toBe(expected);
  });
});

describe('parts of a time', () => {
  it.each<[string, number, FieldValue, boolean]>([
    ['hour', 23, '2026-02-28T23:59:01Z', true],
    ['hour', 23, '2026-02-28T23:59:01+05:00', true],
    ['minute', 59, '2026-02-28 23:59:01', true],
    ['day', 28, '2026-02-28', true],
    ['month', 2, '[28/Feb/2026:23:59:01 +0000]', true],
    ['year', 2026, 1_772_323_141, true],
    ['year', 2026, 1_772_323_141_000, true],
    ['year', 2026, '1772323141', true],
    ['week', 53, '2027-01-03T00:00:00Z', true],
    ['week', 1, '2027-01-04T00:00:00Z', true],
    ['hour', 5, 'yesterday', false],
    ['day', 31, '2026-02-31', false],
  ])('%s %i of %j: %s', (part, value, found, expected) => {
    expect(matches(part, value, found)).toBe(expected);
  });

  it('can be compared', () => {
    expect(matches('hour|gte', 22, '2026-02-28T23:00:00Z')).toBe(true);
    expect(matches('hour|lt', 22, '2026-02-28T23:00:00Z')).toBe(false);
  });
});

describe('placeholders', () => {
  it.each<[string, string, FieldValue, boolean]>([
    ['expand', '%servers%', 'SRV7', true],
    ['expand', '%servers%', 'db.1', true],
    ['expand', 'x-%servers%.local', 'x-srv7.local', true],
    ['expand', '\\%plain%servers%', '%plainsrv1', true],
    ['expand|contains', '%servers%', 'my db.1 here', true],
    ['expand', '%ports%', 443, true],
    ['gt|expand', '%ports%', 100, true],
    ['cidr|expand', '%nets%', '2001:db8::1', true],
    ['re|expand', '^%servers%-\\d$', 'db.1-7', true],
    ['re|expand', '^%servers%-\\d$', 'dbx1-7', false],
    ['expand', '%bad%', 'evil', true],
  ])('%s of %s on %j: %s', (modifiers, value, found, expected) => {
    expect(matches(modifiers, value, found)).toBe(expected);
  });
});

describe('other fields', () => {
  const sibling = (field: string): FieldValue | undefined => ({ user: 'Bob', list: ['x', 'y'] })[field];
  it.each<[string, string, FieldValue, boolean]>([
    ['fieldref', 'user', 'bob', true],
    ['fieldref|cased', 'user', 'bob', false],
    ['fieldref|contains', 'user', 'for bob only', true],
    ['fieldref|startswith', 'user', 'bobby', true],
    ['fieldref|endswith', 'user', 'bobby', false],
    ['fieldref', 'list', 'y', true],
    ['fieldref', 'absent', 'y', false],
  ])('%s %s on %j: %s', (modifiers, field, found, expected) => {
    expect(testsOf(modifiers, field)[0]?.matches(found, sibling)).toBe(expected);
  });
});

describe('regular expressions', () => {
  it.each<[string, string, string, boolean]>([
    ['re', 'b', 'abc', true],
    ['re', 'B', 'abc', false],
    ['re|i', 'B', 'abc', true],
    ['re|ignorecase', 'B', 'abc', true],
    ['re', '^b', 'a\nb', false],
    ['re|m', '^b', 'a\nb', true],
    ['re', 'a.b', 'a\nb', false],
    ['re|s', 'a.b', 'a\nb', true],
    ['re|m|s|i', '^B.c', 'a\nb\nc', true],
    ['re|startswith', 'b|a', 'ab', true],
    ['re|endswith', 'a|x', 'ab', false],
    ['re|contains', 'b', 'abc', true],
  ])('%s %s on %j: %s', (modifiers, expression, text, expected) => {
    expect(matches(modifiers, expression, text)).toBe(expected);
  });

  it('only match texts that have what they say they need', () => {
    const unit = fc.constantFrom('a', 'b', 'K', 's', 'ſ', 'K', '.');
    const piece = fc.constantFrom(
      'a',
      'b',
      'ab',
      'K',
      's',
      '(a|b)',
      '(ab)+',
      '[ab]',
      'a?',
      'b*',
      '.',
      '(?:ab|ba)',
      'sk',
      '|',
      '^',
      '$',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        fc.string({ unit, maxLength: 8 }),
        (pieces, anyCase, text) => {
          const [test] = testsOf(anyCase ? 're|i' : 're', pieces.join(''));
          const needs = test?.needs;
          if (needs === undefined || test?.matches(text) !== true) return;
          if (needs.asciiOnly && !/^[\0-\x7f]*$/.test(text)) return;
          expect(needs.texts.some((one) => fold(text).includes(one))).toBe(true);
        },
      ),
      { numRuns: 800 },
    );
  });
});

/** What a shape says of a value, worked out by itself. */
function shapeSays(shape: Shape, value: FieldValue | undefined): boolean {
  switch (shape.kind) {
    case 'text': {
      if (value === undefined || value === null || Array.isArray(value)) return false;
      const texts = typeof value === 'object' ? [JSON.stringify(value)] : [String(value)];
      if (typeof value === 'object' && shape.at === 'inside') texts.push(...Object.values(value).map(String));
      return texts.some((text) => standsIn(shape.cased ? text : fold(text), shape.text, shape.at));
    }
    case 'order': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || Number.isNaN(number)) return false;
      return {
        gt: number > shape.limit,
        gte: number >= shape.limit,
        lt: number < shape.limit,
        lte: number <= shape.limit,
      }[shape.order];
    }
    case 'network': {
      if (typeof value !== 'string' || !ipaddr.IPv4.isValidFourPartDecimal(value)) return false;
      const [base, bits] = ipaddr.parseCIDR(shape.network);
      return base.kind() === 'ipv4' && ipaddr.parse(value).match(base, bits);
    }
    case 'lookup':
      return (
        value !== undefined &&
        value !== null &&
        typeof value !== 'object' &&
        shape.lookup.find(String(value)) !== undefined
      );
    case 'exists':
      return (value !== undefined) === shape.exists;
    case 'null':
      return value === undefined || value === null;
    case 'field':
      return false;
  }
}

describe('a shape', () => {
  it('says what the test says', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'A', 'b', '*', '?', '\\', 'Σ', 'ς', 'ß', '😀'),
      maxLength: 4,
    });
    const modifiers = fc.constantFrom(
      '',
      'contains',
      'startswith',
      'endswith',
      'cased',
      'contains|cased',
      'base64',
      'wide|contains',
      'windash|endswith',
    );
    const texts = fc.tuple(modifiers, text);
    const others = fc.constantFrom<[string, unknown]>(
      ['gt', 5],
      ['gte', 5],
      ['lt', '5'],
      ['lte', 5.5],
      ['cidr', '10.0.0.0/9'],
      ['cidr', '::/0'],
      ['exists', true],
      ['exists', false],
      ['', null],
      ['expand', '%bad%'],
      ['expand', '%servers%'],
      ['', 7],
      ['contains', true],
    );
    const found = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'σ', 'ς', 'Σ', 'ß', '😀'), maxLength: 6 }),
      fc.constantFrom<FieldValue | undefined>(
        undefined,
        null,
        5,
        6,
        '5',
        ' ',
        true,
        'true',
        'evil',
        '10.1.2.3',
        '10.200.0.1',
        'srv1',
        { a: 'b' },
        { a: '"A"' },
        7,
        '7',
        'YQ==',
      ),
    );
    fc.assert(
      fc.property(fc.oneof(texts, others), found, ([names, value], one) => {
        const tests = valueTests(value, names === '' ? [] : names.split('|'), placeholders);
        if (!Array.isArray(tests)) return;
        for (const { shape, matches: test } of tests) {
          if (shape !== undefined) expect(shapeSays(shape, one)).toBe(test(one));
        }
      }),
      { numRuns: 1500 },
    );
  });
});

describe('modifiers and values that do not fit are refused', () => {
  it.each<[string, unknown, string]>([
    ['contain', 'x', 'unknown modifier contain'],
    ['contains|contains', 'x', 'contains is there twice'],
    ['contains|startswith', 'x', 'contains and startswith do not go together'],
    ['re|cased', 'x', 're and cased do not go together'],
    ['i', 'x', 'i only says how re matches'],
    ['i|re', 'x', 'i only says how re matches'],
    ['contains|re', 'x', 'contains comes before re'],
    ['contains|base64', 'x', 'contains comes before base64'],
    ['gt|lt', 1, 'gt and lt do not go together'],
    ['gt|neq', 1, 'gt and neq do not go together'],
    ['gte|hour', 1, 'gte comes before hour'],
    ['exists|contains', true, 'exists and contains do not go together'],
    ['exists', 'yes', 'exists takes true or false'],
    ['cidr', '10.0.0.0/33', '10.0.0.0/33 is no network'],
    ['cidr', '10.0.0/8', '10.0.0/8 is no network'],
    ['cidr', 10, 'cidr takes a network'],
    ['hour', 24, 'hour takes a whole number'],
    ['lt', 'many', 'lt takes a number'],
    ['contains', null, 'contains takes no null'],
    ['base64', 5, 'base64 takes a text'],
    ['base64', 'a*', 'a value with wildcards cannot be encoded with Base64'],
    ['base64offset|contains', 'a', 'base64offset needs at least two bytes: a shorter value leaves no trace'],
    ['wide', 'é', 'wide can only show ASCII as text'],
    ['windash', '-a -b -c -d -e -f', 'windash with more than 5 dashes'],
    ['fieldref', 'a*', 'fieldref takes the name of a field'],
    ['expand', 'servers', 'expand takes a placeholder'],
    ['expand', '%server%', 'nothing says what %server% stands for'],
    ['expand|contains', '%bad%', '%bad% is a list that is asked for whole values'],
    ['contains', { a: 1 }, 'a value cannot be a map or a list'],
  ])('%s of %j: %s', (modifiers, value, fault) => {
    expect(faultOf(modifiers, value)).toBe(fault);
  });

  it('and a regular expression that RE2 does not know, with its reason', () => {
    expect(faultOf('re', '(?<=x)y')).toContain('the regular expression is refused');
    expect(faultOf('re|startswith', 'a)b(')).toContain('the regular expression is refused');
  });
});
