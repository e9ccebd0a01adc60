import { isMap, isNode, isSeq } from 'yaml';
import { z } from 'zod';
import { type Json, toJson } from '../model/json.ts';
import { failed, ok, type Problem, type Result, type SourceText } from '../model/problem.ts';
import { problemAtPath, type YamlDocument } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import { readYaml } from '../yaml/read.ts';
import { validate } from '../yaml/validate.ts';
import type { CompiledGuard } from './compile.ts';
import { evaluate, type RuleVerdict } from './evaluate.ts';

/** What became of one expectation of a test. */
export interface TestOutcome {
  /** The name of the test, or its number in the file, from 1. */
  readonly test: string;
  readonly rule: string;
  readonly expected: 'PASS' | 'FAIL' | 'SKIP';
  /** One for each rule of this name. */
  readonly verdicts: readonly RuleVerdict[];
  readonly passed: boolean;
}

const statuses = z.enum(['PASS', 'FAIL', 'SKIP']);
const schema = z.array(
  z.looseObject({
    name: z.string().optional(),
    input: z.unknown(),
    expectations: z.looseObject({ rules: z.record(z.string(), statuses) }),
  }),
);

/**
 * Runs a file of unit tests against the rules of a file. Several rules of one name meet `PASS` or `FAIL` when
 * one of them does, and `SKIP` when all do. Source: AWS CloudFormation Guard, "Testing Guard rules".
 */
export function runGuardTests(guard: CompiledGuard, testSource: SourceText): Result<TestOutcome[]> {
  const read = readYaml(testSource);
  if (!read.ok) return failed(read.problems);
  const outcomes: TestOutcome[] = [];
  const problems: Problem[] = [];
  for (const document of read.value) {
    const checked = validate(document, schema);
    if (!checked.ok) problems.push(...checked.problems);
    else {
      for (const [index, test] of checked.value.entries()) {
        const node = isSeq(document.root) ? document.root.items[index] : undefined;
        const input = withTags(isMap(node) ? node.get('input', true) : undefined, test.input);
        const verdicts = evaluate(guard, input);
        for (const [rule, expected] of Object.entries(test.expectations.rules)) {
          const path = [index, 'expectations', 'rules', rule];
          const own = verdicts.filter((verdict) => verdict.rule === rule);
          if (own.length === 0) problems.push(unknownRule(document, path, rule, guard));
          const name = test.name ?? String(index + 1);
          outcomes.push({ test: name, rule, expected, verdicts: own, passed: meets(own, expected) });
        }
      }
    }
  }
  return problems.length > 0 ? failed(problems) : ok(outcomes);
}

function meets(verdicts: readonly RuleVerdict[], expected: TestOutcome['expected']): boolean {
  return expected === 'SKIP'
    ? verdicts.every(({ status }) => status === 'SKIP')
    : verdicts.some(({ status }) => status === expected);
}

function unknownRule(
  document: YamlDocument,
  path: readonly (string | number)[],
  rule: string,
  guard: CompiledGuard,
): Problem {
  const names = [...guard.byName.keys()];
  return problemAtPath(document, path, `there is no rule ${rule} in ${guard.file.source.file}`, {
    expected: names.join(', '),
    fix: nearest(rule, names),
    at: 'key',
  });
}

/** The value, in which a tag such as `!Sub` is the map `Fn::Sub`, as cfn-guard reads it. */
function withTags(node: unknown, value: unknown): Json {
  if (Array.isArray(value)) {
    const items = isSeq(node) ? node.items : [];
    return tagged(
      node,
      value.map((item, index) => withTags(items[index], item)),
    );
  }
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    const nodeOf = (key: string): unknown => (isMap(node) ? node.get(key, true) : undefined);
    return tagged(
      node,
      Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withTags(nodeOf(key), member)])),
    );
  }
  return tagged(node, toJson(value));
}

/** Source: AWS CloudFormation User Guide, "Intrinsic function reference". */
const SHORT_FORMS =
  /^!(?:And|Base64|Cidr|Condition|Equals|FindInMap|GetAtt|GetAZs|If|ImportValue|Join|Not|Or|Ref|Select|Split|Sub|Transform)$/;

function tagged(node: unknown, value: Json): Json {
  const tag = isNode(node) ? (node.tag ?? '') : '';
  if (!SHORT_FORMS.test(tag)) return value;
  const name = tag.slice(1);
  return { [name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`]: value };
}
