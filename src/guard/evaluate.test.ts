import { describe, expect, it } from 'vitest';
import { clauseTable } from '../../test/guard-clauses.ts';
import type { Json } from '../model/json.ts';
import { renderProblem } from '../model/problem.ts';
import { compileGuard } from './compile.ts';
import { evaluate, type RuleVerdict } from './evaluate.ts';
import { parseGuard } from './parse.ts';

function judge(rules: string, document: Json): RuleVerdict[] {
  const parsed = parseGuard({ file: 'r.guard', text: rules });
  if (!parsed.ok) throw new Error(parsed.problems.map(renderProblem).join('\n'));
  return evaluate(compileGuard(parsed.value), document);
}

const statuses = (rules: string, document: Json): string =>
  judge(rules, document)
    .map(({ rule, status }) => `${rule} ${status}`)
    .join(', ');

const only = (rules: string, document: Json) => judge(rules, document)[0]?.checks ?? [];

const template = {
  Resources: {
    Public: { Type: 'AWS::S3::Bucket', Properties: { Access: { Public: true }, Ports: [80, 22] } },
    Private: { Type: 'AWS::S3::Bucket', Properties: { Access: { Public: false }, Ports: [443] } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: {} },
  },
};

describe('every clause of the table has the verdict of cfn-guard 3.1.1', () => {
  const { document, cases } = clauseTable();
  it.each(cases)('$status $clause', ({ status, rule }) => {
    expect(statuses(`rule r ${rule}`, document)).toBe(`r ${status}`);
  });
});

describe('a failed check', () => {
  const rules = `
let buckets = Resources.*[ Type == 'AWS::S3::Bucket' ]
rule private when %buckets !empty {
  check(%buckets.Properties) <<
    Make the bucket private
      in every account
  >>
}
rule check(bucket) {
  %bucket {
    Access.Public == false
    Ports[*] == 443 << only TLS >>
    Encryption exists
  }
}`;

  it('says where, what was found, what was expected, and which clause says so', () => {
    const [verdict] = judge(rules, template);
    expect(verdict).toMatchObject({
      rule: 'private',
      status: 'FAIL',
      place: { line: 3, column: 6, length: 7 },
    });
    expect(verdict?.checks[0]).toEqual({
      path: ['Resources', 'Public', 'Properties', 'Access', 'Public'],
      message: 'Make the bucket private\nin every account',
      clause: 'Access.Public == false',
      place: { line: 11, column: 5, length: 22 },
      found: true,
      expected: false,
      reason: 'true is not equal to false',
    });
  });

  it('is there for every value, with the message that stands nearest', () => {
    expect(
      only(rules, template).map(({ path, message }) => [path.slice(1).join('/'), message?.split('\n')[0]]),
    ).toEqual([
      ['Public/Properties/Access/Public', 'Make the bucket private'],
      ['Public/Properties/Ports/0', 'only TLS'],
      ['Public/Properties/Ports/1', 'only TLS'],
      ['Public/Properties', 'Make the bucket private'],
      ['Private/Properties', 'Make the bucket private'],
    ]);
  });

  it('of something missing has the deepest place that is there', () => {
    expect(only('rule r { Resources.Queue.Properties.Policy.Id == "x" }', template)).toEqual([
      {
        path: ['Resources', 'Queue', 'Properties'],
        clause: 'Resources.Queue.Properties.Policy.Id == "x"',
        place: { line: 1, column: 10, length: 43 },
        missing: true,
        reason: 'Resources.Queue.Properties.Policy.Id leads nowhere: Policy is missing',
      },
    ]);
  });

  it.each<[string, readonly (string | number)[], string]>([
    ['Resources.Queue.Properties !empty', ['Resources', 'Queue', 'Properties'], '{} is empty'],
    ['Resources.Queue.Type is_list', ['Resources', 'Queue', 'Type'], '"AWS::SQS::Queue" is no list'],
    [
      'Resources.Public.Properties.Ports[*] < 80',
      ['Resources', 'Public', 'Properties', 'Ports', 0],
      '80 is not less than 80',
    ],
    [
      'Resources.Public.Properties.Ports[0] in [443]',
      ['Resources', 'Public', 'Properties', 'Ports', 0],
      '80 is not in [443]',
    ],
    [
      'Resources.Public.Properties.Ports[0] == "80"',
      ['Resources', 'Public', 'Properties', 'Ports', 0],
      '80 (int) cannot be compared with "80" (string)',
    ],
    [
      'Resources.Public.Properties.Ports[0] in Resources.None',
      ['Resources', 'Public', 'Properties', 'Ports', 0],
      '80 has nothing to be compared with: Resources.None leads nowhere: None is missing',
    ],
    ["Resources.*[ Type == 'AWS::None' ] !empty", [], 'the selection is empty'],
  ])('%s', (clause, path, reason) => {
    expect(only(`rule r {\n${clause}\n}`, template)[0]).toMatchObject({ path, reason });
  });

  it('of a value that a function made has the place of what it was made of', () => {
    const document = { Policy: '{"Statement":[{"Effect":"Allow"}]}' };
    const rule = 'rule r { let policy = json_parse(Policy)\n %policy.Statement[*].Effect == "Deny" }';
    expect(only(rule, document)[0]).toMatchObject({ path: ['Policy'], found: 'Allow', expected: 'Deny' });
  });

  it('of a rule that another needs is told where that rule failed', () => {
    const nested = 'rule a { Resources.Queue.Properties.Key exists }\nrule b {\n a << why >>\n}';
    expect(judge(nested, template)[1]?.checks[0]).toMatchObject({
      path: ['Resources', 'Queue', 'Properties'],
      clause: 'Resources.Queue.Properties.Key exists',
      message: 'why',
    });
    expect(only('rule b {\n not a\n}\nrule a { Resources exists }', template)[0]?.reason).toBe(
      'rule a is PASS',
    );
  });

  it('never carries an escape sequence of the document to a terminal', () => {
    const document = { Keys: ['\u001b[2J'], Map: {} };
    expect(only('rule r { let keys = Keys[*]\n Map.%keys exists }', document)[0]?.reason).toContain(
      '\\u{1b}[2J',
    );
  });

  it('is none where an alternative or some value complies', () => {
    const rule = 'rule r { None exists or Resources exists\n some Resources.*.Properties.Ports[*] == 80 }';
    expect(judge(rule, template)).toMatchObject([{ status: 'PASS', checks: [] }]);
  });
});

