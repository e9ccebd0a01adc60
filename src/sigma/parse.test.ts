import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../model/event.ts';
import { type CompiledRule, compileRule } from './compile.ts';
import { applyFilters } from './filter.ts';
import { type ParsedRules, parseSigma } from './parse.ts';
import type { SigmaRule } from './rule.ts';
import { parseWildcards, wildcardTest } from './wildcard.ts';

const parse = (text: string, strict = false): ParsedRules => parseSigma({ file: 'r.yml', text }, { strict });

function only(text: string): SigmaRule {
  const { rules, problems } = parse(text);
  const [rule] = rules;
  if (rule === undefined) throw new Error(problems[0]?.message);
  return rule;
}

function compiled(rule: SigmaRule): CompiledRule {
  const result = compileRule(rule);
  if (!result.ok) throw new Error(result.problems[0]?.message);
  return result.value;
}

const ruleText = (detection: string) =>
  `title: R\nid: r\nlogsource: { product: aws }\ndetection: ${detection}\n`;
const matches = (detection: string, fields: Record<string, FieldValue>, raw = ''): boolean =>
  compiled(only(ruleText(detection))).matches({ fields, raw });

describe('values', () => {
  it.each<[string, Record<string, FieldValue>, boolean]>([
    ['{ s: { account: 012345678901 }, condition: s }', { account: '012345678901' }, true],
    ['{ s: { id: 12345678901234567890 }, condition: s }', { id: '12345678901234567890' }, true],
    ['{ s: { port: 443 }, condition: s }', { port: '443' }, true],
    ['{ s: { a: "*" }, condition: s }', { a: '' }, true],
    ['{ s: { a: "*" }, condition: s }', {}, false],
    ['{ s: { a: "?*" }, condition: s }', { a: '' }, false],
    ['{ s: { a|contains: Admin }, condition: s }', { a: { policy: ['AdministratorAccess'] } }, true],
    [
      `{ s: { a|contains: '"s3:GetObject"' }, condition: s }`,
      { a: { policyDocument: '{"Effect":"Allow","Action":"s3:GetObject"}' } },
      true,
    ],
    ['{ s: { a|re: "Action.:.s3" }, condition: s }', { a: [{ doc: '{"Action":"s3:x"}' }] }, true],
    ['{ s: { a|startswith: s3 }, condition: s }', { a: { doc: 's3:x' } }, false],
    ['{ s: { a|exists: true }, condition: s }', { a: [] }, true],
    ['{ s: { a|exists: true }, condition: s }', { a: null }, true],
    ['{ s: { a|exists: false }, condition: s }', { a: null }, false],
    ['{ s: { a|contains|all: [x, y] }, condition: s }', { a: ['1x', '2y'] }, true],
    ['{ s: { a.b|all: [x, y] }, condition: s }', { a: [{ b: 'x' }, { b: 'z' }] }, false],
  ])('%s on %j: %s', (detection, fields, expected) => {
    expect(matches(detection, fields)).toBe(expected);
  });

  it('are compared without case in any alphabet, character by character', () => {
    const wild = (pattern: string, text: string) => wildcardTest(parseWildcards(pattern), false)(text);
    expect(wild('*ΣΟΣ', 'μεσος'.replace('μεσ', 'μέΣ'))).toBe(true);
    expect(wild('*Σ*', 'ΑΣ')).toBe(true);
    expect(wild('?', '😀')).toBe(true);
    expect(wild('??', '😀')).toBe(false);
    expect(wild('*?x?', '😀x😀')).toBe(true);
    expect(wild('𐐀?', '𐐨a')).toBe(true);
  });

  it.each([
    ['a\\b', 'a\\b'],
    ['a\\\\b', 'a\\b'],
    ['a\\*', 'a*'],
    ['a\\?', 'a?'],
    ['a\\\\\\*', 'a\\*'],
    ['a\\\\\\b', 'a\\\\b'],
    ['a\\\\\\\\b', 'a\\\\b'],
  ])('escapes: %s is the plain text %s', (pattern, text) => {
    expect(parseWildcards(pattern).join('')).toBe(text);
  });
});

