import { Command } from 'commander';
import type { Problem } from '../../model/problem.ts';
import { EXIT } from '../exit.ts';
import {
  type CommonOptions,
  configFromOptions,
  configOption,
  jsonOption,
  reportProblems,
  valueOrExit,
} from '../options.ts';
import { plural, print, printJson, styled } from '../terminal.ts';
import { rulesExplainCommand } from './rules-explain.ts';
import { rulesListCommand } from './rules-list.ts';
import { rulesRearmCommand } from './rules-rearm.ts';
import { rulesTestCommand } from './rules-test.ts';

export function rulesCommand(): Command {
  return new Command('rules')
    .summary('list, check, test and explain Sigma rules')
    .addCommand(rulesListCommand())
    .addCommand(rulesCheckCommand())
    .addCommand(rulesTestCommand())
    .addCommand(rulesExplainCommand())
    .addCommand(rulesRearmCommand());
}

function rulesCheckCommand(): Command {
  return new Command('check')
    .summary('find what is wrong in rules, without running them')
    .description(
      'Reads and compiles the rules of folders and files and shows every fault where it stands. Lists of the configuration are known; a rule that names another list is a fault. Exit code 1 when there is one.',
    )
    .argument('<paths...>', 'folders and files of rules')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(check);
}

async function check(paths: string[], options: CommonOptions): Promise<void> {
  const config = await configFromOptions(options);
  const { ruleContext } = await import('../../hosts/setup.ts');
  const { yamlFiles } = await import('../../hosts/yaml-files.ts');
  const { buildRuleSet } = await import('../../detect/rules.ts');
  const { placeholders, pipelines } = valueOrExit(ruleContext(config), options);
  const unread: Problem[] = [];
  const sources = paths.flatMap((path) => yamlFiles(path, unread));
  if (unread.length > 0) valueOrExit({ ok: false, problems: unread }, options);
  const { rules, correlations, problems } = buildRuleSet(sources, placeholders, pipelines);
  if (problems.length > 0) process.exitCode = EXIT.no;
  if (options.json) {
    printJson({ files: sources.length, rules: rules.length + correlations.length, problems });
    return;
  }
  reportProblems(problems, false);
  const read = `${plural(rules.length + correlations.length, 'rule')} in ${plural(sources.length, 'file')}`;
  print(
    problems.length === 0
      ? `${styled(['bold', 'green'], '✓')} ${read}, nothing wrong`
      : `${styled(['bold', 'red'], '✗')} ${plural(problems.length, 'fault')}; ${read} can be used`,
  );
}
