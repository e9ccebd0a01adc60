import { Command } from 'commander';
import type { Policy } from '../../gate/policy.ts';
import { EXIT } from '../exit.ts';
import { CommandError, type CommonOptions, jsonOption, valueOrExit } from '../options.ts';
import { plural, print, printJson, safe, shortPath, styled } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly policies?: string[];
  readonly defaultPolicies?: boolean;
}

export function policiesCommand(): Command {
  const command = new Command('policies').summary('list, explain and test the policies of the gate');
  command.addCommand(
    withPolicies(new Command('list'))
      .summary('all policies, by what they judge')
      .addOption(jsonOption())
      .action(list),
  );
  command.addCommand(
    withPolicies(new Command('explain'))
      .summary('why a policy is there, how to comply, and its text')
      .argument('<id>', 'id of a policy, or the name of a rule in it')
      .addOption(jsonOption())
      .action(explain),
  );
  command.addCommand(
    withPolicies(new Command('test'))
      .summary('run the Guard unit tests that stand beside the policies')
      .argument('[paths...]', 'Guard files or folders (default: the policies in the box)')
      .addOption(jsonOption())
      .action(test),
  );
  return command;
}

export function withPolicies(command: Command): Command {
  return command
    .option('--policies <paths...>', 'Guard files or folders of your own, beside the policies in the box')
    .option('--no-default-policies', 'without the policies in the box');
}

async function policiesOf(
  { policies = [], defaultPolicies }: Options,
  options: CommonOptions,
): Promise<readonly Policy[]> {
  const { loadPolicies, POLICIES_FOLDER } = await import('../../gate/policies.ts');
  const set = loadPolicies([...(defaultPolicies === false ? [] : [POLICIES_FOLDER]), ...policies]);
  return valueOrExit(
    set.problems.length > 0 ? { ok: false, problems: set.problems } : { ok: true, value: set.policies },
    options,
  );
}

async function list(options: Options): Promise<void> {
  const policies = await policiesOf(options, options);
  if (options.json) {
    for (const { header, source } of policies) printJson({ ...header, file: source.file });
    return;
  }
  const bySubject = Map.groupBy(
    policies,
    ({ header }) => header.resources[0]?.split('::').slice(0, 2).join('::') ?? 'other',
  );
  for (const [subject, group] of [...bySubject].sort(([a], [b]) => (a < b ? -1 : 1))) {
    print(styled('bold', subject));
    for (const { header } of group) {
      print(`  ${header.severity.padEnd(14)}${safe(header.id).padEnd(50)} ${styled('dim', header.title)}`);
    }
  }
  print(`\n${plural(policies.length, 'policy', 'policies')}`);
}

async function explain(id: string, options: Options): Promise<void> {
  const policies = await policiesOf(options, options);
  const { nearest } = await import('../../yaml/nearest.ts');
  const policy = policies.find(
    ({ header, guard }) => header.id === id || guard.rules.some(({ rule }) => rule.name === id),
  );
  if (policy === undefined) {
    const near = nearest(
      id,
      policies.map(({ header }) => header.id),
    );
    throw new CommandError(
      `there is no policy ${safe(id)}${near === undefined ? '' : `; did you mean ${near}?`}`,
      EXIT.no,
    );
  }
  const { header, source } = policy;
  if (options.json) {
    printJson({ ...header, file: source.file, text: source.text });
    return;
  }
  const { wrapped } = await import('../../gate/report/wrap.ts');
  const paragraph = (title: string, text: string): void => {
    if (text === '') return;
    const [first = '', ...rest] = wrapped(safe(text), 80);
    print(`${styled('bold', title.padEnd(12))}${first}`);
    for (const line of rest) print(`${' '.repeat(12)}${line}`);
  };
  print(`${styled('bold', header.title)}\n`);
  paragraph('id', header.id);
  paragraph('severity', header.severity);
  paragraph('judges', header.resources.join(', '));
  paragraph('why', header.why);
  paragraph('fix', header.fix);
  paragraph(
    '--fix sets',
    header.set.map(({ path, value }) => `${path.join('.')} = ${JSON.stringify(value)}`).join('; '),
  );
  paragraph('references', header.references.join(', '));
  paragraph('file', shortPath(source.file));
  print('');
  print(
    source.text
      .replace(/^(#.*\n)+/, '')
      .trim()
      .split('\n')
      .map((line) => safe(line))
      .join('\n'),
  );
}

async function test(paths: string[], options: Options): Promise<void> {
  const own = paths.length > 0 ? { policies: paths, defaultPolicies: false } : options;
  const policies = await policiesOf({ ...options, ...own }, options);
  const { testPolicies } = await import('../../gate/policy-tests.ts');
  const { tests, problems, untested } = testPolicies(policies);
  valueOrExit(problems.length > 0 ? { ok: false, problems } : { ok: true, value: tests }, options);
  const failed = tests.filter(({ passed }) => !passed);
  if (options.json) printJson({ tests: tests.length, failed, untested });
  else {
    for (const { file, test: name, rule, expected, verdicts } of failed) {
      const actual = verdicts.map(({ status }) => status).join(', ');
      print(`${shortPath(file)}: ${styled('red', 'failed')} ${safe(name)}`);
      print(`  ${safe(rule)} is ${actual}, expected ${expected}`);
    }
    for (const id of untested) print(`${styled('yellow', 'untested')} ${safe(id)}`);
    print(
      `${plural(tests.length, 'expectation')} of ${plural(policies.length, 'policy', 'policies')}: ${tests.length - failed.length} hold, ${failed.length} do not`,
    );
  }
  if (failed.length > 0) process.exitCode = EXIT.no;
}
