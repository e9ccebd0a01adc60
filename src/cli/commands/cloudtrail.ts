import { Command, InvalidArgumentError, Option } from 'commander';
import type { ChainVerdict, FileVerdict } from '../../hosts/cloudtrail.ts';
import { EXIT } from '../exit.ts';
import { type CommonOptions, configFromOptions, configOption, jsonOption } from '../options.ts';
import { complain, plural, print, printJson, type Style, safe, shortPath, styled } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly keys: readonly string[];
  readonly from?: number;
  readonly to?: number;
}

export function cloudtrailCommand(): Command {
  const verify = new Command('verify')
    .summary('find every log file that was changed, removed or added since CloudTrail delivered it')
    .description(
      'Checks the digest files of a trail and the log files that they name, in a folder that has what the bucket has: signatures, the chain of digests, and the hash of every log file.',
    )
    .argument('<paths...>', 'folders, files or globs with digests and logs')
    .addOption(
      new Option('--keys <file>', 'what "aws cloudtrail list-public-keys" printed; may be repeated')
        .argParser((file: string, files: readonly string[]) => [...files, file])
        .default([], 'AWS is asked'),
    )
    .addOption(timeOption('--from <time>', 'the digests must reach back to this time'))
    .addOption(timeOption('--to <time>', 'the digests must reach up to this time'))
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Exit codes:
  0  every file is as CloudTrail delivered it
  1  a file was changed, moved or removed, or the digests do not cover the time
  2  nothing is wrong, but not all is proven: no public key, no signature, or a log file in no digest

Example:
  aws s3 sync s3://my-trail trail/
  aws cloudtrail list-public-keys --start-time 2026-11-01 > keys.json
  cordon cloudtrail verify trail/ --keys keys.json`,
    )
    .action(run);
  return new Command('cloudtrail').summary('check the integrity of CloudTrail logs').addCommand(verify);
}

function timeOption(flags: string, description: string): Option {
  return new Option(flags, `${description}, e.g. 2026-11-24T15:00:00Z`).argParser((text) => {
    const time = Date.parse(text);
    if (Number.isNaN(time)) throw new InvalidArgumentError('It is no time.');
    return time;
  });
}

async function run(paths: string[], { keys, from, to, ...options }: Options): Promise<void> {
  const { aws } = await configFromOptions(options);
  const { verifyTrail } = await import('../../hosts/cloudtrail.ts');
  const counts = { valid: 0, invalid: 0, missing: 0, unproven: 0 };
  let digests = 0;
  const onFile = (verdict: FileVerdict): void => {
    counts[verdict.status]++;
    if (verdict.kind === 'digest') digests++;
    if (options.json) printJson(verdict);
    else if (verdict.status !== 'valid') show(verdict);
  };
  const chains = await verifyTrail(paths, { keyFiles: keys, aws, onFile });
  const uncovered = chains.filter((chain) => !covers(chain, from, to));
  const wrong = counts.invalid + counts.missing + uncovered.length > 0;
  const unknown = digests === 0 || counts.unproven > 0;
  process.exitCode = wrong ? EXIT.no : unknown ? EXIT.badInput : EXIT.ok;
  const status = wrong ? 'invalid' : unknown ? 'unproven' : 'valid';
  if (options.json) {
    printJson({ status, ...counts, chains, uncovered: uncovered.map(({ name }) => name) });
    return;
  }
  for (const chain of chains) showChain(chain, uncovered.includes(chain));
  if (digests === 0) complain('cordon: there is no digest file');
  const { valid, invalid, missing, unproven } = counts;
  const mark = { valid: styled('green', '✓'), invalid: styled('red', '✗'), unproven: styled('yellow', '?') };
  print(
    `${mark[status]} ${plural(valid, 'file')} valid, ${invalid} invalid, ${missing} missing, ${unproven} unproven`,
  );
}

/** Whether the valid digests of a trail reach over the time that was asked for. */
function covers(
  chain: ChainVerdict,
  from = Number.POSITIVE_INFINITY,
  to = Number.NEGATIVE_INFINITY,
): boolean {
  if (chain.name.endsWith('_backfill')) return true;
  const begins = chain.from === undefined ? Number.POSITIVE_INFINITY : Date.parse(chain.from);
  const ends = chain.to === undefined ? Number.NEGATIVE_INFINITY : Date.parse(chain.to);
  return begins <= from && ends >= to;
}

const STYLES: Readonly<Record<FileVerdict['status'], Style>> = {
  valid: 'green',
  invalid: ['bold', 'red'],
  missing: ['bold', 'red'],
  unproven: 'yellow',
};

function show({ kind, status, object, path, reason }: FileVerdict): void {
  const place = path === undefined ? safe(object ?? '') : shortPath(path);
  print(`${styled(STYLES[status], status.padEnd(8))} ${kind.padEnd(6)} ${place}`);
  if (reason !== undefined) print(styled('dim', `         ${safe(reason)}`));
}

function showChain({ region, trail, from, to, complete, gaps }: ChainVerdict, uncovered: boolean): void {
  const range = from === undefined ? 'no valid digest' : `${from} to ${to}`;
  const begin = complete ? '' : ', earlier digests are not here';
  print(`${styled('bold', safe(trail))} in ${safe(region)}: ${range}${begin}`);
  for (const gap of gaps)
    print(styled('yellow', `  no digests from ${gap.from} to ${gap.to}: validation or the trail was off`));
  if (uncovered) print(styled('red', '  that is not all of the time that was asked for'));
}
