import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

type Status = 'PASS' | 'FAIL' | 'SKIP';

interface Case {
  readonly name: string;
  readonly input: unknown;
  readonly expectations: { readonly rules: Readonly<Record<string, Status>> };
}

interface Policy {
  readonly service: string;
  readonly rule: string;
  readonly text: string;
  readonly header: ReadonlyMap<string, string>;
  readonly cases: readonly Case[];
}

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const POLICIES = join(PROJECT, 'policies');
const HEADER = ['title', 'id', 'severity', 'why', 'fix', 'references', 'resources'];
const REFERENCE =
  /^(AWS-FSBP|AWS-SecurityHub) [A-Za-z0-9]+\.\d+$|^CIS-AWS-3\.0 \d+(\.\d+)+$|^NIST-800-53 [A-Z]{2}-\d+(\(\d+\))?$/;

/** The comments before the first empty line: `# key: value`, continued by lines that begin with `#   `. */
function readHeader(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of (text.split('\n\n')[0] ?? '').split('\n')) {
    const [, key, value] = /^# ([a-z]+): (.+)$/.exec(line) ?? [];
    const [, more] = /^# {3}(\S.*)$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) {
      fields.set(key, value);
      last = key;
    } else if (more !== undefined && last !== '') fields.set(last, `${fields.get(last)} ${more}`);
    else throw new Error(`not a header line: ${line}`);
  }
  return fields;
}

function readPolicies(): Policy[] {
  return readdirSync(POLICIES).flatMap((service) =>
    readdirSync(join(POLICIES, service))
      .filter((file) => file.endsWith('.guard'))
      .map((file) => {
        const text = readFileSync(join(POLICIES, service, file), 'utf8');
        const rule = file.replace('.guard', '');
        const tests = readFileSync(join(POLICIES, service, `${rule}.tests.yml`), 'utf8');
        return { service, rule, text, header: readHeader(text), cases: parse(tests) as Case[] };
      }),
  );
}

const policies = readPolicies();
const listed = (policy: Policy, key: string) => (policy.header.get(key) ?? '').split(', ');

describe.each(policies)('$rule', (policy) => {
  it('says what it is', () => {
    expect([...policy.header.keys()]).toEqual(HEADER);
    expect(policy.header.get('id')).toBe(policy.rule.replaceAll('_', '-'));
    expect(['critical', 'high', 'medium', 'low']).toContain(policy.header.get('severity'));
    for (const reference of listed(policy, 'references')) expect(reference).toMatch(REFERENCE);
  });

  it('is one rule, about the resources that it lists, and says what is wrong', () => {
    const body = policy.text.slice(policy.text.indexOf('\n\n'));
    expect(body.match(/^rule (\w+)/gm)).toEqual([`rule ${policy.rule}`]);
    const types = new Set(body.match(/AWS::\w+::\w+/g));
    expect(listed(policy, 'resources').sort()).toEqual([...types].sort());
    expect(body).toMatch(/<< [^>]+ >>/);
  });

  it('has cases that pass, fail and are skipped', () => {
    const statuses = policy.cases.map(({ expectations }) => expectations.rules[policy.rule]);
    expect(new Set(statuses)).toEqual(new Set(['PASS', 'FAIL', 'SKIP']));
    expect(new Set(policy.cases.map(({ name }) => name)).size).toBe(policy.cases.length);
  });
});

describe('the policies', () => {
  it('have ids of their own and lie in the folder of their service', () => {
    expect(policies.length).toBeGreaterThanOrEqual(85);
    expect(new Set(policies.map(({ rule }) => rule)).size).toBe(policies.length);
    expect(
      readdirSync(POLICIES, { recursive: true }).filter((file) => /\.(guard|yml)$/.test(`${file}`)),
    ).toHaveLength(2 * policies.length);
  });

  it('stand in docs/policies.md', () => {
    const rows = readFileSync(join(PROJECT, 'docs/policies.md'), 'utf8')
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter(([, id]) => /^`[a-z0-9-]+`$/.test(id ?? ''))
      .map((cells) => cells.slice(1, -1).join(' | '));
    const expected = policies.map(
      ({ header }) =>
        `\`${header.get('id')}\` | ${header.get('title')} | ${header.get('severity')} | ${header.get('references')}`,
    );
    expect(rows.toSorted()).toEqual(expected.toSorted());
  });
});

