import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderProblem } from '../model/problem.ts';
import { parseGuard } from './parse.ts';
import type { GuardFile, QueryPart } from './syntax.ts';

const read = (text: string) => parseGuard({ file: 'r.guard', text });

function parsed(text: string): GuardFile {
  const result = read(text);
  if (!result.ok) throw new Error(result.problems.map(renderProblem).join('\n'));
  return result.value;
}

function problemsOf(text: string): string[] {
  const result = read(text);
  return result.ok ? [] : result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function shortPart(part: QueryPart): string | number {
  if (part.kind === 'key') return part.name;
  if (part.kind === 'index') return part.index;
  if (part.kind === 'variable') return `%${part.name}`;
  return 'capture' in part && part.capture !== undefined ? `${part.kind} of ${part.capture}` : part.kind;
}

describe('a rule file', () => {
  it('has assignments, rules with conditions, parameterized rules, and the default rule of loose clauses', () => {
    const file = parsed(`
      let buckets = Resources.*[ Type == 'AWS::S3::Bucket' ]   # a comment
      rule private when %buckets !empty
                        is_template(this) { check(%buckets.Properties) << make it private >> }
      rule check(bucket, other) { %bucket { Public == false or Public not exists } }
      AWS::SQS::Queue { Properties exists }
      Resources exists
    `);
    expect(file.assignments.map(({ name }) => name)).toEqual(['buckets']);
    expect(file.rules.map(({ name }) => name)).toEqual(['default', 'private']);
    expect(file.rules[0]?.block.clauses.flat().map(({ kind }) => kind)).toEqual(['type', 'unary']);
    expect(file.rules[1]?.when).toHaveLength(2);
    expect(file.parameterized.map(({ name, parameters }) => [name, parameters])).toEqual([
      ['check', ['bucket', 'other']],
    ]);
  });

  it('joins lines by and, words by or', () => {
    const [rule] = parsed('rule r { a exists or\n b exists\n c exists OR d exists |OR| e exists }').rules;
    expect(rule?.block.clauses.map((line) => line.length)).toEqual([2, 3]);
  });

  it('keeps what every clause covers, so that it can be shown', () => {
    const text = 'rule r {\n  Properties.Tags[*].Key in ["a"] << named >>\n}';
    const clause = parsed(text).rules[0]?.block.clauses[0]?.[0];
    expect(text.slice(...(clause?.span ?? [0, 0]))).toBe('Properties.Tags[*].Key in ["a"]');
    expect(clause?.message).toBe(' named ');
  });

  it.each([
    ['%x', ['%x']],
    ['this.a', ['this', 'a']],
    ["a['b c'].0[1][*].*", ['a', 'b c', 0, 1, 'elements', 'values']],
    ['a[ name ]', ['a', 'values of name']],
    ['a[name]', ['a', 'elements']],
    ['a.%b', ['a', '%b']],
    ['a\n .b', ['a', 'b']],
    ['a[ b | keys == "c" ]', ['a', 'keys of b']],
    ['a[ b == 1 ]', ['a', 'filter']],
    ['inner', ['inner']],
    ['something', ['something']],
    ['nothing', ['nothing']],
  ])('reads the query %s', (query, expected) => {
    const clause = parsed(`rule r { ${query} exists }`).rules[0]?.block.clauses[0]?.[0];
    const parts = clause !== undefined && 'query' in clause ? clause.query.parts : [];
    expect(parts.map(shortPart)).toEqual(expected);
  });

  it.each([
    ['"a\'b"', { kind: 'string', value: "a'b" }],
    ["'it\\'s'", { kind: 'string', value: "it's" }],
    ['"C:\\dir"', { kind: 'string', value: 'C:\\dir' }],
    ['-7', { kind: 'int', value: -7 }],
    ['1.5', { kind: 'float', value: 1.5 }],
    ['True', { kind: 'bool', value: true }],
    ['NULL', { kind: 'null' }],
    ['/a\\/b/', { kind: 'regex', value: 'a/b' }],
    ['r[1,10)', { kind: 'int-range', lower: 1, upper: 10, lowerInclusive: true, upperInclusive: false }],
    ['r(a,f]', { kind: 'char-range', lower: 'a', upper: 'f', lowerInclusive: false, upperInclusive: true }],
    [
      '[1, # one\n "x"]',
      {
        kind: 'list',
        items: [
          { kind: 'int', value: 1 },
          { kind: 'string', value: 'x' },
        ],
      },
    ],
    ['{a-b: 1}', { kind: 'map', entries: [['a-b', { kind: 'int', value: 1 }]] }],
  ])('reads the value %s', (text, literal) => {
    const [assignment] = parsed(`let x = ${text}\nrule r { a exists }`).assignments;
    expect(assignment?.operand).toEqual({ kind: 'literal', literal });
  });
});

describe('a fault', () => {
  it.each([
    ['rule r { Size = 1 }', '1:15 Size = is no comparison'],
    ['rule r { Size exist }', '1:15 exist where Size needs an operator'],
    ['rule r {\n  a exists &&\n  b exists\n}', '2:12 & where a clause should begin'],
    ['rule r { a == }', '1:15 } where a comparison needs a value'],
    ['rule r { a == "x }', '1:15 a string is not closed'],
    ['rule r { a == /x }', '1:15 a regular expression is not closed'],
    ['rule r { a == /(x/ }', '1:15 the regular expression is refused: missing closing ): `(x`'],
    ['rule r { a == [1,] }', '1:18 ] where a list needs a value'],
    ['rule r { a in r[1,2.5] }', '1:15 a range has two ends of different types'],
    ['rule r { a == 12abc }', '1:15 12abc is no number'],
    ['rule r { a exists << why }', '1:19 a message is not closed'],
    ['rule r { a exists', '1:8 a block is not closed'],
    ['rule r { }', '1:8 a block is empty'],
    ['rule 1st { a exists }', '1:6 1st is no name of a rule'],
    ['rule r { a. == 1 }', '1:13 = behind a dot'],
    ['let x = cuont(a)\nrule r { a exists }', '1:9 there is no function cuont'],
    ['let x = join(a)\nrule r { a exists }', '1:9 join takes 2 operands, here are 1'],
    ['rule r { count(a) > 1 }', '1:10 count(…) stands on the left of a comparison'],
    ['rule r { a { Size } }', '1:19 } where Size needs an operator'],
    ['rule r when { a exists }', '1:13 when has no condition'],
    ['# nothing\n', '1:1 the file has no rule'],
  ])('%j', (text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });

  it('says what was expected and how to mend it', () => {
    const result = read('rule r {\n  Size exits\n}');
    expect(result.ok ? '' : renderProblem(result.problems[0] as never)).toBe(
      [
        'r.guard:2:8: exits where Size needs an operator',
        '  1 | rule r {',
        '> 2 |   Size exits',
        '    |        ^^^^^',
        '  3 | }',
        '  expected: ==, !=, <, <=, >, >=, in, not in, exists, empty, is_string, …',
        '  fix: exists',
      ].join('\n'),
    );
  });

  it('in one rule does not hide the faults of the next', () => {
    expect(problemsOf('rule a { x = 1 }\nrule b { x exists }\nrule c { x eq 1 }')).toHaveLength(2);
  });

  it('is told for nesting without end, and nothing overflows', () => {
    for (const text of [
      `rule r { a == ${'['.repeat(100_000)}`,
      `rule r { ${'a { '.repeat(100_000)}`,
      `rule r { a${'[ b'.repeat(100_000)}`,
      `let x = ${'count('.repeat(100_000)}`,
    ]) {
      expect(problemsOf(text)[0]).toMatch(/nested more than 64 levels deep/);
    }
  });
});

describe('a warning', () => {
  it.each([
    ['rule r { not a == 1 }', 'not has no effect before a comparison: cfn-guard ignores it there'],
    [
      'rule p(x) { %x exists }\nrule r { not p(a) }',
      'not has no effect before p(…): cfn-guard ignores it there',
    ],
    ['rule encrypted { a exists }\nrule r { encrypt\n}', 'there is no rule encrypt'],
    [
      'rule r { a == /(?!x)y/ }',
      'this pattern has no linear-time form: invalid or unsupported Perl syntax: `(?!`',
    ],
  ])('%j', (text, message) => {
    expect(parsed(text).warnings.map((warning) => warning.message)).toEqual([message]);
  });
});

const FRAGMENTS = [
  ...[
    'rule ',
    'r ',
    '{',
    '}',
    '\n',
    ' ',
    'when ',
    'let x = ',
    '%x',
    'a',
    '.b',
    '[*]',
    '[ ',
    ' ]',
    '.*',
    ' == ',
    '"x"',
  ],
  ...[
    ' exists',
    ' !empty',
    ' in ',
    '[1,2]',
    '/x/',
    'r[1,2)',
    ' or ',
    '<<',
    '>>',
    '(',
    ')',
    ',',
    'this',
    'not ',
    '#',
    '|',
  ],
  ...[
    'AWS::S3::Bucket ',
    'some ',
    'keys ',
    'count(',
    "'",
    '"',
    '/',
    '\\',
    '-1',
    '1.5',
    '\u{1f600}',
    '\u0000',
    '::',
  ],
];

describe('whatever the text', () => {
  it('the parser answers with a file or with problems that have a place', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 40 }).map((parts) => parts.join('')),
      fc
        .array(fc.constantFrom(...FRAGMENTS), { maxLength: 30 })
        .map((parts) => `rule r { ${parts.join('')} }`),
    );
    fc.assert(
      fc.property(text, (any) => {
        const result = read(any);
        if (result.ok) return;
        expect(result.problems.length).toBeGreaterThan(0);
        for (const { line, column } of result.problems) expect(Math.min(line, column)).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
