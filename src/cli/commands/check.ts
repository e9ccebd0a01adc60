import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CheckOptions, CheckResult, Judge } from '../../gate/check.ts';
import type { Policy } from '../../gate/policy.ts';
import { FORMATS, type Format, type Report } from '../../gate/report/report.ts';
import type { Severity } from '../../gate/severity.ts';
import { LEVELS } from '../../model/finding.ts';
import type { Problem } from '../../model/problem.ts';
import { EXIT } from '../exit.ts';
import { rendered, versionOf } from '../gate-report.ts';
import { CommandError, jsonOption, valueOrExit } from '../options.ts';
import { complain, plural, shortPath } from '../terminal.ts';
import { withPolicies } from './policies.ts';

interface Options {
  readonly policies?: string[];
  readonly defaultPolicies: boolean;
  readonly format?: Format[];
  readonly output?: string[];
  readonly failOn: Severity;
  readonly strict?: true;
  readonly parameters?: string[];
  readonly region?: string;
  readonly account?: string;
  readonly allValues?: true;
  readonly suppressions?: string[];
  readonly baseline?: string;
  readonly writeBaseline?: true;
  readonly fix?: true;
  readonly diff?: string;
  readonly checksFile?: string;
  readonly templateFile?: string;
  readonly json?: true;
}

const DEFAULT_BASELINE = '.cordon-baseline.json';