describe('keywords', () => {
  it.each<[string, string, boolean]>([
    ['{ s: [root, admin], condition: s }', 'by ADMIN', true],
    ['{ s: root, condition: s }', 'by root', true],
    ['{ s: { "|all": [by, root] }, condition: s }', 'by root', true],
    ['{ s: { "|all": [by, admin] }, condition: s }', 'by root', false],
    ['{ s: { "|re": "ro+t$" }, condition: s }', 'by root', true],
    ['{ s: { "|cased": Root }, condition: s }', 'by root', false],
    ['{ s: [{ a: 1 }, root], condition: s }', 'by root', true],
    ['{ s: [[nobody, root], { a: 1 }], condition: s }', 'by root', true],
    ['{ s: [4711], condition: s }', 'id 4711', true],
  ])('%s on %j: %s', (detection, raw, expected) => {
    expect(matches(detection, {}, raw)).toBe(expected);
  });

  it('are found in fields as well where JSON escapes them', () => {
    const fields = { a: { path: 'C:\\Windows' } };
    expect(matches("{ s: ['C:\\Win'], condition: s }", fields, JSON.stringify(fields))).toBe(true);
    expect(matches("{ s: ['C:\\Mac'], condition: s }", fields, JSON.stringify(fields))).toBe(false);
  });
});

describe('conditions', () => {
  const detection = (condition: string) =>
    `{ sel_a: { x: 1 }, sel_b: { y: 1 }, _hidden: { z: 1 }, condition: ${condition} }`;
  it.each<[string, Record<string, FieldValue>, boolean]>([
    ['1 of them', { z: 1 }, false],
    ['all of them', { x: 1, y: 1 }, true],
    ['any of sel_*', { y: 1 }, true],
    ['all of *a', { x: 1 }, true],
    ['1 of _*', { z: 1 }, true],
    ['not 1 of sel* or _hidden', { z: 1, x: 1 }, true],
    ['"not sel_a and sel_b"', { x: 1 }, false],
    ['[sel_a, sel_b]', { y: 1 }, true],
  ])('%s on %j: %s', (condition, fields, expected) => {
    expect(matches(detection(condition), fields)).toBe(expected);
  });

  it.each([
    ['2 of sel_*', 'Sigma has no 2 of', undefined],
    ['sel_a and sel_c', 'there is no search identifier sel_c', 'sel_a'],
    [
      'sel_a | count() by ip > 10',
      'Sigma 2 has no aggregation in a condition',
      "correlation: { type: event_count, rules: [this rule's id], group-by: [ip], timespan: …, condition: { gt: 10 } }",
    ],
    [
      'sel_a|count(user) by ip >= 5',
      'Sigma 2 has no aggregation in a condition',
      "correlation: { type: value_count, rules: [this rule's id], group-by: [ip], timespan: …, condition: { field: user, gte: 5 } }",
    ],
    [
      'sel_a | sum(bytes) > 5',
      'Sigma 2 has no aggregation in a condition',
      "correlation: { type: value_sum, rules: [this rule's id], timespan: …, condition: { field: bytes, gt: 5 } }",
    ],
    [
      'sel_a | near sel_b',
      'Sigma 2 has no aggregation in a condition',
      'correlation: { type: temporal, rules: [one rule for each part], timespan: … }',
    ],
  ])('%s is refused: %s', (condition, message, fix) => {
    const [problem] = parse(ruleText(detection(condition))).problems;
    expect([problem?.message, problem?.fix]).toEqual([message, fix]);
    expect(problem?.line).toBe(4);
  });

  it('a timeframe is no search identifier', () => {
    expect(matches('{ s: { a: 1 }, timeframe: 5m, condition: all of them }', { a: 1 })).toBe(true);
  });
});

