import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { configOf } from '../src/config/config.ts';
import { TACTICS, tacticsOf, techniquesOf } from '../src/detect/rule-cases-coverage.ts';
import { findingRules } from '../src/detect/rule-cases-run.ts';
import { buildRuleSet } from '../src/detect/rules.ts';
import { FORMATS } from '../src/formats/registry.ts';
import { ruleFiles } from '../src/hosts/rule-files.ts';
import { testRules } from '../src/hosts/rule-test.ts';
import { ruleContext } from '../src/hosts/setup.ts';
import { addressSet } from '../src/intel/address-set.ts';
import { type Problem, renderProblem } from '../src/model/problem.ts';

const FOLDER = fileURLToPath(new URL('../rules', import.meta.url));
const config = configOf({}, FOLDER);
const context = ruleContext(config);
if (!context.ok) throw new Error(context.problems.map(renderProblem).join('\n'));
const { placeholders, pipelines } = context.value;

const unread: Problem[] = [];
const files = ruleFiles([FOLDER], unread);
const set = buildRuleSet(
  files.map(({ source }) => source),
  placeholders,
  pipelines,
);
const rules = findingRules(set);
const tested = testRules(files, placeholders, pipelines, { ownNetworks: addressSet(config.networks) });

describe('the rules in the box', () => {
  it('can all be read', () => {
    expect([...unread, ...set.problems].map(renderProblem)).toEqual([]);
    expect(tested.ok ? [] : tested.problems.map(renderProblem)).toEqual([]);
  });

  it('are many, for every log format that people have', () => {
    expect(rules.length).toBeGreaterThan(100);
    const folders = new Set(files.map(({ source }) => relative(FOLDER, dirname(source.file))));
    expect([...folders].sort()).toEqual(
      ['cloudfront', 'cloudtrail', 'elb', 'route53-resolver', 's3-access', 'vpc-flow', 'waf'].sort(),
    );
  });

  it('have cases beside them', () => {
    expect(files.filter(({ cases }) => cases === undefined).map(({ source }) => source.file)).toEqual([]);
    expect(tested.ok && tested.value.withoutCases).toEqual([]);
  });

  it('keep the ids that configurations bind', () => {
    const ids = rules.map(({ id }) => id);
    for (const { rule } of config.bindings) expect(ids).toContain(rule);
    expect(ids).toContain('unexpected-outbound-port');
  });

  it('only rules that serve a correlation are informational', () => {
    const quiet = [...set.rules, ...set.correlations.map((one) => one.rule)].filter(({ id }) =>
      set.quiet.has(id),
    );
    expect(quiet.filter(({ level }) => level !== 'informational').map(({ id }) => id)).toEqual([]);
    expect(rules.filter(({ level }) => level === 'informational').map(({ id }) => id)).toEqual([]);
  });

  it('say nothing of the machine they were written on', () => {
    const texts = files.flatMap(({ source, cases }) => [source.text, cases?.text ?? '']);
    expect(texts.filter((text) => /\/(work|tmp|home|root)\//.test(text))).toEqual([]);
  });
});

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const { attributes, tags, description, document } = rule;

  it('has its id from its file, and says what people ask of a rule', () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(basename(document.source.file)).toBe(`${id}.yml`);
    expect(String(description).length).toBeGreaterThan(40);
    expect(attributes.author).toBe('Cordon');
    expect(attributes.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(attributes.status).toMatch(/^(stable|test|experimental)$/);
    expect(attributes.falsepositives).toEqual(expect.arrayContaining([expect.stringMatching(/.{4}/)]));
    expect(attributes.references).toEqual(expect.arrayContaining([expect.stringMatching(/^https:\/\//)]));
  });

  it('names tactics and techniques of ATT&CK, and a page for each technique', () => {
    expect(tacticsOf(tags).length).toBeGreaterThan(0);
    const techniques = techniquesOf(tags);
    expect(techniques.length).toBeGreaterThan(0);
    expect(tags.length).toBe(tacticsOf(tags).length + techniques.length);
    for (const technique of techniques)
      expect(attributes.references).toContain(
        `https://attack.mitre.org/techniques/${technique.replace('.', '/')}/`,
      );
  });

  it('matches what it must, and leaves alone what it must', () => {
    const suite = tested.ok
      ? tested.value.suites.find(({ file }) => file === document.source.file)
      : undefined;
    const results = (suite?.results ?? []).filter((result) => result.rule === id);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    for (const expected of ['match', 'no_match'])
      expect(results.filter((result) => result.expected === expected).length).toBeGreaterThanOrEqual(2);
    expect(new Set(results.map(({ name }) => name)).size).toBe(results.length);
  });
});

describe('the log sources of the rules', () => {
  it.each(set.rules.map(({ id, logsource }) => [id, logsource] as const))('%s', (_, logsource) => {
    const known = [...FORMATS.values()].map((format) => format.logsource);
    expect(known).toContainEqual(logsource);
  });

  it('tactics are those of the Sigma tags appendix, in hyphens', () => {
    const named = rules.flatMap(({ tags }) => tags.filter((tag) => !/^attack\.t\d/.test(tag)));
    expect(named.filter((tag) => !TACTICS.some((tactic) => tag === `attack.${tactic}`))).toEqual([]);
  });
});
