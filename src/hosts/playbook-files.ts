import { join, resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { findingRules, servingRules } from '../detect/rule-cases-run.ts';
import { formatOf, type RuleSet } from '../detect/rule-set.ts';
import { subjectTypes } from '../formats/format.ts';
import type { Problem, SourceText } from '../model/problem.ts';
import { INSTANCE, NETWORK_INTERFACE } from '../model/subject.ts';
import { inputFaults } from '../respond/playbook/inputs.ts';
import { parsePlaybook } from '../respond/playbook/parse.ts';
import { fits, type Playbook } from '../respond/playbook/playbook.ts';
import { problemAtPath } from '../yaml/document.ts';
import { ALL_ACTIONS } from './actions.ts';
import { BOX } from './box.ts';
import { yamlFiles } from './yaml-files.ts';

/** The folders and files of the playbooks: the box, and those that the configuration names. */
export function playbookPaths({ playbooks, base }: Pick<Config, 'playbooks' | 'base'>): string[] {
  return [join(BOX, 'playbooks'), ...playbooks.map((path) => resolve(base, path))];
}

/** The playbooks of the configuration; of two with one name the last. */
export function readPlaybooks(
  config: Pick<Config, 'playbooks' | 'base'>,
  problems: Problem[],
): ReadonlyMap<string, Playbook> {
  const sources = playbookPaths(config).flatMap((path) => yamlFiles(path, problems));
  return parsePlaybooks(sources, problems);
}

export function parsePlaybooks(
  sources: readonly SourceText[],
  problems: Problem[],
): ReadonlyMap<string, Playbook> {
  const playbooks = new Map<string, Playbook>();
  for (const source of sources) {
    const playbook = parsePlaybook(source, ALL_ACTIONS);
    if (playbook.ok) playbooks.set(playbook.value.name, playbook.value);
    else problems.push(...playbook.problems);
  }
  return playbooks;
}

/** Bindings whose playbook can never be run on what their rule finds, or has not what it needs to know. */
export function misfits(
  { bindings, document }: Config,
  rules: RuleSet,
  playbooks: ReadonlyMap<string, Playbook>,
): Problem[] {
  if (document === undefined) return [];
  return bindings.flatMap(({ rule, playbook: name = '', with: given = {} }, index) => {
    const playbook = playbooks.get(name);
    if (playbook === undefined) return [];
    const at = ['bindings', index];
    const inputs = inputFaults(playbook.inputs, given).map(({ name: input, message, expected, fix }) =>
      input === undefined
        ? problemAtPath(document, [...at, 'playbook'], message, { expected })
        : problemAtPath(document, [...at, 'with', input], message, { expected, fix, at: 'key' }),
    );
    const types = typesFound(rules, rule);
    if (types.length === 0 || types.some((type) => fits(playbook, { type }))) return inputs;
    const message = `${name} can never be run on what ${rule} finds: ${types.join(', ')}`;
    const expected = `a playbook for one of these; ${name} is for ${playbook.subjects.join(', ')}`;
    return [...inputs, problemAtPath(document, [...at, 'playbook'], message, { expected })];
  });
}

/** What findings of a rule can be about, as the formats of its logs say. */
function typesFound(rules: RuleSet, id: string): string[] {
  if (!findingRules(rules).some((rule) => rule.id === id)) return [];
  const types = servingRules(rules, id).flatMap(({ logsource }) => {
    const format = formatOf(logsource);
    return format === undefined ? [] : subjectTypes(format);
  });
  // EC2 is asked whose an interface is.
  return [...new Set(types.includes(NETWORK_INTERFACE) ? [...types, INSTANCE] : types)];
}
