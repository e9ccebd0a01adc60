import { Command } from 'commander';
import type { SimulatedChange } from '../../audit/simulate.ts';
import type { Mode } from '../../model/incident.ts';
import { EXIT } from '../exit.ts';
import { type CommonOptions, configFromOptions, configOption, jsonOption, valueOrExit } from '../options.ts';
import { plural, print, printJson, type Style, safe, styled, timestamp } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly all?: true;
}

export function auditSimulateCommand(): Command {
  return new Command('simulate')
    .summary('show which changes of a trail would have been taken back')
    .description(
      'Reads CloudTrail files and shows, for each change, what it touched, who made it, what speaks against it, and how it would be taken back. Needs no AWS: a resource is judged by what the call itself says of it.',
    )
    .argument('<files...>', 'CloudTrail files, folders, or s3:// places')
    .option('--all', 'show the changes that nothing speaks against, too')
    .addOption(configOption())
    .addOption(jsonOption())
    .action(run);
}

async function run(files: string[], options: Options): Promise<void> {
  const config = await configFromOptions(options);
  const { setUpAudit } = await import('../../hosts/auditing.ts');
  const { simulateTrail } = await import('../../hosts/audit-simulation.ts');
  const setup = valueOrExit(setUpAudit(config), options);
  const counts = { changes: 0, against: 0, undone: 0 };
  for await (const one of simulateTrail(config, setup, files)) {
    counts.changes++;
    if (one.against.length > 0) counts.against++;
    if (isUndone(one)) counts.undone++;
    if (one.against.length === 0 && options.all !== true) continue;
    if (options.json) printJson(one);
    else show(one);
  }
  if (options.json) return;
  if (counts.changes === 0) {
    print('no call in these files changed a resource that Cordon knows');
    process.exitCode = EXIT.ok;
    return;
  }
  print();
  print(
    `${styled('bold', plural(counts.changes, 'change'))}: something speaks against ${counts.against}; ${counts.undone} would have been taken back, or a person asked`,
  );
}

function isUndone({ against }: SimulatedChange): boolean {
  return against.some(
    ({ response }) => response.playbook !== undefined && /^(enforce|approve)$/.test(response.mode),
  );
}

const VERDICTS: Readonly<Record<Mode, Style>> = {
  enforce: ['bold', 'red'],
  approve: ['bold', 'yellow'],
  observe: 'yellow',
  record: 'dim',
};

function show({ change, against, mode, standing, wayBack }: SimulatedChange): void {
  const { at, call, subject, by, from } = change;
  const word = against.length === 0 ? styled('green', standing) : styled(VERDICTS[mode], mode);
  print(`${styled('dim', timestamp(at))}  ${word}  ${safe(call)} ${styled('bold', safe(subject.id))}`);
  const indent = ' '.repeat(22);
  print(`${indent}${styled('dim', `by ${by}${from === undefined ? '' : ` from ${from}`}`)}`);
  for (const { rule, why } of against) print(`${indent}${styled('red', rule)} ${safe(why)}`);
  if (against.length === 0) return;
  const back =
    wayBack.kind === 'calls'
      ? `${wayBack.calls.map(({ service, operation }) => `${service}:${operation}`).join(', ')}: ${wayBack.does}`
      : wayBack.kind === 'none'
        ? `cannot be taken back: ${wayBack.why}`
        : wayBack.why;
  print(`${indent}${styled('dim', 'way back')} ${safe(back)}`);
}
