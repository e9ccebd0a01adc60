import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CompiledGuard, compileGuard } from '../src/guard/compile.ts';
import { evaluate } from '../src/guard/evaluate.ts';
import { parseGuard } from '../src/guard/parse.ts';
import type { Json } from '../src/model/json.ts';
import { renderProblem } from '../src/model/problem.ts';
import { CFN_GUARD, cfnGuard, controlTowerRules, type Statuses } from './guard-binary.ts';
import { clauseTable } from './guard-clauses.ts';
import { document, ruleFile } from './guard-generated.ts';
import { type Chaos, documentValue, randomNumbers, resourceShapes } from './guard-shapes.ts';
import { TEMPLATES } from './guard-templates.ts';

if (CFN_GUARD === undefined) {
  process.stderr.write(
    `cfn-guard does not run on ${process.platform} ${process.arch}: the differential test is skipped\n`,
  );
}

function compiled(text: string, file = 'rules.guard'): CompiledGuard {
  const parsed = parseGuard({ file, text });
  if (!parsed.ok) throw new Error(parsed.problems.map(renderProblem).join('\n'));
  return compileGuard(parsed.value);
}

function statusesOf(guards: readonly CompiledGuard[], of: Json): Statuses {
  const statuses: Statuses = new Map();
  for (const { rule, status } of guards.flatMap((guard) => evaluate(guard, of))) {
    statuses.set(rule, (statuses.get(rule) ?? new Set()).add(status));
  }
  return statuses;
}

const plain = (statuses: Statuses): Record<string, string> =>
  Object.fromEntries([...statuses].sort().map(([name, set]) => [name, [...set].sort().join(' and ')]));

/**
 * Every rule on every document must have the same verdicts. Where one rule file makes cfn-guard end its run,
 * the others are compared without it; how many were compared is returned.
 */
function expectAgreement(rules: readonly string[], documents: readonly Json[]): number {
  const theirs = cfnGuard(rules, documents);
  if ('aborted' in theirs) {
    if (rules.length === 1) return 0;
    const half = Math.ceil(rules.length / 2);
    return expectAgreement(rules.slice(0, half), documents) + expectAgreement(rules.slice(half), documents);
  }
  const guards = rules.map((text) => compiled(text));
  for (const [index, each] of documents.entries()) {
    const own = plain(statusesOf(guards, each));
    const reference = plain(theirs[index] ?? new Map());
    const differing = Object.keys({ ...own, ...reference }).filter((name) => own[name] !== reference[name]);
    const shown = differing.map((name) => ({
      name,
      cordon: own[name],
      cfnGuard: reference[name],
      rules: rules.find((text) => text.includes(`rule ${name} `)),
    }));
    expect(shown, JSON.stringify(each)).toEqual([]);
  }
  return rules.length;
}

const RUNS = 20;

