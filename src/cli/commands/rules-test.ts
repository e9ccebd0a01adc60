import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import type { AttackCoverage } from '../../detect/rule-cases-coverage.ts';
import type { CaseSuite } from '../../detect/rule-cases-junit.ts';
import type { RuleTest } from '../../hosts/rule-test.ts';
import type { Problem } from '../../model/problem.ts';
import { printDiagnosis } from '../diagnosis.ts';
import { EXIT } from '../exit.ts';
import { type CommonOptions, configFromOptions, configOption, jsonOption, valueOrExit } from '../options.ts';
import { plural, print, printJson, safe, shortPath, styled } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly junit?: string;
}

export function rulesTestCommand(): Command {
  return new Command('test')
    .summary('run the events beside each rule: what must match, and what must not')
    .description(
      'A rule X.yml has its cases beside it, in X.events.yml. Prints every case that fails with the branch that decided, then how much of the rules and of ATT&CK is covered. Without paths: the rules in the box and those that the configuration names.',
    )
    .argument('[paths...]', 'folders and files of rules, or files of cases')
    .option('--junit <file>', 'write the results as JUnit XML')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(run);
}

async function run(paths: string[], options: Options): Promise<void> {
  const config = await configFromOptions(options);
  const { ruleContext, rulePaths } = await import('../../hosts/setup.ts');
  const { ruleFiles } = await import('../../hosts/rule-files.ts');
  const { testRules } = await import('../../hosts/rule-test.ts');
  const { addressSet } = await import('../../intel/address-set.ts');
  const { placeholders, pipelines } = valueOrExit(ruleContext(config), options);
  const unread: Problem[] = [];
  const files = ruleFiles(paths.length > 0 ? paths : rulePaths(config), unread);
  if (unread.length > 0) valueOrExit({ ok: false, problems: unread }, options);
  const ownNetworks = addressSet(config.networks);
  const test = valueOrExit(testRules(files, placeholders, pipelines, { ownNetworks }), options);
  if (options.junit !== undefined) {
    const { junitReport } = await import('../../detect/rule-cases-junit.ts');
    writeFileSync(options.junit, junitReport(test.suites));
  }
  if (test.suites.some(({ results }) => results.some(({ passed }) => !passed))) process.exitCode = EXIT.no;
  if (options.json) printJson(test);
  else show(test);
}

function show({ suites, rules, withoutCases, coverage }: RuleTest): void {
  for (const suite of suites) showFailures(suite);
  const results = suites.flatMap((suite) => suite.results);
  const failed = results.filter(({ passed }) => !passed).length;
  const mark = failed === 0 ? styled(['bold', 'green'], '✓') : styled(['bold', 'red'], '✗');
  print(
    `${mark} ${plural(results.length, 'case')} of ${plural(rules - withoutCases.length, 'rule')}: ` +
      `${results.length - failed} right, ${failed} wrong`,
  );
  print(`  ${plural(withoutCases.length, 'rule')} without a case`);
  for (const id of withoutCases) print(`    ${safe(id)}`);
  showCoverage(coverage);
}

function showFailures({ file, results }: CaseSuite): void {
  for (const { name, expected, passed, line, message, why } of results) {
    if (passed) continue;
    const should = expected === 'match' ? 'should match' : 'should not match';
    print(`${styled(['bold', 'red'], '✗')} ${styled('bold', name)} ${styled('dim', `(${should})`)}`);
    print(`  ${shortPath(casesFileOf(file))}:${line}: ${safe(message)}`);
    printDiagnosis(why, '    ');
    print();
  }
}

const casesFileOf = (file: string): string => file.replace(/\.ya?ml$/, '.events.yml');

const BAR_WIDTH = 24;
const TECHNIQUES_A_LINE = 6;

function showCoverage({ tactics, techniques, without }: AttackCoverage): void {
  const most = Math.max(1, ...tactics.map(({ rules }) => rules));
  print(`\n${styled('bold', 'ATT&CK tactics')}`);
  for (const { tactic, rules } of tactics) {
    const bar = '█'.repeat(Math.round((rules / most) * BAR_WIDTH));
    print(`  ${tactic.padEnd(22)}${String(rules).padStart(5)}  ${styled('cyan', bar)}`);
  }
  print(
    `\n${styled('bold', 'ATT&CK techniques')}  ${styled('dim', `${techniques.length}, with the rules for each`)}`,
  );
  for (let at = 0; at < techniques.length; at += TECHNIQUES_A_LINE) {
    const line = techniques.slice(at, at + TECHNIQUES_A_LINE);
    print(`  ${line.map(({ technique, rules }) => `${technique} ${rules}`.padEnd(15)).join('')}`.trimEnd());
  }
  if (without.length > 0)
    print(`  ${plural(without.length, 'rule')} without a technique: ${safe(without.join(', '))}`);
}
