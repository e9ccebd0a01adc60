import { Command } from 'commander';
import type { Bucket, Count, Summary } from '../../detect/statistics.ts';
import type { Event } from '../../model/event.ts';
import {
  type CommonOptions,
  cloudfrontFieldsOption,
  configFromOptions,
  configOption,
  jsonOption,
  logFormatOption,
  valueOrExit,
} from '../options.ts';
import { progressLine } from '../progress.ts';
import { complain, plural, print, printJson, safe, shortPath, styled, timestamp } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly where?: string[];
  readonly fields?: string;
  readonly stats?: true;
  readonly logFormat?: readonly string[];
  readonly cloudfrontFields?: readonly string[];
}

/** Of each line of the table. */
const COLUMN_WIDTH = 24;
const BAD_SHOWN = 5;

export function logsCommand(): Command {
  return new Command('logs')
    .summary('read logs of any format and print, filter or count their events')
    .description(
      'Reads VPC flow logs, CloudTrail, S3, CloudFront, load balancer, WAF and Resolver logs and GuardDuty and Security Hub findings: text, JSON or Parquet, plain or gzip. The format is found from the content.',
    )
    .argument('<files...>', 'files, folders or globs; - is standard input')
    .option(
      '-w, --where <selection...>',
      "the inside of a Sigma selection, e.g. 'action: REJECT, dst_port|lt: 1024'; several must all hold",
    )
    .option('-f, --fields <names>', 'fields to print, separated by commas; common names or the format’s own')
    .addOption(logFormatOption())
    .addOption(cloudfrontFieldsOption())
    .option('--stats', 'top talkers, ports, actions, and what was refused over time')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Examples:
  cordon logs flow-logs/ --where 'action: REJECT' --stats
  cordon logs trail.json.gz -w 'eventName|startswith: Delete' -f time,actor.user.uid,eventName
  zcat *.log.gz | cordon logs - --json | jq .`,
    )
    .action(run);
}

async function run(files: string[], options: Options): Promise<void> {
  const config = await configFromOptions(options);
  const { ruleContext } = await import('../../hosts/setup.ts');
  const { readLogs } = await import('../../hosts/logs.ts');
  const { fieldAliases } = await import('../../detect/rules.ts');
  const { whereTest } = await import('../../detect/where.ts');
  const { statistics } = await import('../../detect/statistics.ts');
  let where: (event: Event) => boolean = () => true;
  if (options.where !== undefined) {
    const { placeholders, pipelines } = valueOrExit(ruleContext(config), options);
    where = valueOrExit(whereTest(options.where, placeholders, fieldAliases(pipelines)), options);
  }
  const show = options.stats ? undefined : await printer(options);
  const counts = statistics();
  const progress = progressLine();
  let bad = 0;
  try {
    for await (const { events, badRecords } of readLogs(files, where, {
      flowLogFormat: options.logFormat,
      cloudfrontFields: options.cloudfrontFields,
      tell: progress.show,
    })) {
      if (show === undefined) events.forEach(counts.add);
      else if (events.length > 0) {
        progress.clear();
        events.forEach(show);
      }
      for (const { origin, reason } of badRecords) {
        if (++bad > BAD_SHOWN) continue;
        progress.clear();
        complain(`${shortPath(origin.source)}:${origin.line}: ${safe(reason)}`);
      }
    }
  } finally {
    progress.clear();
  }
  if (bad > BAD_SHOWN) complain(`… and ${plural(bad - BAD_SHOWN, 'more bad record')}`);
  if (!options.stats) return;
  if (options.json) printJson({ ...counts.summary(), badRecords: bad });
  else showSummary(counts.summary(), bad);
}

async function printer({ json, fields }: Options): Promise<(event: Event) => void> {
  const { COMMON_FIELDS } = await import('../../model/event.ts');
  const { commonValue, scalarText } = await import('../../detect/common-fields.ts');
  const common: ReadonlySet<string> = new Set(COMMON_FIELDS);
  const valueIn = (event: Event, name: string): string | undefined => {
    if (name === 'time') return new Date(event.time).toISOString();
    if (name === 'format') return event.format;
    const own = scalarText(event.fields, name);
    return own ?? (common.has(name) ? commonValue(event, name as (typeof COMMON_FIELDS)[number]) : undefined);
  };
  const names = fields?.split(',').map((name) => name.trim());
  if (json) {
    return (event) => {
      const picked = names ?? ['time', 'format', ...COMMON_FIELDS];
      const values = picked.flatMap((name) => {
        const value = valueIn(event, name);
        return value === undefined ? [] : [[name, value] as const];
      });
      printJson({
        ...Object.fromEntries(values),
        ...(names === undefined ? { fields: event.fields, origin: event.origin } : {}),
      });
    };
  }
  const columns = names ?? [
    'time',
    'format',
    'src_endpoint.ip',
    'dst_endpoint.ip',
    'dst_endpoint.port',
    'action',
    'resource.uid',
  ];
  print(styled('bold', row(columns)));
  return (event) => print(row(columns.map((name) => safe(valueIn(event, name) ?? '-'))));
}

function row(values: readonly string[]): string {
  return values
    .map((value, index) => (index === values.length - 1 ? value : value.padEnd(COLUMN_WIDTH)))
    .join(' ');
}

function showSummary(summary: Summary, bad: number): void {
  const { events, refused, first, last } = summary;
  if (events === 0) {
    print(bad === 0 ? 'No events.' : `No events, ${plural(bad, 'bad record')}.`);
    return;
  }
  print(
    `${styled('bold', plural(events, 'event'))}, ${styled(refused > 0 ? ['bold', 'red'] : 'bold', refused.toLocaleString('en-US'))} refused${bad > 0 ? `, ${plural(bad, 'bad record')}` : ''}`,
  );
  print(styled('dim', `${timestamp(first)} to ${timestamp(last)}`));
  ranking('Formats', summary.formats, events);
  ranking('Top talkers', summary.sources, events);
  ranking('Destination ports', summary.ports, events);
  ranking('Actions', summary.actions, events);
  overTime(summary.overTime);
}

const BAR_WIDTH = 30;

function ranking(title: string, counts: readonly Count[], total: number): void {
  if (counts.length === 0) return;
  print(`\n${styled('bold', title)}`);
  const most = counts[0]?.count ?? 1;
  for (const { value, count } of counts) {
    const bar = '█'.repeat(Math.max(1, Math.round((count / most) * BAR_WIDTH)));
    const share = `${((count / total) * 100).toFixed(1)} %`;
    print(
      `  ${safe(value, 40).padEnd(42)}${count.toLocaleString('en-US').padStart(12)} ${share.padStart(8)}  ${styled('cyan', bar)}`,
    );
  }
}

const LEVELS = '▁▂▃▄▅▆▇█';

function overTime(buckets: readonly Bucket[]): void {
  const chart = (values: readonly number[]): string => {
    const most = Math.max(1, ...values);
    return values
      .map((value) => (value === 0 ? ' ' : (LEVELS[Math.min(7, Math.floor((value / most) * 8))] ?? '')))
      .join('');
  };
  const most = (values: readonly number[]): string =>
    `up to ${Math.max(0, ...values).toLocaleString('en-US')}`;
  const all = buckets.map(({ events }) => events);
  const refused = buckets.map((bucket) => bucket.refused);
  print(`\n${styled('bold', 'Over time')}`);
  print(`  ${'all'.padEnd(9)}${styled('cyan', chart(all))}  ${styled('dim', most(all))}`);
  print(`  ${'refused'.padEnd(9)}${styled('red', chart(refused))}  ${styled('dim', most(refused))}`);
}