export function checkCommand(): Command {
  return withPolicies(new Command('check'))
    .summary('judge templates, CDK assemblies and Terraform plans before they are deployed')
    .description(
      'Judges CloudFormation templates (JSON, YAML, SAM), CDK assemblies (cdk.out) and Terraform plans (terraform show -json) by the policies in the box and your own, which are written in the AWS CloudFormation Guard language.',
    )
    .argument('[paths...]', 'files, folders or globs; - is standard input (default: this folder)')
    .addOption(
      new Option(
        '-f, --format <formats...>',
        `how to report: ${FORMATS.join(', ')}; several at once`,
      ).choices(FORMATS),
    )
    .option(
      '-o, --output <files...>',
      'write the formats to these files, in the same order; the others are printed',
    )
    .addOption(
      new Option('--fail-on <severity>', 'lowest severity that fails').choices(LEVELS).default('low'),
    )
    .option('--strict', 'also fail on what cannot be decided')
    .option(
      '-p, --parameters <values...>',
      'Name=value, or files of parameters as the AWS CLI and CodePipeline have them',
    )
    .option('--region <region>', 'value of AWS::Region (default: unknown)')
    .option('--account <id>', 'value of AWS::AccountId (default: unknown)')
    .option('--all-values', 'judge every AllowedValues also of parameters that have a default')
    .option('--suppressions <files...>', 'accepted findings: a list of id, reason, until, resource, file')
    .option('--baseline <file>', 'only findings that are not in this file fail')
    .option('--write-baseline', `write the findings to the baseline (default: ${DEFAULT_BASELINE}) and pass`)
    .option('--fix', 'put right what has one right answer, in the files')
    .option('--diff <revision>', 'only what changed since this git revision')
    .option('--checksFile <file>', 'judge by a checks file of aws-cf-checker instead of policies')
    .addOption(
      new Option(
        '--templateFile <file>',
        'as aws-cf-checker has it: the template; without it standard input',
      ).argParser(given),
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Exit codes: 0 no findings, 1 findings, 2 something could not be judged.

Examples:
  cordon check templates/ --fail-on medium
  cordon check cdk.out --format text sarif --output /dev/stdout cordon.sarif
  terraform show -json plan | cordon check -
  cordon check template.yaml --parameters prod.json --diff origin/main`,
    )
    .action(run);
}

function given(text: string): string {
  if (text === '') throw new InvalidArgumentError('It names a file.');
  return text;
}

async function run(paths: string[], options: Options): Promise<void> {
  const { readFileSync } = await import('node:fs');
  const { findInputs } = await import('../../gate/inputs.ts');
  const { check } = await import('../../gate/check.ts');
  const compatible = options.checksFile !== undefined;
  const asked = options.templateFile === undefined ? paths : [options.templateFile, ...paths];
  const where = asked.length > 0 ? asked : [compatible ? '-' : '.'];
  const outputs = outputsOf(options);
  const { judge, policies, problems } = await judgeOf(options);
  const standardInput = { text: undefined as string | undefined };
  const readStandardInput = (): string => (standardInput.text ??= readFileSync(0, 'utf8'));
  const checkOptions = await checkOptionsOf(options, judge);
  const attempt = (): { result: CheckResult; problems: readonly Problem[] } => {
    const found = findInputs(where, readStandardInput);
    const result = check({ ...checkOptions, inputs: found.inputs });
    return { result, problems: [...problems, ...found.problems, ...result.problems] };
  };
  let outcome = attempt();
  if (options.fix) {
    const fixed = await fixAll(outcome.result, policies);
    if (fixed > 0) outcome = attempt();
    complain(
      fixed === 0
        ? 'Nothing could be put right without a choice.'
        : `Put right: ${plural(fixed, 'finding')}.`,
    );
  }
  const report: Report = {
    ...outcome.result,
    problems: outcome.problems,
    policies: compatible ? 0 : policies.length,
    failOn: options.failOn,
    version: await versionOf(),
  };
  if (options.writeBaseline) {
    const { writeBaseline } = await import('../../gate/baseline.ts');
    const file = options.baseline ?? DEFAULT_BASELINE;
    const findings = report.findings.filter(({ suppressed }) => suppressed === undefined);
    writeBaseline(file, findings);
    complain(`${plural(findings.length, 'finding')} written to ${shortPath(file)}.`);
  } else for (const { format, file } of outputs) await write(report, format, file, options.json === true);
  process.exitCode = await exitCodeOf(report, options);
}

async function exitCodeOf(report: Report, { strict, writeBaseline }: Options): Promise<number> {
  const { failing } = await import('../../gate/report/report.ts');
  const { counts } = await import('../../gate/finding.ts');
  const open = report.findings.filter(counts);
  if (report.problems.length > 0 || open.some(({ verdict }) => verdict === 'error')) return EXIT.badInput;
  if (writeBaseline) return EXIT.ok;
  const fails = failing(report).length > 0 || (strict && open.some(({ verdict }) => verdict === 'undecided'));
  return fails ? EXIT.no : EXIT.ok;
}

/** Formats and files in pairs; a file without a format says it by its ending. */
function outputsOf({ format, output = [], json }: Options): { format: Format; file: string | undefined }[] {
  const formats: Format[] = format ?? (json ? ['json'] : []);
  const byEnding = output.slice(formats.length).map(formatOf);
  const all = [...formats, ...byEnding].map((one, index) => ({ format: one, file: output[index] }));
  if (formats.length === 0) all.unshift({ format: 'text', file: undefined });
  if (all.filter(({ file }) => file === undefined).length > 1) {
    throw new CommandError(
      'several formats cannot be printed at once: give --output files for all but one',
      EXIT.badInput,
    );
  }
  return all;
}

function formatOf(file: string): Format {
  if (/\.sarif(\.json)?$/.test(file)) return 'sarif';
  if (file.endsWith('.xml')) return 'junit';
  if (file.endsWith('.md')) return 'markdown';
  if (file.endsWith('.json')) return 'json';
  return 'text';
}

async function judgeOf(
  options: Options,
): Promise<{ judge: Judge; policies: readonly Policy[]; problems: readonly Problem[] }> {
  if (options.checksFile !== undefined) {
    const { readChecks } = await import('../../gate/checks/configuration.ts');
    const { judgeByChecks } = await import('../../gate/checks/judge.ts');
    return {
      judge: judgeByChecks(valueOrExit(readChecks(options.checksFile), {})),
      policies: [],
      problems: [],
    };
  }
  const { loadPolicies, POLICIES_FOLDER } = await import('../../gate/policies.ts');
  const { judgeBy } = await import('../../gate/check.ts');
  const folders = [...(options.defaultPolicies ? [POLICIES_FOLDER] : []), ...(options.policies ?? [])];
  const { policies, problems } = loadPolicies(folders);
  return { judge: judgeBy(policies), policies, problems };
}

async function checkOptionsOf(options: Options, judge: Judge): Promise<Omit<CheckOptions, 'inputs'>> {
  const { parametersOf } = await import('../../gate/template/parameters-file.ts');
  const suppressions = [];
  for (const file of options.suppressions ?? []) {
    const { readSuppressions } = await import('../../gate/suppressions.ts');
    const read = valueOrExit(readSuppressions(file), {});
    for (const { file: at, place, text } of read.notes) complain(`${shortPath(at)}:${place.line}: ${text}`);
    suppressions.push(...read.suppressions);
  }
  const { readBaseline } = await import('../../gate/baseline.ts');
  const { gitBase } = await import('../../gate/git-base.ts');
  return {
    given: {
      parameters: valueOrExit(parametersOf(options.parameters ?? []), {}),
      region: options.region,
      account: options.account,
      everyAllowedValue: options.allValues,
    },
    judge,
    suppressions,
    baseline:
      options.baseline === undefined || options.writeBaseline
        ? undefined
        : valueOrExit(readBaseline(options.baseline), {}),
    base: options.diff === undefined ? undefined : gitBase(options.diff),
    tellUnused: options.checksFile === undefined && options.defaultPolicies && options.diff === undefined,
    today: new Date().toISOString().slice(0, 10),
  };
}

async function fixAll(result: CheckResult, policies: readonly Policy[]): Promise<number> {
  const { fixFile } = await import('../../gate/fix.ts');
  const { counts } = await import('../../gate/finding.ts');
  let count = 0;
  for (const [file, findings] of Map.groupBy(result.findings.filter(counts), (finding) => finding.file)) {
    const source = result.sources.get(file);
    if (source === undefined || !result.fixable.has(file) || file.startsWith('<')) continue;
    const fixed = fixFile(source, findings, policies);
    if (fixed === undefined) continue;
    writeFileSync(file, fixed.text);
    count += fixed.fixed.length;
  }
  return count;
}

async function write(
  report: Report,
  format: Format,
  file: string | undefined,
  compact: boolean,
): Promise<void> {
  const text = await rendered(report, format, file === undefined, compact);
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
}
