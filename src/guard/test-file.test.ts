import { describe, expect, it } from 'vitest';
import { compileGuard } from './compile.ts';
import { parseGuard } from './parse.ts';
import { runGuardTests } from './test-file.ts';

const rules = `
rule encrypted when Resources exists { Resources.*.Properties.Encrypted == true }
rule named when Resources.Hook exists { Resources.Hook.Name exists }
rule named when Resources.Bucket exists { Resources.Bucket.Properties.Name == { "Fn::Sub": "x" } }`;

function run(text: string) {
  const parsed = parseGuard({ file: 'r.guard', text: rules });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return runGuardTests(compileGuard(parsed.value), { file: 'r_tests.yaml', text });
}

const summary = (text: string) => {
  const result = run(text);
  return result.ok
    ? result.value.map(({ test, rule, expected, verdicts, passed }) =>
        [test, rule, expected, verdicts.map(({ status }) => status).join('+'), passed].join(' '),
      )
    : result.problems.map(({ line, column, message, fix }) => `${line}:${column} ${message} (${fix})`);
};

describe('a file of unit tests', () => {
  it('tells of every expectation whether it is met', () => {
    expect(
      summary(`---
- name: plain
  input:
    Resources: { Bucket: { Properties: { Encrypted: true, Name: !Sub x } } }
  expectations:
    rules: { encrypted: PASS, named: PASS }
- input: {}
  expectations:
    rules: { encrypted: FAIL, named: SKIP }
`),
    ).toEqual([
      'plain encrypted PASS PASS true',
      'plain named PASS SKIP+PASS true',
      '2 encrypted FAIL SKIP false',
      '2 named SKIP SKIP+SKIP true',
    ]);
  });

  it('may be JSON, and may use anchors', () => {
    expect(summary('[{"name":"n","input":{},"expectations":{"rules":{"encrypted":"SKIP"}}}]')).toEqual([
      'n encrypted SKIP SKIP true',
    ]);
    const anchored = `
- input: &i { Resources: { A: { Properties: { Encrypted: false } } } }
  expectations: { rules: { encrypted: FAIL } }
- input: *i
  expectations: { rules: { encrypted: FAIL } }`;
    expect(summary(anchored).map((line) => line.endsWith('true'))).toEqual([true, true]);
  });

  it.each([
    [
      '- input: {}\n  expectations: { rules: { encrypt: PASS } }',
      ['2:28 there is no rule encrypt in r.guard (encrypted)'],
    ],
    [
      '- input: {}\n  expectations: { rules: { something: PASS } }',
      ['2:28 there is no rule something in r.guard (undefined)'],
    ],
    ['- input: {}\n  expectations: {}', ['2:3 0.expectations.rules is missing (undefined)']],
  ])('that is wrong has a problem with a place: %j', (text, problems) => {
    expect(summary(text)).toEqual(problems);
  });
});