describe('a file', () => {
  const one = (id: string, detection = '{ s: { a: 1 }, condition: s }') =>
    ruleText(detection).replace('id: r', `id: ${id}`);

  it('has many documents; one that is wrong does not stop the others, unless that is wanted', () => {
    const text = [
      one('a'),
      'title: x\ntitle: y\n',
      one('b', '{ s: { a: 1 }, condition: t }'),
      '',
      one('c'),
    ].join('---\n');
    const read = parse(text);
    expect(read.rules.map(({ id }) => id)).toEqual(['a', 'c']);
    expect(read.problems.map(({ line }) => line)).toEqual([7, 12]);
    expect(parse(text, true).rules).toEqual([]);
  });

  it('keeps attributes that nobody knows', () => {
    expect(only(`${one('a')}x-team: blue\n`).attributes['x-team']).toBe('blue');
  });

  it('may have collection actions: global, reset and repeat', () => {
    const text = [
      'action: global\ntitle: Shared\nlogsource: { product: aws }\ndetection: { filter: { b: 1 }, condition: s and not filter }\n',
      'id: a\ndetection:\n  s: { a: 1 }\n',
      'action: repeat\nid: b\ndetection:\n  s: { a: 2 }\n',
      'action: reset\n',
      one('c'),
    ].join('---\n');
    const { rules, problems } = parse(text);
    expect(problems).toEqual([]);
    expect(rules.map(({ id, title }) => [id, title])).toEqual([
      ['a', 'Shared'],
      ['b', 'Shared'],
      ['c', 'R'],
    ]);
    const [a, b] = rules.map(compiled);
    expect(a?.matches({ fields: { a: 1 }, raw: '' })).toBe(true);
    expect(a?.matches({ fields: { a: 1, b: 1 }, raw: '' })).toBe(false);
    expect(b?.matches({ fields: { a: 2 }, raw: '' })).toBe(true);
    expect(parse('action: gobal\n').problems[0]).toMatchObject({
      message: 'unknown action gobal',
      fix: 'global',
      line: 1,
    });
    expect(parse('action: repeat\n').problems[0]?.message).toContain('no rule before it');
    const nothing = parse('action: global\ntitle: Shared\n---\nnull\n---\n- a list\n');
    expect(nothing.rules).toEqual([]);
    expect(nothing.problems.length).toBeGreaterThan(0);
  });

  it('shows a fault of what is shared where it was written', () => {
    const text = `action: global\ntitle: T\nlogsource: { product: aws }\ndetection:\n  f: { b|contain: 1 }\n  condition: s and not f\n---\nid: a\ndetection: { s: { a: 1 } }\n`;
    const result = compileRule(only(text));
    expect(result.ok ? [] : result.problems.map(({ line, fix }) => [line, fix])).toEqual([[5, 'contains']]);
  });

  it('never makes the parser throw', () => {
    const key = fc.constantFrom(
      'title',
      'id',
      'logsource',
      'detection',
      'correlation',
      'filter',
      'action',
      'condition',
      's',
      'rules',
      'type',
      '__proto__',
      'a|re',
      '|all',
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown>(
          's',
          'event_count',
          'global',
          'repeat',
          1,
          null,
          true,
          '1 of them',
          '',
          '10s',
          'not',
        ),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), (documents) => {
        const { rules, correlations, filters } = parse(
          documents.map((one) => JSON.stringify(one)).join('\n---\n'),
        );
        for (const rule of applyFilters(rules, filters).rules) compileRule(rule);
        expect(correlations.length).toBeLessThanOrEqual(documents.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('filters', () => {
  const filter = (rules: string, logsource = '{ product: aws }') =>
    `title: F\nid: f\nlogsource: ${logsource}\nfilter:\n  rules: ${rules}\n  selection: { user|startswith: adm_ }\n  condition: not selection\n`;
  const applied = (text: string, logsource?: string) => {
    const { rules, filters, problems } = parse(
      [
        ruleText('{ s: { a: 1 }, selection: { b: 1 }, condition: s or selection }'),
        filter(text, logsource),
      ].join('---\n'),
    );
    expect(problems).toEqual([]);
    return applyFilters(rules, filters);
  };
  const finds = (rules: readonly SigmaRule[], fields: Record<string, FieldValue>) =>
    rules.map(compiled).some((rule) => rule.matches({ fields, raw: '' }));

  it.each(['[r]', 'r', 'any', 'all', '[]'])('of %s keep out what they describe', (named) => {
    const { rules, problems } = applied(named);
    expect(problems).toEqual([]);
    expect(finds(rules, { a: 1, user: 'bob' })).toBe(true);
    expect(finds(rules, { b: 1, user: 'ADM_bob' })).toBe(false);
  });

  it('touch no rule of another log source', () => {
    expect(finds(applied('any', '{ product: windows }').rules, { a: 1, user: 'adm_x' })).toBe(true);
    expect(applied('[r]', '{ product: windows }').problems[0]?.message).toBe(
      'the rule r is of another log source',
    );
  });

  it('of rules that are not there are told, and so are faults inside of them', () => {
    expect(applied('[rr]').problems[0]).toMatchObject({ message: 'there is no rule rr', fix: 'r', line: 10 });
    const { rules, filters } = parse(
      [ruleText('{ s: { a: 1 }, condition: s }'), filter('any').replace('startswith', 'startwith')].join(
        '---\n',
      ),
    );
    const [rule] = applyFilters(rules, filters).rules;
    const result = rule === undefined ? undefined : compileRule(rule);
    expect(result?.ok === false && result.problems[0]).toMatchObject({ line: 11, fix: 'startswith' });
  });
});

describe('a diagnosis', () => {
  it('says of every part whether it matched, and what was found', () => {
    const rule = compiled(
      only(ruleText('{ s: { a: [x, y], b|contains: z }, f: { c: 1 }, condition: s and not f }')),
    );
    expect(rule.diagnose({ fields: { a: 'Y', b: 'none', c: 1 }, raw: '' })).toEqual({
      kind: 'and',
      matched: false,
      parts: [
        {
          kind: 'selection',
          name: 's',
          matched: false,
          parts: [
            {
              kind: 'and',
              matched: false,
              parts: [
                {
                  kind: 'item',
                  field: 'a',
                  modifiers: [],
                  matched: true,
                  found: 'Y',
                  values: [
                    { pattern: 'x', matched: false },
                    { pattern: 'y', matched: true },
                  ],
                },
                {
                  kind: 'item',
                  field: 'b',
                  modifiers: ['contains'],
                  matched: false,
                  found: 'none',
                  values: [{ pattern: 'z', matched: false }],
                },
              ],
            },
          ],
        },
        {
          kind: 'not',
          matched: false,
          parts: [
            {
              kind: 'selection',
              name: 'f',
              matched: true,
              parts: [
                {
                  kind: 'item',
                  field: 'c',
                  modifiers: [],
                  matched: true,
                  found: 1,
                  values: [{ pattern: '1', matched: true }],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('leaves out what is not there', () => {
    const rule = compiled(only(ruleText('{ s: { a: x }, condition: s }')));
    const diagnosis = rule.diagnose({ fields: {}, raw: '' });
    expect(diagnosis.kind === 'selection' && diagnosis.parts[0]).not.toHaveProperty('found');
  });
});

describe('what is no search is refused', () => {
  it.each([
    ['{ s: { a: [] }, condition: s }', 'a has no values'],
    ['{ s: { "|exists": true }, condition: s }', 'exists needs a field'],
    ['{ s: [null], condition: s }', 's looks for nothing'],
    ['{ s: [], condition: s }', 's looks for nothing'],
    ['{ s: null, condition: s }', 's looks for nothing'],
  ])('%s: %s', (detection, message) => {
    expect(parse(ruleText(detection)).problems[0]?.message).toBe(message);
  });
});
