import { Command, InvalidArgumentError, Option } from 'commander';
import type { Replay, ReplayedCase } from '../../hosts/replay.ts';
import { LEVELS, type Level } from '../../model/finding.ts';
import type { Mode } from '../../model/incident.ts';
import { EXIT } from '../exit.ts';
import { because } from '../ledger-line.ts';
import {
  type CommonOptions,
  cloudfrontFieldsOption,
  configFromOptions,
  configOption,
  jsonOption,
  logFormatOption,
  valueOrExit,
} from '../options.ts';
import { plural, print, printJson, safe, shortPath, styled, timestamp } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly aws?: true;
  readonly logFormat?: readonly string[];
  readonly cloudfrontFields?: readonly string[];
  readonly failOn?: Level;
  readonly threads?: number;
}

const WOULD: Readonly<Record<Mode, string>> = {
  record: 'which is not bound,',
  observe: 'in mode observe, would do nothing and say that enforced it would',
  approve: 'in mode approve, would wait for a person and then',
  enforce: 'in mode enforce, would, if the guardrails allow it',
};
const SAMPLE_LIMIT = 300;

export function replayCommand(): Command {
  return new Command('replay')
    .summary('say what would have happened, had a watch read these files')
    .description(
      'Reads log files (flow logs and CloudWatch Logs subscription messages, plain or gzip) and says what would have been found and done. Nothing is done and no AWS is needed. Without an account the direction of a connection is guessed from its ports.',
    )
    .argument('<files...>', 'files, folders or globs; - is standard input')
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 when a finding has this level or a higher one').choices(
        LEVELS,
      ),
    )
    .addOption(logFormatOption())
    .addOption(cloudfrontFieldsOption())
    .addOption(
      new Option(
        '--threads <number>',
        'how many read at the same time; by default as many as help',
      ).argParser(numberOfThreads),
    )
    .option('--aws', 'ask EC2 whose the network interfaces are (only reads)')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(run);
}

function numberOfThreads(text: string): number {
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) {
    throw new InvalidArgumentError('a whole number from 1 to 64.');
  }
  return threads;
}

async function run(files: string[], options: Options): Promise<void> {
  const { aws: askAws = false, logFormat: flowLogFormat, cloudfrontFields, threads } = options;
  const { openReplay } = await import('../../hosts/replay.ts');
  const { replay, close } = openReplay(files, { askAws, flowLogFormat, cloudfrontFields, threads });
  let result: Replay;
  try {
    const config = await configFromOptions(options);
    const { setUp } = await import('../../hosts/setup.ts');
    result = await replay(valueOrExit(setUp(config), options));
  } finally {
    await close();
  }
  if (options.json) printJson(result);
  else show(result);
  const { failOn } = options;
  if (failOn !== undefined && result.highest !== undefined) {
    if (LEVELS.indexOf(result.highest) >= LEVELS.indexOf(failOn)) process.exitCode = EXIT.no;
  }
}

function show({ files, events, skipped, badRecords, badExamples, cases }: Replay): void {
  print(
    `${styled('bold', plural(events, 'record'))} in ${plural(files, 'file')}` +
      `, ${plural(skipped, 'other line')} (headers, NODATA, SKIPDATA), ${plural(badRecords, 'bad record')}`,
  );
  for (const { origin, reason, raw } of badExamples) {
    print(
      `  ${styled('yellow', 'bad')} ${shortPath(origin.source)}:${origin.line}: ${safe(reason)}  ${styled('dim', safe(raw, 80))}`,
    );
  }
  if (badRecords > badExamples.length)
    print(styled('dim', `  … and ${badRecords - badExamples.length} more`));
  print();
  if (cases.length === 0) print(`${styled('green', 'Nothing found.')} No rule matched.`);
  for (const one of cases) showCase(one);
}

function showCase({ incident, findings, samples, would }: ReplayedCase): void {
  const { subject, mode, playbook, firstSeen, lastSeen } = incident;
  print(
    `${styled(['bold', 'red'], safe(subject.id))} in account ${safe(subject.account)}  ${styled('dim', `${timestamp(firstSeen)} to ${timestamp(lastSeen)}`)}`,
  );
  for (const { id, rule, count, branch } of findings) {
    print(`  ${styled('bold', rule.title)} (${rule.level}), ${plural(count, 'time')}`);
    print(`    ${styled('dim', `because ${safe(because(branch), SAMPLE_LIMIT)}`)}`);
    const sample = samples.find(({ findingId }) => findingId === id);
    if (sample !== undefined) {
      print(`    ${styled('dim', safe(sample.raw, SAMPLE_LIMIT))}`);
      print(`    ${styled('dim', `${shortPath(sample.origin.source)}:${sample.origin.line}`)}`);
    }
  }
  if (would.length === 0) print('  It would be recorded.');
  else print(`  ${playbook}, ${WOULD[mode]}:`);
  for (const [index, step] of would.entries()) print(`    ${index + 1}. ${safe(step)}`);
  print();
}
