import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Config } from '../../config/config.ts';
import type { OpenReplay } from '../../hosts/replay.ts';
import { LEVELS, type Level } from '../../model/finding.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { CompareReport } from '../../report/compare-report.ts';
import { EXIT } from '../exit.ts';
import {
  CommandError,
  type CommonOptions,
  cloudfrontFieldsOption,
  configFromOptions,
  configOption,
  jsonOption,
  logFormatOption,
  valueOrExit,
} from '../options.ts';
import { printJson } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly aws?: true;
  readonly from?: number;
  readonly to?: number;
  readonly details?: true;
  readonly html?: string;
  /** Two sets of rules; what follows them are files. */
  readonly compare?: string[];
  readonly failOnChange?: true;
  readonly maxAdded?: number;
  readonly maxRemoved?: number;
  readonly maxNewResponses?: number;
  readonly logFormat?: readonly string[];
  readonly cloudfrontFields?: readonly string[];
  readonly failOn?: Level;
  readonly threads?: number;
}

export function replayCommand(): Command {
  return new Command('replay')
    .summary('say what would have happened, had a watch read these files')
    .description(
      'Reads log files of any format and says what the rules would have found, which responses would have run and what the guardrails would have stopped. Nothing is done and no AWS is needed. Without an account the direction of a connection is guessed from its ports. The same files and rules always give the same report.',
    )
    .argument('[files...]', 'files, folders, globs or s3://BUCKET/PREFIX; - is standard input')
    .addOption(
      new Option('--from <time>', 'only events from then on: 2026-11-01, 2026-11-01T06:30:00Z').argParser(
        (text) => timeOf(text, 'begin'),
      ),
    )
    .addOption(
      new Option('--to <time>', 'only events before then; of a date alone, the whole day').argParser((text) =>
        timeOf(text, 'end'),
      ),
    )
    .option('--details', 'print every row and every case with its records')
    .option('--html <file>', 'write the report as one HTML file')
    .option(
      '--compare <rules...>',
      'tell what the second of two sets of rules adds and removes: each a folder, a file, or "box"',
    )
    .option('--fail-on-change', 'with --compare: exit with 1 when anything else is found or would run')
    .addOption(limitOption('--max-added', 'rules and subjects with a finding they did not have'))
    .addOption(limitOption('--max-removed', 'rules and subjects that lose their finding'))
    .addOption(limitOption('--max-new-responses', 'responses that would newly run, if enforced'))
    .addOption(
      new Option(
        '--fail-on <level>',
        'exit with 1 when a finding (with --compare, one that is added) has this level or a higher one',
      ).choices(LEVELS),
    )
    .addOption(logFormatOption())
    .addOption(cloudfrontFieldsOption())
    .addOption(
      new Option(
        '--threads <number>',
        'how many read at the same time; by default as many as help',
      ).argParser(numberOfThreads),
    )
    .option('--aws', 'ask EC2 whose the network interfaces are and what tags instances have (only reads)')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(run);
}

function limitOption(name: string, what: string): Option {
  return new Option(`${name} <number>`, `with --compare: exit with 1 when there are more ${what}`).argParser(
    (text) => {
      const limit = Number(text);
      if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number from 0.');
      return limit;
    },
  );
}

function numberOfThreads(text: string): number {
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1 || threads > 64) {
    throw new InvalidArgumentError('a whole number from 1 to 64.');
  }
  return threads;
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/;
const DAY = 86_400_000;

/** A date, or a time of ISO 8601; without a zone it is UTC. */
function timeOf(text: string, end: 'begin' | 'end'): number {
  const isDate = DATE.test(text);
  const zoned = isDate || /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
  const time = isDate || MOMENT.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('It looks like 2026-11-01 or 2026-11-01T06:30:00Z.');
  return isDate && end === 'end' ? time + DAY : time;
}

function rangeOf({ from, to }: Options): TimeRange | undefined {
  return from === undefined && to === undefined
    ? undefined
    : { from: from ?? Number.NEGATIVE_INFINITY, to: to ?? Number.POSITIVE_INFINITY };
}

async function run(given: string[], options: Options): Promise<void> {
  const [before, after, ...rest] = options.compare ?? [];
  const files = [...given, ...rest];
  if (files.length === 0) throw new CommandError("missing required argument 'files'", EXIT.badInput);
  if (options.compare !== undefined && (before === undefined || after === undefined))
    throw new CommandError('--compare needs two sets of rules', EXIT.badInput);
  const { aws: askAws = false, logFormat: flowLogFormat, cloudfrontFields, threads } = options;
  const { openReplay } = await import('../../hosts/replay.ts');
  const open = openReplay(files, {
    askAws,
    flowLogFormat,
    cloudfrontFields,
    threads,
    range: rangeOf(options),
  });
  try {
    const config = await configFromOptions(options);
    if (before !== undefined && after !== undefined)
      await compare(open, files, config, [before, after], options);
    else await replayOnce(open, config, options);
  } finally {
    await open.close();
  }
}

async function replayOnce(open: OpenReplay, config: Config, options: Options): Promise<void> {
  const { setUp } = await import('../../hosts/setup.ts');
  const report = await open.replay(valueOrExit(setUp(config), options));
  if (options.html !== undefined) {
    const { replayPage } = await import('../../report/replay-page.ts');
    writeFileSync(options.html, replayPage(report));
  }
  if (options.json) printJson(report);
  else {
    const { showReplay } = await import('./replay-text.ts');
    showReplay(report, options.details === true);
  }
  if (isAtLeast(report.highest, options.failOn)) process.exitCode = EXIT.no;
}

async function compare(
  open: OpenReplay,
  files: readonly string[],
  config: Config,
  [before, after]: readonly [string, string],
  options: Options,
): Promise<void> {
  const { compareOver, compareSetups } = await import('../../hosts/replay-compare.ts');
  const sets = valueOrExit(compareSetups(config, before, after), options);
  const report = await compareOver(open, files, sets);
  if (options.html !== undefined) {
    const { comparePage } = await import('../../report/compare-page.ts');
    writeFileSync(options.html, comparePage(report));
  }
  if (options.json) printJson(report);
  else {
    const { showComparison } = await import('./replay-compare-text.ts');
    showComparison(report, options.details === true);
  }
  if (isRefused(report, options)) process.exitCode = EXIT.no;
}

function isRefused({ differs, highestAdded, findings, responses }: CompareReport, options: Options): boolean {
  const { failOnChange, failOn, maxAdded, maxRemoved, maxNewResponses } = options;
  const none = Number.POSITIVE_INFINITY;
  return (
    (failOnChange === true && differs) ||
    isAtLeast(highestAdded, failOn) ||
    findings.added.length > (maxAdded ?? none) ||
    findings.removed.length > (maxRemoved ?? none) ||
    responses.added.length > (maxNewResponses ?? none)
  );
}

function isAtLeast(level: Level | undefined, least: Level | undefined): boolean {
  return least !== undefined && level !== undefined && LEVELS.indexOf(level) >= LEVELS.indexOf(least);
}
