import { Command, Option } from 'commander';
import type { LiveStack } from '../../gate/live/stack.ts';
import { FORMATS, type Format, type Report } from '../../gate/report/report.ts';
import type { Severity } from '../../gate/severity.ts';
import { LEVELS } from '../../model/finding.ts';
import { EXIT } from '../exit.ts';
import { rendered, versionOf } from '../gate-report.ts';
import { CommandError, valueOrExit } from '../options.ts';
import { print, safe, styled } from '../terminal.ts';
import { withPolicies } from './policies.ts';

interface Options {
  readonly stack: string;
  readonly changeSet?: string;
  readonly drift: boolean;
  readonly format: Format;
  readonly failOn: Severity;
  readonly region?: string;
  readonly endpoint?: string;
  readonly policies?: string[];
  readonly defaultPolicies: boolean;
}

const POLL = 3_000;
const DRIFT_TIMEOUT = 15 * 60_000;

export function gateCommand(): Command {
  return withPolicies(new Command('gate'))
    .summary('judge a stack as it is in the account, with what was changed beside it, or a change set')
    .requiredOption('--stack <name>', 'name of the stack')
    .option('--change-set <name>', 'a change set of the stack: what it would make of its resources')
    .option('--no-drift', 'do not ask CloudFormation what was changed beside the stack')
    .addOption(new Option('-f, --format <format>', 'how to report').choices(FORMATS).default('text'))
    .addOption(
      new Option('--fail-on <severity>', 'lowest severity that fails').choices(LEVELS).default('low'),
    )
    .option('--region <region>', 'region (default: AWS_REGION)')
    .option('--endpoint <url>', 'a simulated account')
    .addHelpText(
      'after',
      `
Exit codes: 0 no findings, 1 findings, 2 something could not be judged, 3 AWS does not answer.

Examples:
  cordon gate --stack shop
  cordon gate --stack shop --change-set release-7 --format json`,
    )
    .action(run);
}

async function run(options: Options): Promise<void> {
  const region = options.region ?? process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION;
  if (region === undefined) throw new CommandError('the region is not known: give --region', EXIT.badInput);
  const { loadPolicies, POLICIES_FOLDER } = await import('../../gate/policies.ts');
  const folders = [...(options.defaultPolicies ? [POLICIES_FOLDER] : []), ...(options.policies ?? [])];
  const { policies, problems } = loadPolicies(folders);
  const { cloudFormationClient } = await import('../../aws/cloudformation.ts');
  const { readLiveStack } = await import('../../gate/live/stack.ts');
  const cloudformation = cloudFormationClient({ region, endpoint: options.endpoint });
  let live: LiveStack;
  try {
    const read = await readLiveStack({
      cloudformation,
      region,
      stack: options.stack,
      changeSet: options.changeSet,
      drift: options.drift,
      poll: options.endpoint === undefined ? POLL : 50,
      timeout: DRIFT_TIMEOUT,
    });
    live = valueOrExit(read, {});
  } finally {
    cloudformation.destroy();
  }
  const { checkSubject } = await import('../../gate/check.ts');
  const { judge } = await import('../../gate/judge.ts');
  const result = checkSubject(live.subject, (subject) => judge(subject, policies));
  const report: Report = {
    ...result,
    findings: result.findings.filter(
      ({ resource }) => live.changed === undefined || live.changed.has(resource?.logicalId ?? ''),
    ),
    problems,
    policies: policies.length,
    failOn: options.failOn,
    version: await versionOf(),
  };
  const text = await rendered(report, options.format, true, false);
  const { drifted, changes, losses } = live;
  if (options.format === 'json')
    print(JSON.stringify({ ...JSON.parse(text), drifted, changes, losses }, undefined, 2));
  else process.stdout.write(text);
  if (options.format === 'text') printLive(live);
  const { failing } = await import('../../gate/report/report.ts');
  const isIncomplete = problems.length > 0 || report.findings.some(({ verdict }) => verdict === 'error');
  process.exitCode = isIncomplete ? EXIT.badInput : failing(report).length > 0 ? EXIT.no : EXIT.ok;
}

function printLive({ drifted, changes, losses }: LiveStack): void {
  if (drifted.length > 0) print(`\n${styled('bold', 'Changed beside the stack')}`);
  for (const { logicalId, type, state, differences } of drifted) {
    print(`  ${safe(logicalId)}  ${styled('dim', type)}  ${state}`);
    for (const { path, expected, actual } of differences)
      print(`    ${safe(path)}: ${safe(expected, 200)} is now ${safe(actual, 200)}`);
  }
  if (changes.length > 0) print(`\n${styled('bold', 'What the change set does')}`);
  for (const { Action = '', LogicalResourceId = '', ResourceType = '', Replacement } of changes) {
    const loss = losses.find(({ logicalId }) => logicalId === LogicalResourceId);
    const more = Replacement === undefined || Replacement === 'False' ? '' : `, replacement ${Replacement}`;
    const lost = loss === undefined ? '' : `  ${styled('red', 'what it holds would be lost')}`;
    print(
      `  ${(Action + more).padEnd(28)} ${safe(LogicalResourceId)}  ${styled('dim', ResourceType)}${lost}`,
    );
  }
}
