import { resolve } from 'node:path';
import { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { CommandError, type CommonOptions, configFromOptions, storeOptions } from '../options.ts';
import { plural, print, printJson, shortPath, styled } from '../terminal.ts';

export function backupCommand(): Command {
  return storeOptions(new Command('backup'))
    .summary('copy the store, also while a watch runs, and verify the copy')
    .description(
      'Copies the database (cases, findings, journal, ledger) as it is at one instant, also while a watch runs, and verifies the ledger in the copy. The signing key and the case folders are not in it: keep keys/ and cases/ by themselves.',
    )
    .argument('<file>', 'the copy; it must not be there yet')
    .action(run);
}

async function run(file: string, options: CommonOptions): Promise<void> {
  const config = await configFromOptions(options);
  const { stateFolder } = await import('../../hosts/state.ts');
  const { hasSqliteStore } = await import('../../store/sqlite.ts');
  const { backupStore } = await import('../../store/backup.ts');
  const folder = stateFolder(config);
  if (!hasSqliteStore(folder)) throw new CommandError(`nothing is stored in ${folder} yet`, EXIT.badInput);
  const backup = await backupStore(folder, resolve(file));
  const { entries, faults, head } = backup.ledger;
  process.exitCode = faults.length === 0 ? EXIT.ok : EXIT.no;
  if (options.json) {
    printJson({ ...backup, whole: faults.length === 0 });
    return;
  }
  print(
    `${styled(['bold', 'green'], '✓')} ${shortPath(backup.file)}: ${plural(backup.incidents, 'case')}, ${plural(entries, 'ledger entry', 'ledger entries')}`,
  );
  for (const { seq, fault } of faults) print(`${styled(['bold', 'red'], `entry ${seq}`)} ${fault}`);
  print(styled('dim', `head ${head.seq} ${head.hash}`));
  print(styled('dim', 'without keys/ and cases/: keep them by themselves'));
}
