import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../model/event.ts';
import { compileRule } from './compile.ts';
import { parseSigma } from './parse.ts';
import type { Placeholder } from './placeholder.ts';
import { parseWildcards, wildcardTest } from './wildcard.ts';

type Fields = Record<string, FieldValue>;

const head = 'title: T\nid: t\nlogsource: { product: aws }\n';
const list: Placeholder = {
  kind: 'lookup',
  find: (value) => (value === '192.0.2.1' ? '192.0.2.0/24' : undefined),
};
const placeholders = new Map<string, Placeholder>([
  ['bad', list],
  ['ports', { kind: 'values', values: [22, 443] }],
]);

/** A rule of one selection as YAML flow or block lines, and whether it matches fields. */
function compiled(detection: string) {
  const indented = detection
    .trim()
    .split('\n')
    .map((line) => `  ${line}`);
  const { rules, problems } = parseSigma({
    file: 'r.yml',
    text: `${head}detection:\n${indented.join('\n')}\n`,
  });
  const [rule] = rules;
  if (rule === undefined) throw new Error(problems[0]?.message);
  const result = compileRule(rule, { placeholders, aliases: { src_ip: 'srcaddr' } });
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return result.value;
}

function problemOf(detection: string): { message: string; place: string } {
  try {
    compiled(detection);
  } catch {
    const text = `${head}detection:\n${detection
      .trim()
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n')}\n`;
    const { rules, problems } = parseSigma({ file: 'r.yml', text });
    const [rule] = rules;
    const result = rule === undefined ? undefined : compileRule(rule, { placeholders });
    const [problem] = result === undefined ? problems : result.ok ? [] : result.problems;
    return { message: problem?.message ?? '', place: `${problem?.line}:${problem?.column}` };
  }
  throw new Error('the rule is right');
}

const item = (key: string, value: string) => compiled(`s:\n  ${key}: ${value}\ncondition: s`);
const matches = (key: string, value: string, fields: Fields): boolean =>
  item(key, value).matches({ fields, raw: '' });

describe('a value', () => {
  it.each<[string, string, Fields, boolean]>([
    ['a', 'reject', { a: 'REJECT' }, true],
    ['a', 'reject', { a: 'REJECTED' }, false],
    ['a', '22', { a: 22 }, true],
    ['a', '22', { a: '22' }, true],
    ['a', 'true', { a: true }, true],
    ['a', 'null', {}, true],
    ['a', 'null', { a: 'x' }, false],
    ['a', "''", { a: '' }, true],
    ['a', 'x', {}, false],
    ['a', '[x, y]', { a: 'y' }, true],
    ['a', 'x', { a: ['w', 'x'] }, true],
    ['a.b', 'x', { a: { b: 'x' } }, true],
    ['a.b', 'x', { 'a.b': 'x' }, true],
    ['a.b', 'x', { a: [{ b: 'w' }, { b: 'x' }] }, true],
    ['src_ip', '192.0.2.1', { srcaddr: '192.0.2.1' }, true],
    ['constructor', 'x', {}, false],
    ['__proto__.x', 'y', {}, false],
  ])('%s: %s on %j is %s', (key, value, fields, expected) => {
    expect(matches(key, value, fields)).toBe(expected);
  });
});

