import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../model/event.ts';
import { compileRule, type EventView } from './compile.ts';
import { parseSigma } from './parse.ts';
import type { Placeholder } from './placeholder.ts';
import type { SigmaRule } from './rule.ts';
import { compileRules } from './rule-index.ts';

const placeholders = new Map<string, Placeholder>([
  ['names', { kind: 'values', values: ['ab', 'b*', 7] }],
  ['list', { kind: 'lookup', find: (value) => (value === 'ab' ? 'ab' : undefined) }],
]);

function rulesOf(detections: readonly object[]): SigmaRule[] {
  return detections.map((detection, index) => {
    const text = JSON.stringify({
      title: `R${index}`,
      id: `r${index}`,
      logsource: { product: 'p' },
      detection,
    });
    const { rules, problems } = parseSigma({ file: 'r.yml', text });
    const [rule] = rules;
    if (rule === undefined) throw new Error(problems[0]?.message);
    return rule;
  });
}

const field = fc.constantFrom('a', 'b', 'n', 'o.x', 'o.y', 'list', 'constructor', 'o');
const letters = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', 'ſ', 'K', 's', 'k', 'Σ', '1', '.'),
  maxLength: 4,
});
const pattern = fc.oneof(
  letters,
  fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', 's'), maxLength: 4 }),
  fc.constantFrom(7, 1, true, null, '', 'A', 'Ab'),
);
const text = fc.oneof(
  letters.filter((one) => one !== ''),
  fc.constantFrom('ab', 'ss', 'abab', 'A', 'Ab', '"ab"', '"a'),
);
const expression = fc.oneof(
  letters.map((literal) => literal.replaceAll('.', '\\.')),
  fc.constantFrom('^a', 'a|b', '(ab|ba)+', '[ab]s', 'a?b', 'ks?', '', '(?i)sk', 'a.b', 'Σ|k'),
);
const item = fc.oneof(
  fc.tuple(
    fc.constantFrom('', '|all', '|neq', '|cased', '|cased'),
    fc.array(pattern, { minLength: 1, maxLength: 3 }),
  ),
  fc.tuple(
    fc.constantFrom(
      '|contains',
      '|startswith',
      '|endswith',
      '|contains|all',
      '|contains|cased',
      '|contains|neq',
      '|windash|contains',
    ),
    fc.array(text, { minLength: 1, maxLength: 3 }),
  ),
  fc.tuple(
    fc.constantFrom('|re', '|re|i', '|re|i|s', '|re|startswith', '|re|neq'),
    fc.array(expression, { minLength: 1, maxLength: 2 }),
  ),
  fc.tuple(fc.constantFrom('|gt', '|lte'), fc.constantFrom([1], [7, 3])),
  fc.tuple(fc.constant('|exists'), fc.constantFrom([true], [false])),
  fc.tuple(fc.constantFrom('|fieldref', '|fieldref|contains'), fc.constantFrom(['b'], ['o.x'])),
  fc.tuple(fc.constantFrom('|expand', '|expand|neq'), fc.constantFrom(['%names%'], ['%list%'])),
  fc.tuple(fc.constantFrom('|cidr'), fc.constantFrom(['10.0.0.0/8'], ['::/0'])),
);
const map = fc
  .array(fc.tuple(field, item), { minLength: 1, maxLength: 3 })
  .map((items) => Object.fromEntries(items.map(([name, [modifiers, values]]) => [name + modifiers, values])));
const keywords = fc.array(text, { minLength: 1, maxLength: 2 });
const search = fc.oneof(
  map,
  fc.array(map, { minLength: 1, maxLength: 2 }),
  keywords,
  fc.tuple(map, text).map(([one, word]) => [one, word]),
);
const condition = fc.constantFrom(
  's and t',
  's or t',
  's',
  's and not t',
  'not s',
  'not (s or t)',
  'not (s and t)',
  '1 of them',
  'all of them',
  'not 1 of them',
  'not not s',
  's and (t or not u)',
  's or t or u',
);
const detection = fc
  .tuple(search, search, search, condition)
  .map(([s, t, u, when]) => ({ s, t, u, condition: when }));