const BINARY = join(
  PROJECT,
  'node_modules/@cdklabs/cdk-validator-cfnguard/bin',
  process.platform === 'darwin' ? 'macos' : 'ubuntu',
  process.arch === 'arm64' ? 'aarch64' : 'x86_64',
  'cfn-guard',
);
const runs = spawnSync(BINARY, ['--version']).status === 0;
if (!runs) process.stderr.write(`The unit tests of the policies are skipped: ${BINARY} does not run here.`);

const folder = mkdtempSync(join(tmpdir(), 'cordon-policies-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Evaluated {
  readonly name: string;
  readonly evaluated: Status | readonly Status[];
}
interface Report {
  readonly rule_file: string;
  readonly test_cases?: readonly { readonly name: string; readonly failed_rules: readonly Evaluated[] }[];
}

/**
 * Runs cases of all policies in one process of the reference engine, which wants them in folders of its
 * own form. Returns what differs from the expectation, and fails when the engine gave up on a policy.
 */
async function differences(name: string, casesOf: (policy: Policy) => readonly Case[]): Promise<string[]> {
  const root = join(folder, name);
  const sent = new Map<string, number>();
  for (const policy of policies) {
    const tests = join(root, policy.service, 'tests');
    const cases = casesOf(policy);
    mkdirSync(tests, { recursive: true });
    writeFileSync(join(root, policy.service, `${policy.rule}.guard`), policy.text);
    writeFileSync(join(tests, `${policy.rule}_tests.json`), JSON.stringify(cases));
    sent.set(join(root, policy.service, `${policy.rule}.guard`), cases.length);
  }
  const output = await new Promise<string>((resolve, reject) => {
    const options = { maxBuffer: 2 ** 30 };
    execFile(BINARY, ['test', '--dir', root, '-o', 'json'], options, (_, stdout, stderr) =>
      stderr === '' ? resolve(stdout) : reject(new Error(stderr)),
    );
  });
  const reports = JSON.parse(output) as readonly Report[];
  const judged = new Map(reports.map((report) => [report.rule_file, report.test_cases?.length ?? 0]));
  expect(judged).toEqual(sent);
  return reports.flatMap((report) =>
    (report.test_cases ?? []).flatMap((test) =>
      test.failed_rules.map((failed) => `${failed.name}: ${test.name}: ${failed.evaluated}`),
    ),
  );
}

type Place = readonly (string | number)[];

/** Every place in a document below `Properties` of a resource; what an intrinsic function holds is not opened. */
function* places(value: unknown, at: Place = []): Generator<Place> {
  const inProperties = at.length > 3;
  if (inProperties && isIntrinsic(value)) return;
  if (inProperties) yield at;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (at.length === 2 && key !== 'Properties') continue;
    yield* places(inner, [...at, Array.isArray(value) ? Number(key) : key]);
  }
}

function isIntrinsic(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && Object.keys(value).some((key) => /^(Ref$|Fn::)/.test(key))
  );
}

function replaced(value: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((each, index) => (index === key ? replaced(each, rest, by) : each));
  const record = value as Record<string, unknown>;
  return { ...record, [key]: replaced(record[key], rest, by) };
}

function mutants(policy: Policy, cases: readonly Case[], values: readonly unknown[]): Case[] {
  return cases.flatMap(({ name, input }) =>
    [...places(input)].flatMap((place) =>
      values.map((value) => ({
        name: `${name}, ${place.slice(3).join('.')} is ${JSON.stringify(value)}`,
        input: replaced(input, place, value),
        expectations: { rules: { [policy.rule]: 'PASS' as const } },
      })),
    ),
  );
}

function unique<T>(values: readonly T[], key: (value: T) => string): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}

describe.skipIf(!runs).concurrent('cfn-guard 3.1.1 on the policies', { timeout: 120_000 }, () => {
  it('agrees with every unit test', async () => {
    expect(await differences('tests', ({ cases }) => cases)).toEqual([]);
  });

  it('finds nothing wrong in a value that is not known, wherever it stands', async () => {
    const found = await differences('unknown', (policy) => {
      const fine = policy.cases.filter(({ expectations }) => expectations.rules[policy.rule] !== 'FAIL');
      return unique(mutants(policy, fine, [{ 'Fn::If': ['Condition', 'a', 'b'] }]), ({ input }) =>
        JSON.stringify(input),
      );
    });
    expect(found.filter((difference) => difference.endsWith('FAIL'))).toEqual([]);
  });

  it('judges every document, also with null in any place', async () => {
    await differences('null', (policy) => {
      const all = mutants(policy, policy.cases, [null]);
      return unique(all, ({ name }) => name.slice(name.lastIndexOf(', ')).replaceAll(/\.\d+/g, ''));
    });
  });
});
