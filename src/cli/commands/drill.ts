import { join } from 'node:path';
import { Command } from 'commander';
import type { DrillEvent, DrillReport } from '../../hosts/drill.ts';
import { InputError } from '../../model/problem.ts';
import { EXIT } from '../exit.ts';
import { type CommonOptions, jsonOption } from '../options.ts';
import { duration, plural, print, printJson, safe, shortPath, styled } from '../terminal.ts';
import { timeline } from '../timeline.ts';
import { concludeAudit, showAudit } from './drill-audit.ts';

interface Options extends CommonOptions {
  readonly folder?: string;
}

export function drillCommand(): Command {
  return new Command('drill')
    .summary('play an attack in a simulated account and watch Cordon answer it')
    .description(
      'Starts a simulated AWS account on this machine, plays an attack against it and shows what Cordon sees, decides and does. Needs no AWS account and touches none.',
    )
    .argument('<name>', 'which drill: honeypot, an attack, or audit, changes to an account')
    .option('--folder <folder>', 'where logs, state and evidence go (default: a new one in .cordon/drills)')
    .addOption(jsonOption())
    .action(run);
}

async function run(name: string, options: Options): Promise<void> {
  if (name === AUDIT) return runAudit(options);
  const { runDrill } = await import('../../hosts/drill.ts');
  const { DRILLS } = await import('../../range/drills/registry.ts');
  const drill = DRILLS.get(name);
  if (drill === undefined) {
    throw new InputError(`there is no drill ${name}: the drills are ${[...DRILLS.keys(), AUDIT].join(', ')}`);
  }
  const folder = folderOf(name, options);
  if (options.json) {
    const report = await runDrill(drill, folder, printJson);
    printJson({ kind: 'report', ...report });
    process.exitCode = report.passed ? EXIT.ok : EXIT.no;
    return;
  }
  const begun = Date.now();
  print(`${styled('bold', drill.title)}`);
  print(`${safe(drill.description)}\n`);
  const line = timeline({ clock: (at) => `${((at - begun) / 1_000).toFixed(2)} s`, calls: 'names' });
  const report = await runDrill(drill, folder, (event) => show(event, line));
  conclude(report);
  process.exitCode = report.passed ? EXIT.ok : EXIT.no;
}

/** A drill of API calls, not of log lines. */
const AUDIT = 'audit';

async function runAudit(options: Options): Promise<void> {
  const { runAuditDrill } = await import('../../hosts/audit-drill/drill.ts');
  const folder = folderOf(AUDIT, options);
  const begun = Date.now();
  const line = timeline({ clock: (at) => `${((at - begun) / 1_000).toFixed(2)} s`, calls: 'names' });
  if (!options.json) {
    print(styled('bold', 'Bad and good changes to an account'));
    print('Somebody with every right opens, shares, widens and switches off; others do their work.\n');
  }
  const report = await runAuditDrill(folder, options.json ? printJson : (event) => showAudit(event, line));
  if (options.json) printJson({ kind: 'report', ...report });
  else concludeAudit(report);
  process.exitCode = report.passed ? EXIT.ok : EXIT.no;
}

function folderOf(name: string, { folder }: Options): string {
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '');
  return folder ?? join('.cordon', 'drills', `${name}-${stamp}`);
}

function show(event: DrillEvent, line: ReturnType<typeof timeline>): void {
  switch (event.kind) {
    case 'range':
      line.note(event.at, 'range', `simulated account ${event.account} at ${event.endpoint}`);
      return;
    case 'act':
      line.note(event.at, 'attack', event.note, 'warning');
      return;
    case 'first-bad-record':
      line.note(event.at, 'bad packet', event.line, 'alarm');
      return;
    case 'ledger':
      line.entry(event.entry);
  }
}

function conclude(report: DrillReport): void {
  print();
  for (const { what, ok, detail } of report.checks) {
    print(
      `  ${ok ? styled(['bold', 'green'], '✓') : styled(['bold', 'red'], '✗')} ${what.padEnd(34)} ${styled('dim', detail)}`,
    );
  }
  print();
  const times = [
    ['to decide', report.timeToDetect],
    ['to contain', report.timeToContain],
    ['to terminate', report.timeToTerminate],
  ] as const;
  print(
    `  From the first bad packet in the log: ${times
      .map(([what, time]) => `${time === undefined ? 'never' : styled('bold', duration(time))} ${what}`)
      .join(', ')}`,
  );
  print(
    styled(
      'dim',
      `  ${plural(report.records, 'record')} in ${plural(report.files, 'log file')}; the drill polls faster than AWS delivers`,
    ),
  );
  if (report.caseFolder !== undefined) {
    print(`\n  Evidence  ${shortPath(report.caseFolder)}`);
    print(`  Explain   npx cordon explain ${report.caseId} --state ${safe(report.state)}`);
    print(`  Verify    npx cordon ledger verify --state ${safe(report.state)}`);
  }
  print();
}
