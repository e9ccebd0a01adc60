import { Command } from 'commander';
import { EXIT } from '../exit.ts';
import { type CommonOptions, storeOptions, withStore } from '../options.ts';
import { plural, print, printJson, styled } from '../terminal.ts';

export function ledgerCommand(): Command {
  const verify = storeOptions(new Command('verify'))
    .summary('find every entry that was changed, removed or moved')
    .description(
      'Walks the hash chain of the ledger and names every entry that was changed, removed or moved. Write down the head and keep it elsewhere: whoever can rewrite the whole folder can rewrite the whole chain.',
    )
    .option(
      '--head <hash>',
      'the hash of the newest entry as you noted it: a shorter or another ledger is found',
    )
    .action(run);
  return new Command('ledger').summary('check the ledger of every decision').addCommand(verify);
}

interface Options extends CommonOptions {
  readonly head?: string;
}

async function run(options: Options): Promise<void> {
  await withStore(options, async (store) => {
    const { verifyLedger } = await import('../../evidence/ledger.ts');
    let noted = options.head === undefined;
    const entries = (async function* () {
      for await (const entry of store.ledger()) {
        if (entry.hash === options.head) noted = true;
        yield entry;
      }
    })();
    const verdict = await verifyLedger(entries, await store.checkpoint());
    const faults = noted
      ? verdict.faults
      : [...verdict.faults, { seq: verdict.head.seq, fault: `no entry has the hash ${options.head}` }];
    const whole = faults.length === 0;
    process.exitCode = whole ? EXIT.ok : EXIT.no;
    if (options.json) {
      printJson({ ...verdict, faults, whole });
      return;
    }
    for (const { seq, fault } of faults) print(`${styled(['bold', 'red'], `entry ${seq}`)} ${fault}`);
    if (verdict.withoutCheckpoint) {
      print(
        styled('yellow', 'ledger-checkpoint.json is missing: entries removed at the end would not be seen'),
      );
    }
    print(
      whole
        ? `${styled(['bold', 'green'], '✓')} ${plural(verdict.entries, 'entry', 'entries')}, none changed, removed or moved`
        : `${styled(['bold', 'red'], '✗')} the ledger is not as it was written: ${plural(faults.length, 'fault')} in ${plural(verdict.entries, 'entry', 'entries')}`,
    );
    print(styled('dim', `head ${verdict.head.seq} ${verdict.head.hash}`));
  });
}