describe.skipIf(CFN_GUARD === undefined)('cfn-guard 3.1.1 and Cordon agree', () => {
  it('on every clause of the table', () => {
    const { document: on, cases } = clauseTable();
    const rules = cases.map(({ rule }, index) => `rule r${index} ${rule}`);
    const theirs = cfnGuard(rules, [on]);
    if ('aborted' in theirs) throw new Error(theirs.aborted);
    const statuses = cases.map(
      ({ clause }, index) => `${[...(theirs[0]?.get(`r${index}`) ?? [])]} ${clause}`,
    );
    expect(statuses).toEqual(cases.map(({ status, clause }) => `${status} ${clause}`));
  });

  it('on the 237 rules of AWS Control Tower and templates made for them', { timeout: 120_000 }, () => {
    const rules = controlTowerRules();
    expect(rules).toHaveLength(237);
    const templates = generatedTemplates(
      rules.map(({ text, file }) => compiled(text, file)),
      36,
    );
    const texts = rules.map(({ text }) => text);
    expect(expectAgreement(texts, [...templates, ...TEMPLATES])).toBeGreaterThan(230);
  });

  it('on generated rules and documents', { timeout: 120_000 }, () => {
    const batch = fc.record({
      rules: fc.array(ruleFile, { minLength: 30, maxLength: 30 }),
      documents: fc.array(document, { minLength: 4, maxLength: 4 }),
    });
    let compared = 0;
    fc.assert(
      fc.property(batch, ({ rules, documents }) => {
        const judged = rules.filter((text) => isJudged(text, documents));
        if (judged.length > 0) compared += expectAgreement(judged.map(uniqueNames), documents);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(RUNS * 15);
  });
});

/** cfn-guard ends its whole run at a rule that Cordon calls an error. */
function isJudged(text: string, documents: readonly Json[]): boolean {
  const guard = compiled(text);
  return documents.every((each) => evaluate(guard, each).every(({ status }) => status !== 'ERROR'));
}

/** Verdicts are told apart by the names of rules, so every file gets names of its own. */
function uniqueNames(text: string, index: number): string {
  return text.replace(/\b(one|two|three)\b/g, `$1_${index}`);
}

/** Templates that reach the deepest clauses: resources of a few types each, drawn from what the rules ask of them. */
function generatedTemplates(guards: readonly CompiledGuard[], count: number): Json[] {
  const random = randomNumbers(2026);
  const shapes = guards.flatMap(({ file }) => [...resourceShapes(file)]);
  return Array.from({ length: count }, (_, index) => {
    const chaos: Chaos = {
      random,
      missing: (index % 4) * 0.08,
      noise: (index % 5) * 0.03,
      aborting: index % 3 === 0,
    };
    const resources: Record<string, Json> = {};
    for (let resource = 0; resource < 6; resource++) {
      const [type, shape] = shapes[Math.floor(random() * shapes.length)] ?? [];
      if (type === undefined || shape === undefined) continue;
      const drawn = documentValue(shape, { ...chaos, noise: 0 });
      const members = typeof drawn === 'object' && drawn !== null && !Array.isArray(drawn) ? drawn : {};
      resources[`Resource${resource}`] = { ...members, Type: type };
    }
    return { AWSTemplateFormatVersion: '2010-09-09', Resources: resources };
  });
}

interface Difference {
  readonly rules: string;
  readonly on: Json;
  readonly cfnGuard: string;
  readonly cordon: string;
}

/** The differences that `docs/guard.md` argues for, one by one. */
const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'empty on a number or null: an error of this rule, not the end of the run': {
    rules: 'rule r { Size empty }\nrule other { Size exists }',
    on: { Size: 1 },
    cfnGuard: 'aborts',
    cordon: 'other PASS, r ERROR',
  },
  'a filter behind a filter': {
    rules: 'rule r { List[ a == 1 ][ b == 2 ] !empty }',
    on: { List: [{ a: 1, b: 2 }] },
    cfnGuard: 'aborts',
    cordon: 'r PASS',
  },
  'a filter behind an index': {
    rules: 'rule r { List[0][ a == 1 ] !empty }',
    on: { List: [{ a: 1 }] },
    cfnGuard: 'aborts',
    cordon: 'r PASS',
  },
  'a rule that needs itself': {
    rules: 'rule r {\n r\n}',
    on: {},
    cfnGuard: 'aborts',
    cordon: 'r ERROR',
  },
  'a rule that nothing defines': {
    rules: 'rule r {\n nothing\n}\nrule other { this exists }',
    on: {},
    cfnGuard: 'aborts',
    cordon: 'other PASS, r ERROR',
  },
  'a type block in a document without resources': {
    rules: 'rule r { AWS::S3::Bucket { Properties exists } }\nrule other { a exists }',
    on: { a: 1 },
    cfnGuard: 'aborts',
    cordon: 'other PASS, r ERROR',
  },
  'parse_epoch and now, which came with 3.2': {
    rules: 'rule r { let t = parse_epoch(Date)\n let n = now()\n %t == 1767225600\n %n > %t }',
    on: { Date: '2026-01-01T00:00:00Z' },
    cfnGuard: 'no rules',
    cordon: 'r PASS',
  },
  'a look ahead has no linear time': {
    rules: 'rule r { Name == /^(?!x)/ }\nrule other { Name exists }',
    on: { Name: 'abc' },
    cfnGuard: 'other PASS, r PASS',
    cordon: 'other PASS, r ERROR',
  },
  'the name of a rule at the end of a block': {
    rules: 'rule a { this exists }\nrule r { a }',
    on: {},
    cfnGuard: 'no rules',
    cordon: 'a PASS, r PASS',
  },
  'a name that begins like a keyword': {
    rules: 'rule r { Flag == trueish }',
    on: { Flag: 1, trueish: 1 },
    cfnGuard: 'no rules',
    cordon: 'r PASS',
  },
  'TRUE, which 3.1.1 takes for the name of a key': {
    rules: 'rule r { Flag == TRUE }',
    on: { Flag: true },
    cfnGuard: 'r FAIL',
    cordon: 'r PASS',
  },
  'a negated class inside a class, beyond ASCII': {
    rules: 'rule r { Name == /^[^\\W]+$/ }',
    on: { Name: 'é' },
    cfnGuard: 'r PASS',
    cordon: 'r FAIL',
  },
  'a condition that cannot be judged beside one that cannot hold': {
    rules: "let b = Resources.*[ Type == 'X' ]\nrule r when Size empty\n %b !empty { this exists }",
    on: { Size: 1, Resources: { A: { Type: 'Y' } } },
    cfnGuard: 'aborts',
    cordon: 'r SKIP',
  },
  'a number with an exponent': {
    rules: 'rule r { Ratio < 1e3 }',
    on: { Ratio: 1.5 },
    cfnGuard: 'no rules',
    cordon: 'r PASS',
  },
  'a blank before a quoted key': {
    rules: "rule r { Map[ 'a' ] exists }",
    on: { Map: { a: 1 } },
    cfnGuard: 'no rules',
    cordon: 'r PASS',
  },
  'keys captured by a keys filter': {
    rules: "rule r { Map[ name | keys == /a/ ] exists\n %name == 'a' }",
    on: { Map: { a: 1 } },
    cfnGuard: 'aborts',
    cordon: 'r PASS',
  },
};

describe.skipIf(CFN_GUARD === undefined)('cfn-guard 3.1.1 and Cordon differ, as docs/guard.md argues', () => {
  it.each(Object.entries(DIFFERENCES))('%s', (_, { rules, on, cfnGuard: expected, cordon }) => {
    const told = (statuses: Statuses): string =>
      Object.entries(plain(statuses))
        .map((pair) => pair.join(' '))
        .join(', ') || 'no rules';
    const theirs = cfnGuard([rules], [on]);
    expect('aborted' in theirs ? theirKind(theirs.aborted) : told(theirs[0] ?? new Map())).toBe(expected);
    expect(told(statusesOf([compiled(rules)], on))).toBe(cordon);
  });
});

/** A rule file that does not parse is said so and passed over; anything else ends the run. */
function theirKind(aborted: string): string {
  return /^Parsing error|Parse Error/i.test(aborted) ? 'no rules' : 'aborts';
}