describe('wildcards', () => {
  it.each<[string, string, boolean]>([
    ['*', '', true],
    ['a*', 'abc', true],
    ['*c', 'abc', true],
    ['*b*', 'abc', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a*c*e', 'abcde', true],
    ['a*c*f', 'abcde', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['a\\\\*', 'a\\b', true],
    ['C:\\Windows', 'c:\\windows', true],
  ])('%s on %s is %s', (pattern, text, expected) => {
    expect(wildcardTest(parseWildcards(pattern), false)(text)).toBe(expected);
  });

  it('say what a regular expression made of them says', () => {
    const glyph = fc.constantFrom('a', 'b', '*', '?');
    const pattern = fc.array(glyph, { maxLength: 8 }).map((glyphs) => glyphs.join(''));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A'), maxLength: 10 });
    fc.assert(
      fc.property(pattern, text, (wild, value) => {
        const expression = wild.replaceAll('*', '.*').replaceAll('?', '.');
        expect(wildcardTest(parseWildcards(wild), false)(value)).toBe(
          new RegExp(`^${expression}$`, 'i').test(value),
        );
      }),
    );
  });

  it('match a hostile text in no time', () => {
    const test = wildcardTest(parseWildcards(`${'a*'.repeat(30)}b`), false);
    expect(test('a'.repeat(20_000))).toBe(false);
  });
});

describe('a modifier', () => {
  it.each<[string, string, Fields, boolean]>([
    ['a|contains', 'root', { a: 'the Root user' }, true],
    ['a|contains', 'r*t', { a: 'the root user' }, true],
    ['a|startswith', 'the', { a: 'the root user' }, true],
    ['a|startswith', 'root', { a: 'the root user' }, false],
    ['a|endswith', 'user', { a: 'the root user' }, true],
    ['a|contains|all', '[root, user]', { a: 'the root user' }, true],
    ['a|contains|all', '[root, group]', { a: 'the root user' }, false],
    ['a|cased', 'Root', { a: 'Root' }, true],
    ['a|cased', 'Root', { a: 'root' }, false],
    ['a|contains|cased', 'Root', { a: 'the root' }, false],
    ['a|exists', 'true', { a: 'x' }, true],
    ['a|exists', 'true', {}, false],
    ['a|exists', 'false', {}, true],
    ['a|re', '^ec2:(Run|Start)Instances$', { a: 'ec2:RunInstances' }, true],
    ['a|re', '^ec2:run', { a: 'ec2:RunInstances' }, false],
    ['a|re|i', '^ec2:run', { a: 'ec2:RunInstances' }, true],
    ['a|re', '"[0-9]+"', { a: 42 }, true],
    ['a|cidr', '10.0.0.0/8', { a: '10.255.0.1' }, true],
    ['a|cidr', '10.0.0.0/8', { a: '11.0.0.1' }, false],
    ['a|cidr', '2001:db8::/32', { a: '2001:db8:1::2' }, true],
    ['a|cidr', '10.0.0.0/8', { a: 'no address' }, false],
    ['a|gt', '5', { a: 6 }, true],
    ['a|gt', '5', { a: 5 }, false],
    ['a|gte', '5', { a: 5 }, true],
    ['a|lt', '5', { a: '4' }, true],
    ['a|lte', '5', { a: 6 }, false],
    ['a|lt', '5', { a: 'many' }, false],
    ['a|lt', '5', {}, false],
    ['a|expand', '"%bad%"', { a: '192.0.2.1' }, true],
    ['a|expand', '"%bad%"', { a: '192.0.3.1' }, false],
    ['a|expand', '"%ports%"', { a: 443 }, true],
    ['a|expand', '"%ports%"', { a: 80 }, false],
    ['a|neq', 'x', { a: 'y' }, true],
    ['a|neq', 'x', { a: 'x' }, false],
  ])('%s: %s on %j is %s', (key, value, fields, expected) => {
    expect(matches(key, value, fields)).toBe(expected);
  });

  it('an expression that backtracks elsewhere takes linear time', () => {
    expect(matches('a|re', '^(a+)+$', { a: `${'a'.repeat(50_000)}!` })).toBe(false);
  });
});

describe('a selection', () => {
  it('that is a map wants every field; a list of maps any of them', () => {
    const rule = compiled('s:\n  - { a: 1, b: 2 }\n  - { c: 3 }\ncondition: s');
    expect(rule.matches({ fields: { a: 1, b: 2 }, raw: '' })).toBe(true);
    expect(rule.matches({ fields: { a: 1 }, raw: '' })).toBe(false);
    expect(rule.matches({ fields: { c: 3 }, raw: '' })).toBe(true);
  });

  it('of keywords looks in the raw record', () => {
    const rule = compiled('s:\n  - REJECT\n  - "*DROP*"\ncondition: s');
    expect(rule.matches({ fields: {}, raw: '10.0.0.1 reject ok' })).toBe(true);
    expect(rule.matches({ fields: {}, raw: '10.0.0.1 accept ok' })).toBe(false);
  });
});

describe('a condition', () => {
  const rule = (condition: string) =>
    compiled(`a: { x: 1 }\nb: { y: 1 }\nfilter_c: { z: 1 }\ncondition: ${condition}`);
  it.each<[string, Fields, boolean]>([
    ['a and b', { x: 1, y: 1 }, true],
    ['a and b', { x: 1 }, false],
    ['a or b', { y: 1 }, true],
    ['a and not b', { x: 1 }, true],
    ['not a', {}, true],
    ['not not a', { x: 1 }, true],
    ['a or b and filter_c', { x: 1 }, true],
    ['(a or b) and filter_c', { x: 1 }, false],
    ['1 of them', { z: 1 }, true],
    ['all of them', { x: 1, y: 1 }, false],
    ['all of them', { x: 1, y: 1, z: 1 }, true],
    ['a and not 1 of filter_*', { x: 1 }, true],
    ['a and not 1 of filter_*', { x: 1, z: 1 }, false],
    ['a AND NOT b', { x: 1 }, true],
  ])('%s on %j is %s', (condition, fields, expected) => {
    expect(rule(condition).matches({ fields, raw: '' })).toBe(expected);
  });

  it.each([
    ['a and', /condition/],
    ['(a', /bracket is not closed/],
    ['a b', /b/],
    ['1 of nothing_*', /nothing_\*/],
    ['aa', /aa/],
    ['a | count() > 5', /./],
  ])('%s is refused, and says where', (condition, message) => {
    const problem = problemOf(`a: { x: 1 }\ncondition: ${condition}`);
    expect(problem.message).toMatch(message);
    expect(problem.place).toMatch(/^6:1[4-9]$|^6:2\d$/);
  });

  it('evaluates as JavaScript does, however it is nested', () => {
    type Tree = { text: string; value: boolean };
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom({ text: 'a', value: true }, { text: 'b', value: false }),
        fc
          .tuple(tie('tree'), tie('tree'))
          .map(([l, r]) => ({ text: `(${l.text} and ${r.text})`, value: l.value && r.value })),
        fc
          .tuple(tie('tree'), tie('tree'))
          .map(([l, r]) => ({ text: `(${l.text} or ${r.text})`, value: l.value || r.value })),
        tie('tree').map(({ text, value }) => ({ text: `not ${text}`, value: !value })),
      ),
    }));
    fc.assert(
      fc.property(tree, ({ text, value }) => {
        const nested = compiled(`a: { x: 1 }\nb: { x: 2 }\ncondition: ${text}`);
        const event = { fields: { x: 1 }, raw: '' };
        expect(nested.matches(event)).toBe(value);
        expect(nested.explain(event) !== undefined).toBe(value);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an explanation', () => {
  it('names the selections, fields, patterns and list entries that matched, not the others', () => {
    const rule = compiled(
      'a: { action: REJECT }\nb: { "dst|expand": "%bad%" }\nnever: { x: 1 }\ncondition: (a and b) or never',
    );
    const branch = rule.explain({ fields: { action: 'REJECT', dst: '192.0.2.1' }, raw: '' });
    expect(branch?.selections).toEqual(['a', 'b']);
    expect(branch?.because).toEqual([
      { selection: 'a', field: 'action', pattern: 'REJECT', value: 'REJECT' },
      { selection: 'b', field: 'dst', pattern: '%bad%', value: '192.0.2.1', entry: '192.0.2.0/24' },
    ]);
    expect(rule.explain({ fields: {}, raw: '' })).toBeUndefined();
  });
});

describe('a rule that is wrong is told where', () => {
  it.each([
    ['s:\n  a|contain: x\ncondition: s', 'unknown modifier contain', '6:5'],
    ['s:\n  a|expand: "%nope%"\ncondition: s', '%nope%', '6:15'],
    ['s:\n  a|cidr: 10.0.0.0/33\ncondition: s', '10.0.0.0/33', '6:13'],
    ['s:\n  a|re: "(?<=x)y"\ncondition: s', '', '6:11'],
    ['s:\n  a|gt: many\ncondition: s', 'gt takes a number', '6:11'],
    ['s: {}\ncondition: s', 's looks for nothing', '5:3'],
  ])('%s', (detection, message, place) => {
    const problem = problemOf(detection);
    expect(problem.message).toContain(message);
    expect(problem.place).toBe(place);
  });

  it('and never throws, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        parseSigma({ file: 'r.yml', text });
        parseSigma({
          file: 'r.yml',
          text: `${head}detection:\n  s:\n    a: ${text}\n  condition: ${text}\n`,
        });
      }),
    );
  });
});
