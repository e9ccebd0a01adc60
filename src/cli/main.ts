#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { InputError } from '../model/problem.ts';
import { actionsCommand } from './commands/actions.ts';
import { auditCommand } from './commands/audit.ts';
import { backupCommand } from './commands/backup.ts';
import { badRecordsCommand } from './commands/bad-records.ts';
import { checkCommand } from './commands/check.ts';
import { cloudtrailCommand } from './commands/cloudtrail.ts';
import { decideCommand } from './commands/decide.ts';
import { doorCommand } from './commands/door.ts';
import { drillCommand } from './commands/drill.ts';
import { evidenceCommand } from './commands/evidence.ts';
import { explainCommand } from './commands/explain.ts';
import { gateCommand } from './commands/gate.ts';
import { incidentsCommand } from './commands/incidents.ts';
import { initCommand } from './commands/init.ts';
import { intelCommand } from './commands/intel.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { logsCommand } from './commands/logs.ts';
import { playbooksCommand } from './commands/playbooks.ts';
import { policiesCommand } from './commands/policies.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { rulesCommand } from './commands/rules.ts';
import { stopCommand } from './commands/stop.ts';
import { undoCommand } from './commands/undo.ts';
import { watchCommand } from './commands/watch.ts';
import { EXIT, EXIT_HELP } from './exit.ts';
import { CommandError } from './options.ts';
import { complain, safe } from './terminal.ts';

const { version, description } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string; description: string };

const program = new Command('cordon')
  .description(description)
  .version(version)
  .addHelpText(
    'after',
    `
Begin here:
  cordon drill honeypot                see an attack, the answer and the evidence; needs no AWS
  cordon replay flow-logs/*.log.gz     what would have happened in your own logs; nothing is done
  cordon watch                         the real thing, as cordon.yaml says
${EXIT_HELP}`,
  )
  .showHelpAfterError('(--help tells more)')
  .exitOverride();

const commands = [
  initCommand(),
  drillCommand(),
  checkCommand(),
  gateCommand(),
  policiesCommand(),
  playbooksCommand(),
  doorCommand(),
  logsCommand(),
  replayCommand(),
  watchCommand(),
  auditCommand(),
  incidentsCommand(),
  explainCommand(),
  reportCommand(),
  decideCommand('approve'),
  decideCommand('deny'),
  decideCommand('resume'),
  undoCommand(),
  stopCommand(),
  evidenceCommand(),
  ledgerCommand(),
  backupCommand(),
  badRecordsCommand(),
  intelCommand(),
  cloudtrailCommand(),
  rulesCommand(),
  actionsCommand(),
];
for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
for (const command of commands.flatMap((one) => [one, ...one.commands])) command.exitOverride();

// Called experimental by Node 22; they are what we mean to use, and the newer versions do not say it.
const warnings = process.listeners('warning');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (!/SQLite|glob/i.test(warning.message)) for (const listener of warnings) listener(warning);
});
// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
  if (error instanceof CommandError) {
    if (error.message !== '') complain(`cordon: ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof InputError) {
    complain(`cordon: ${safe(error.message)}`);
    return EXIT.badInput;
  }
  const { message, code, stack } = error as NodeJS.ErrnoException;
  complain(`cordon: ${safe(code === undefined ? message : `${message} (${code})`)}`);
  if (process.env.CORDON_DEBUG) complain(stack ?? '');
  return EXIT.failed;
}
