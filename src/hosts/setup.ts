import { join, resolve } from 'node:path';
import { CONFIG_FILE, type Config } from '../config/config.ts';
import { findingRules } from '../detect/rule-cases-run.ts';
import type { RuleSet } from '../detect/rule-set.ts';
import { buildRuleSet } from '../detect/rules.ts';
import type { ThreatLists } from '../intel/threat-lists.ts';
import { failed, ok, type Problem, problemOfFile, type Result } from '../model/problem.ts';
import type { Binding } from '../respond/intake.ts';
import type { Playbook } from '../respond/playbook/playbook.ts';
import { type Pipeline, parsePipeline, pipelinePlaceholders } from '../sigma/pipeline.ts';
import type { Placeholder, Placeholders } from '../sigma/placeholder.ts';
import { problemAtPath } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import { BOX } from './box.ts';
import { unknownGuardrailNames } from './guardrail-names.ts';
import { BAD_IPS, openLists } from './lists.ts';
import { misfits, readPlaybooks } from './playbook-files.ts';
import type { SharedPlaceholder } from './scan.ts';
import { yamlFiles } from './yaml-files.ts';

/** Everything that is read once, before anything runs. */
export interface Setup {
  readonly config: Config;
  readonly rules: RuleSet;
  readonly playbooks: ReadonlyMap<string, Playbook>;
  readonly lists: ThreatLists;
  /** The placeholders as they are now, for another thread. */
  shared(): ReadonlyMap<string, SharedPlaceholder>;
  bindingOf(ruleId: string): Binding;
}

/** Ports that need no word: name resolution, time, and the web. */
const EXPECTED_PORTS = [53, 80, 123, 443];

/**
 * Reads rules, lists and playbooks; every fault of every file is reported at once. `paths` are the rules
 * instead of those of the configuration, whose bindings may then name rules that are not there.
 */
export function setUp(config: Config, paths?: readonly string[]): Result<Setup> {
  const problems: Problem[] = [];
  const pipelines = readPipelines(config, problems);
  const { placeholders, lists, shared } = readLists(config, pipelines, problems);
  const ruleSources = (paths ?? rulePaths(config)).flatMap((path) => yamlFiles(path, problems));
  const rules = buildRuleSet(ruleSources, placeholders, pipelines);
  problems.push(...rules.problems);
  const playbooks = readPlaybooks(config, problems);
  const ids = findingRules(rules).map(({ id }) => id);
  if (rules.problems.length === 0 && paths === undefined)
    problems.push(
      ...unknownNames(config, ids, [...playbooks.keys()]),
      ...misfits(config, rules, playbooks),
      ...unknownGuardrailNames(config, ids),
    );
  if (problems.length > 0) return failed(problems);

  const bindings = new Map(
    config.bindings.map(({ rule, playbook, mode, with: given }): [string, Binding] => [
      rule,
      { mode, ...(playbook ? { playbook } : {}), ...(given ? { with: given } : {}) },
    ]),
  );
  return ok({
    config,
    rules,
    playbooks,
    lists,
    shared,
    bindingOf: (ruleId) => bindings.get(ruleId) ?? { mode: 'record' },
  });
}

/** The folders and files of the rules: those in the box and those that the configuration names. */
export function rulePaths({ builtinRules, rules, base }: Config): string[] {
  return [...(builtinRules ? [join(BOX, 'rules')] : []), ...rules.map((path) => resolve(base, path))];
}

/** What rules are read with. */
export interface RuleContext {
  /** What `%name%` stands for. */
  readonly placeholders: Placeholders;
  /** In the order in which they are applied. */
  readonly pipelines: readonly Pipeline[];
}

/** What rules are read with, without the rules. */
export function ruleContext(config: Config): Result<RuleContext> {
  const problems: Problem[] = [];
  const pipelines = readPipelines(config, problems);
  const { placeholders } = readLists(config, pipelines, problems);
  return problems.length > 0 ? failed(problems) : ok({ placeholders, pipelines });
}

/**
 * The pipeline in the box first, so that those of the configuration see the names of AWS; and once more
 * after them, so that they may use any other. It leaves the names of AWS as they are.
 */
function readPipelines(config: Config, problems: Problem[]): Pipeline[] {
  const parse = (path: string): Pipeline[] =>
    yamlFiles(path, problems).flatMap((source) => {
      const read = parsePipeline(source);
      if (read.ok) return [read.value];
      problems.push(...read.problems);
      return [];
    });
  const own = config.pipelines.flatMap((path) => parse(resolve(config.base, path)));
  const box = parse(join(BOX, 'pipelines'));
  return [...box, ...own.sort((a, b) => a.priority - b.priority), ...(own.length === 0 ? [] : box)];
}

function readLists(
  config: Config,
  pipelines: readonly Pipeline[],
  problems: Problem[],
): Pick<Setup, 'lists' | 'shared'> & { readonly placeholders: Placeholders } {
  const lists = openLists(config);
  problems.push(...lists.problems);
  const missing = lists.missing();
  for (const name of missing) {
    const message = `nothing of list ${name} is here yet`;
    const fix = 'cordon intel update';
    problems.push(
      config.document === undefined
        ? problemOfFile(CONFIG_FILE, message, { fix })
        : problemAtPath(config.document, ['lists', name], message, { fix, at: 'key' }),
    );
  }
  const values = new Map<string, readonly (string | number)[]>([
    ['expected_ports', EXPECTED_PORTS],
    ['service_ports', []],
    // Of the rules in the box: empty until somebody fills them.
    ['tor_nodes', []],
    ['trusted_accounts', []],
    ['trusted_layer_accounts', []],
    ['unused_regions', []],
  ]);
  for (const [name, one] of pipelinePlaceholders(pipelines)) {
    if (one.kind === 'values') values.set(name, one.values);
  }
  const lookups = new Map([[BAD_IPS, lists.lookup([BAD_IPS])]]);
  for (const [name, list] of Object.entries(config.lists)) {
    values.delete(name);
    lookups.delete(name);
    if (list.literal) values.set(name, list.values ?? []);
    else lookups.set(name, lists.lookup(list.lists ?? [name]));
  }
  const literal = [...values].map(([name, one]) => [name, { kind: 'values', values: one }] as const);
  return {
    lists,
    placeholders: new Map<string, Placeholder>([
      ...literal,
      ...[...lookups].map(([name, lookup]) => [name, { kind: 'lookup', ...lookup }] as const),
    ]),
    shared: () =>
      new Map<string, SharedPlaceholder>([
        ...literal,
        ...[...lookups].map(([name, one]) => [name, { kind: 'lookup', lookup: one.toShared() }] as const),
      ]),
  };
}

function unknownNames({ bindings, document }: Config, ruleIds: string[], playbookNames: string[]): Problem[] {
  if (document === undefined) return [];
  return bindings.flatMap(({ rule, playbook }, index) => {
    const unknown = (key: 'rule' | 'playbook', name: string, known: string[]): Problem[] =>
      known.includes(name)
        ? []
        : [
            problemAtPath(document, ['bindings', index, key], `there is no ${key} ${name}`, {
              expected: known.join(', '),
              fix: nearest(name, known),
            }),
          ];
    return [
      ...unknown('rule', rule, ruleIds),
      ...(playbook === undefined ? [] : unknown('playbook', playbook, playbookNames)),
    ];
  });
}
