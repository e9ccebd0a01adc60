import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { LEVELS, type Level } from '../../model/finding.ts';
import type { TimeRange } from '../../model/time-range.ts';
import type { ReplayReport } from '../../report/replay-report.ts';
import { EXIT } from '../exit.ts';
import {
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
    .argument('<files...>', 'files, folders or globs; - is standard input')
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
    .option('--aws', 'ask EC2 whose the network interfaces are and what tags instances have (only reads)')
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

async function run(files: string[], options: Options): Promise<void> {
  const { aws: askAws = false, logFormat: flowLogFormat, cloudfrontFields, threads } = options;
  const { openReplay } = await import('../../hosts/replay.ts');
  const settings = { askAws, flowLogFormat, cloudfrontFields, threads, range: rangeOf(options) };
  const { replay, close } = openReplay(files, settings);
  let report: ReplayReport;
  try {
    const config = await configFromOptions(options);
    const { setUp } = await import('../../hosts/setup.ts');
    report = await replay(valueOrExit(setUp(config), options));
  } finally {
    await close();
  }
  if (options.html !== undefined) {
    const { replayPage } = await import('../../report/replay-page.ts');
    writeFileSync(options.html, replayPage(report));
  }
  if (options.json) printJson(report);
  else {
    const { showReplay } = await import('./replay-text.ts');
    showReplay(report, options.details === true);
  }
  const { failOn } = options;
  if (failOn !== undefined && report.highest !== undefined) {
    if (LEVELS.indexOf(report.highest) >= LEVELS.indexOf(failOn)) process.exitCode = EXIT.no;
  }
}