describe('an error', () => {
  it('is one clause at one value; the other values, clauses and rules are judged', () => {
    const document = { Items: [{ Size: 1 }, { Size: 'x' }, { Size: '' }] };
    const [first, second] = judge(
      'rule r { Items[*] { Size !empty << m >> } }\nrule s { Items exists }',
      document,
    );
    expect(first?.status).toBe('ERROR');
    expect(first?.checks.map(({ path, error, reason }) => [path, error ?? false, reason])).toEqual([
      [['Items', 0, 'Size'], true, 'empty has no meaning for a value of type int'],
      [['Items', 2, 'Size'], false, '"" is empty'],
    ]);
    expect(second?.status).toBe('PASS');
  });

  it.each([
    ['in a condition', 'rule r when Size empty { this exists }', 'r ERROR'],
    ['in a filter', 'rule r { List[ Size empty ] exists }', 'r ERROR'],
    ['in a rule that is needed', 'rule r {\n bad\n}\nrule bad { Size empty }', 'r ERROR, bad ERROR'],
    ['decides nothing where an alternative complies', 'rule r { Size empty or Size exists }', 'r PASS'],
    ['is a name without a variable', 'rule r { %x exists }\nrule s { Size exists }', 'r ERROR, s PASS'],
    ['is a rule that needs itself', 'rule r {\n s\n}\nrule s {\n r\n}', 'r ERROR, s ERROR'],
    ['is a variable that needs itself', 'let x = %x.a\nrule r { %x exists }', 'r ERROR'],
    ['is a rule that calls itself', 'rule p(x) { p(%x)\n p(%x)\n p(%x) }\nrule r { p(Size) }', 'r ERROR'],
    ['is a wrong number of operands', 'rule p(x) { %x exists }\nrule r { p(Size, Size) }', 'r ERROR'],
    ['is a conversion that cannot be', 'rule r { let n = parse_int(Name)\n %n == 1 }', 'r ERROR'],
  ])('%s', (_, rules, expected) => {
    expect(statuses(rules, { Size: 1, Name: 'x', List: [{ Size: 1 }] })).toBe(expected);
  });

  it('has the place of the clause and of the value', () => {
    expect(only('rule r {\n  Resources.Public.Properties.Ports[0] empty\n}', template)).toEqual([
      {
        path: ['Resources', 'Public', 'Properties', 'Ports', 0],
        clause: 'Resources.Public.Properties.Ports[0] empty',
        place: { line: 2, column: 3, length: 42 },
        error: true,
        reason: 'empty has no meaning for a value of type int',
      },
    ]);
  });
});

describe('time and memory are bounded', () => {
  it('for values without a bottom', () => {
    const deep = (levels: number): Json => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`) as Json;
    const document = { a: deep(5_000), b: deep(5_000) };
    expect(statuses('rule r { a == b }\nrule s { a in b }\nrule t { a exists }', document)).toBe(
      'r ERROR, s ERROR, t PASS',
    );
  });

  it('for patterns that take other engines for ever', () => {
    const begun = performance.now();
    expect(statuses('rule r { a == /^(a+)+$/ }', { a: `${'a'.repeat(50_000)}!` })).toBe('r FAIL');
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('for calls that double at every level', () => {
    const calls = Array.from(
      { length: 40 },
      (_, level) => `rule p${level}(x) { p${level + 1}(%x)\n p${level + 1}(%x) }`,
    );
    const rules = `${calls.join('\n')}\nrule p40(x) { %x exists }\nrule r { p0(a) }\nrule s { a exists }`;
    expect(statuses(rules, { a: 1 })).toBe('r ERROR, s PASS');
  });

  it('for keys that are no keys elsewhere', () => {
    const document = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') as Json;
    expect(statuses("rule r { '__proto__'.a == 1\n constructor == 2\n toString !exists }", document)).toBe(
      'r PASS',
    );
  });
});