const scalar: fc.Arbitrary<FieldValue> = fc.oneof(
  letters,
  fc.constantFrom(1, 7, 8, true, null, '10.1.2.3', '::1', 'abſ', 'ΑΣ', 'A', 'Ab'),
);
const value: fc.Arbitrary<FieldValue> = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
const event: fc.Arbitrary<EventView> = fc
  .record(
    {
      a: value,
      b: value,
      n: value,
      list: value,
      constructor: scalar,
      o: fc.oneof(
        value,
        fc.record({ x: value, y: value, q: fc.constantFrom('"ab"', 'a\\b') }, { requiredKeys: [] }),
      ),
    },
    { requiredKeys: [] },
  )
  .map((fields) => ({ fields: { ...fields }, raw: JSON.stringify(fields) }));

describe('an index of rules', () => {
  it('finds just the rules that match when each is asked, in their order', () => {
    fc.assert(
      fc.property(
        fc.array(detection, { minLength: 1, maxLength: 12 }),
        fc.array(event, { maxLength: 12 }),
        (detections, events) => {
          const rules = rulesOf(detections);
          const index = compileRules(rules, { placeholders });
          expect(index.problems).toEqual([]);
          const plain = rules.map((rule) => {
            const compiled = compileRule(rule, { placeholders });
            if (!compiled.ok) throw new Error(compiled.problems[0]?.message);
            return compiled.value;
          });
          for (const one of [...events, ...events]) {
            const expected = plain.filter((rule) => rule.matches(one)).map(({ rule }) => rule.id);
            expect(index.match(one).map(({ rule }) => rule.id)).toEqual(expected);
            for (const rule of plain) {
              expect(rule.diagnose(one).matched).toBe(rule.matches(one));
              expect(rule.explain(one) !== undefined).toBe(rule.matches(one));
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('leaves out a rule that is wrong, and says where', () => {
    const rules = rulesOf([
      { s: { a: 'x' }, condition: 's' },
      { s: { 'a|cidr': 'x' }, condition: 's' },
      { s: { a: 'y' }, condition: 's' },
    ]);
    const index = compileRules(rules);
    expect(index.problems.map(({ message }) => message)).toEqual(['x is no network']);
    expect(index.match({ fields: { a: 'Y' }, raw: '' }).map(({ rule }) => rule.id)).toEqual(['r2']);
  });

  it('chooses the field that tells most rules apart', () => {
    const detections = Array.from({ length: 50 }, (_, number) => ({
      s: { source: `s${number % 3}`, name: `n${number}` },
      condition: 's',
    }));
    const { statistics } = compileRules(rulesOf([...detections, { s: { a: null }, condition: 's' }]));
    expect([...statistics.byField]).toEqual([['name', 50]]);
    expect(statistics.always).toBe(1);
  });

  it('is not brought down by values that are nested deeper than anybody nests them', () => {
    const nested = (open: string, close: string): FieldValue =>
      JSON.parse(`${open.repeat(100_000)}1${close.repeat(100_000)}`) as FieldValue;
    const searches = [
      { a: 1 },
      { 'a.b': 1 },
      { 'a|contains': 1 },
      { 'a|neq': 2 },
      ['x\\y'],
      { 'c|fieldref': 'a' },
    ];
    const rules = rulesOf(searches.map((s) => ({ s, condition: 's' })));
    const index = compileRules(rules);
    for (const a of [nested('[', ']'), nested('{"b":', '}'), nested('[{"b":', '}]')]) {
      const deep = { fields: { a, c: 1 }, raw: '' };
      expect(index.match(deep).map(({ rule }) => rule.id)).toEqual(['r3']);
      for (const rule of index.rules)
        expect(rule.explain(deep) !== undefined).toBe(rule.diagnose(deep).matched);
    }
  });

  it('finds a rule by a text inside of an object that the JSON of it escapes', () => {
    const index = compileRules(rulesOf([{ s: { 'p|contains': '"Allow"' }, condition: 's' }]));
    const policy = { p: { document: '{"Effect":"Allow"}' } };
    expect(index.match({ fields: policy, raw: '' })).toHaveLength(1);
    expect(index.match({ fields: { p: [policy.p] }, raw: '' })).toHaveLength(1);
  });

  it('sees an event anew when its fields were changed', () => {
    const index = compileRules(rulesOf([{ s: { a: 'x' }, condition: 's' }]));
    const fields: Record<string, FieldValue> = { a: 'x' };
    const one = { fields, raw: '' };
    expect(index.match(one)).toHaveLength(1);
    fields.a = 'y';
    expect(index.match(one)).toHaveLength(0);
  });
});
