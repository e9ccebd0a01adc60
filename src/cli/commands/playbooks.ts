import { Command } from 'commander';
import type { Problem } from '../../model/problem.ts';
import type { Playbook } from '../../respond/playbook/playbook.ts';
import { EXIT } from '../exit.ts';
import {
  CommandError,
  type CommonOptions,
  configFromOptions,
  configOption,
  jsonOption,
  reportProblems,
  valueOrExit,
} from '../options.ts';
import { plural, print, printJson, safe, styled } from '../terminal.ts';
import { playbooksDryRunCommand } from './playbooks-dry-run.ts';
import { playbooksShowCommand } from './playbooks-show.ts';

export function playbooksCommand(): Command {
  const command = new Command('playbooks').summary('check, list, draw and rehearse playbooks');
  command.addCommand(checkCommand());
  command.addCommand(listCommand());
  command.addCommand(playbooksShowCommand());
  command.addCommand(playbooksDryRunCommand());
  command.addCommand(
    new Command('schema').summary('the JSON Schema of playbook files, for editors').action(async () => {
      const { ALL_ACTIONS } = await import('../../hosts/actions.ts');
      const { playbookJsonSchema } = await import('../../respond/playbook/json-schema.ts');
      print(JSON.stringify(playbookJsonSchema(ALL_ACTIONS), null, 2));
    }),
  );
  return command;
}

/** A playbook by its name, or of a file. */
export async function playbookOrExit(name: string, options: CommonOptions): Promise<Playbook> {
  const playbooks = /\.ya?ml$/.test(name) ? await ofFiles([name], options) : await ofConfiguration(options);
  const playbook = playbooks.get(name) ?? (/\.ya?ml$/.test(name) ? [...playbooks.values()][0] : undefined);
  if (playbook !== undefined) return playbook;
  const { nearest } = await import('../../yaml/nearest.ts');
  const near = nearest(name, playbooks.keys());
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new CommandError(`there is no playbook ${safe(name)}${hint}`, EXIT.no);
}

async function ofConfiguration(options: CommonOptions): Promise<ReadonlyMap<string, Playbook>> {
  const config = await configFromOptions(options);
  const { readPlaybooks } = await import('../../hosts/playbook-files.ts');
  const problems: Problem[] = [];
  const playbooks = readPlaybooks(config, problems);
  return valueOrExit(problems.length > 0 ? { ok: false, problems } : { ok: true, value: playbooks }, options);
}

async function ofFiles(
  paths: readonly string[],
  options: CommonOptions,
): Promise<ReadonlyMap<string, Playbook>> {
  const { parsePlaybooks } = await import('../../hosts/playbook-files.ts');
  const { yamlFiles } = await import('../../hosts/yaml-files.ts');
  const problems: Problem[] = [];
  const sources = paths.flatMap((path) => yamlFiles(path, problems));
  const playbooks = parsePlaybooks(sources, problems);
  return valueOrExit(problems.length > 0 ? { ok: false, problems } : { ok: true, value: playbooks }, options);
}

function checkCommand(): Command {
  return new Command('check')
    .summary('say what is wrong in playbooks')
    .description(
      'Reads playbooks and shows every fault where it stands: also an irreversible action without sealed evidence before it. Exit code 1 when there is one.',
    )
    .argument('[paths...]', 'files and folders (default: the playbooks in the box and of the configuration)')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(check);
}

async function check(paths: string[], options: CommonOptions): Promise<void> {
  const { parsePlaybooks, playbookPaths } = await import('../../hosts/playbook-files.ts');
  const { yamlFiles } = await import('../../hosts/yaml-files.ts');
  const unread: Problem[] = [];
  const wanted = paths.length > 0 ? paths : playbookPaths(await configFromOptions(options));
  const sources = wanted.flatMap((path) => yamlFiles(path, unread));
  if (unread.length > 0) valueOrExit({ ok: false, problems: unread }, options);
  const problems: Problem[] = [];
  const playbooks = parsePlaybooks(sources, problems);
  if (problems.length > 0) process.exitCode = EXIT.no;
  if (options.json) printJson({ files: sources.length, playbooks: [...playbooks.keys()], problems });
  else {
    if (problems.length > 0) reportProblems(problems, false);
    print(
      `${plural(sources.length, 'file')}: ${plural(playbooks.size, 'playbook')}, ${plural(problems.length, 'fault')}`,
    );
  }
}

function listCommand(): Command {
  return new Command('list')
    .summary('the playbooks in the box and of the configuration')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(list);
}

async function list(options: CommonOptions): Promise<void> {
  const playbooks = [...(await ofConfiguration(options)).values()];
  if (options.json) {
    for (const { name, title, subjects, inputs, version, source } of playbooks)
      printJson({ name, title, subjects, inputs, version, file: source.file });
    return;
  }
  const width = Math.max(0, ...playbooks.map(({ name }) => name.length));
  for (const { name, title, subjects } of playbooks) {
    const about = subjects.length === 0 ? 'anything' : subjects.join(', ');
    print(`${styled('bold', name.padEnd(width))}  ${safe(title)}  ${styled('dim', about)}`);
  }
  print(styled('dim', plural(playbooks.length, 'playbook')));
}
