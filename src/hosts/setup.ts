import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACTIONS } from '../actions/registry.ts';
import type { Config } from '../config/config.ts';
import { CASES_SUFFIX } from '../detect/rule-cases.ts';
import { buildRuleSet, type RuleSet } from '../detect/rules.ts';
import { addressSet } from '../intel/address-set.ts';
import { parseAddressList } from '../intel/list.ts';
import { failed, ok, type Problem, problemOfFile, type Result, type SourceText } from '../model/problem.ts';
import type { Binding } from '../respond/intake.ts';
import { type Playbook, parsePlaybook } from '../respond/playbook.ts';
import type { Placeholder, Placeholders } from '../sigma/placeholder.ts';
import { problemAtPath } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';

/** Everything that is read once, before anything runs. */
export interface Setup {
  readonly config: Config;
  readonly rules: RuleSet;
  readonly playbooks: ReadonlyMap<string, Playbook>;
  bindingOf(ruleId: string): Binding;
}

/** The folder that holds `rules`, `playbooks` and `lists`: the package's own. */
const BOX = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Ports that need no word: name resolution, time, and the web. */
const EXPECTED_PORTS = [53, 80, 123, 443];

/** Reads rules, lists and playbooks; every fault of every file is reported at once. */
export function setUp(config: Config): Result<Setup> {
  const problems: Problem[] = [];
  const placeholders = readLists(config, problems);
  const ruleSources = rulePaths(config).flatMap((path) => yamlFiles(path, problems));
  const rules = buildRuleSet(ruleSources, placeholders);
  problems.push(...rules.problems);
  const playbooks = new Map<string, Playbook>();
  const playbookSources = [
    join(BOX, 'playbooks'),
    ...config.playbooks.map((path) => resolve(config.base, path)),
  ];
  for (const source of playbookSources.flatMap((path) => yamlFiles(path, problems))) {
    const playbook = parsePlaybook(source, ACTIONS);
    if (playbook.ok) playbooks.set(playbook.value.name, playbook.value);
    else problems.push(...playbook.problems);
  }
  const ids = rules.rules.map(({ id }) => id);
  if (rules.problems.length === 0) problems.push(...unknownNames(config, ids, [...playbooks.keys()]));
  if (problems.length > 0) return failed(problems);

  const bindings = new Map(
    config.bindings.map(({ rule, playbook, mode }): [string, Binding] => [
      rule,
      { mode, ...(playbook ? { playbook } : {}) },
    ]),
  );
  return ok({ config, rules, playbooks, bindingOf: (ruleId) => bindings.get(ruleId) ?? { mode: 'record' } });
}

/** The folders and files of the rules: those in the box and those that the configuration names. */
export function rulePaths({ builtinRules, rules, base }: Config): string[] {
  return [...(builtinRules ? [join(BOX, 'rules')] : []), ...rules.map((path) => resolve(base, path))];
}

/** What `%name%` stands for, without the rules. */
export function placeholdersOf(config: Config): Result<Placeholders> {
  const problems: Problem[] = [];
  const placeholders = readLists(config, problems);
  return problems.length > 0 ? failed(problems) : ok(placeholders);
}

function readLists(config: Config, problems: Problem[]): Placeholders {
  const placeholders = new Map<string, Placeholder>([
    ['expected_ports', { kind: 'values', values: EXPECTED_PORTS }],
    ['service_ports', { kind: 'values', values: [] }],
    // Of the rules in the box: empty until somebody fills them.
    ['tor_nodes', { kind: 'values', values: [] }],
    ['trusted_accounts', { kind: 'values', values: [] }],
    ['trusted_layer_accounts', { kind: 'values', values: [] }],
    ['unused_regions', { kind: 'values', values: [] }],
    ['bad_ips', listFile(join(BOX, 'lists', 'bad-ips.txt'), problems)],
  ]);
  for (const [name, list] of Object.entries(config.lists)) {
    const placeholder: Placeholder = Array.isArray(list)
      ? { kind: 'values', values: list }
      : listFile(resolve(config.base, list.file), problems);
    placeholders.set(name, placeholder);
  }
  return placeholders;
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

function listFile(path: string, problems: Problem[]): Placeholder {
  const text = readText(path, problems);
  const list = parseAddressList({ file: path, text: text ?? '' });
  problems.push(...list.problems);
  return { kind: 'lookup', find: addressSet(list.entries).find };
}

/** The YAML files of a folder, or a file itself; the cases beside rules are no rules. */
export function yamlFiles(path: string, problems: Problem[]): SourceText[] {
  if (!existsSync(path)) {
    problems.push(problemOfFile(path, 'there is no such file or folder'));
    return [];
  }
  const files = statSync(path).isDirectory()
    ? globSync('**/*.{yml,yaml}', { cwd: path })
        .filter((name) => !name.endsWith(CASES_SUFFIX))
        .sort()
        .map((name) => join(path, name))
    : [path];
  return files.flatMap((file) => {
    const text = readText(file, problems);
    return text === undefined ? [] : [{ file, text }];
  });
}

export function readText(path: string, problems: Problem[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    problems.push(problemOfFile(path, `cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`));
    return undefined;
  }
}
