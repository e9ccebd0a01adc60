import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Config } from '../../config/config.ts';
import type { SignedCheckpoint } from '../../evidence/checkpoint.ts';
import type { PublicKey } from '../../evidence/signing.ts';
import { InputError } from '../../model/problem.ts';
import { EXIT } from '../exit.ts';
import { type CommonOptions, storeOptions, withStore } from '../options.ts';
import { plural, print, printJson, safe, styled, timestamp } from '../terminal.ts';

export function ledgerCommand(): Command {
  const verify = storeOptions(new Command('verify'))
    .summary('find every entry that was changed, removed or moved')
    .description(
      'Walks the hash chain of the ledger, compares it with the signed checkpoints, and names every entry that was changed, removed or moved. Whoever has the whole folder also has the key: keep a case folder, a copy under Object Lock, a time stamp or the head elsewhere.',
    )
    .option('--key <file>', 'public key in PEM (default: those of the state folder)')
    .option(
      '--head <hash>',
      'the hash of the newest entry as you noted it: a shorter or another ledger is found',
    )
    .action(run);
  return new Command('ledger').summary('check the ledger of every decision').addCommand(verify);
}

interface Options extends CommonOptions {
  readonly head?: string;
  readonly key?: string;
}

async function run(options: Options): Promise<void> {
  await withStore(options, async (store, config) => {
    const { verifyLedger } = await import('../../evidence/ledger.ts');
    const { checkpointWatch, verifyCheckpoints } = await import('../../evidence/checkpoint.ts');
    const { checkpointsFolder } = await import('../../hosts/state.ts');
    const signed = verifyCheckpoints(checkpointsFolder(config), await keysOf(options, config));
    const watch = checkpointWatch(signed.checkpoints);
    let noted = options.head === undefined;
    const entries = (async function* () {
      for await (const entry of store.ledger()) {
        if (entry.hash === options.head) noted = true;
        watch.pass(entry);
        yield entry;
      }
    })();
    const verdict = await verifyLedger(entries, await store.checkpoint());
    const faults = [
      ...verdict.faults,
      ...watch.faults(),
      ...(noted ? [] : [{ seq: verdict.head.seq, fault: `no entry has the hash ${options.head}` }]),
    ];
    const whole = faults.length + signed.faults.length === 0;
    const newest = signed.checkpoints.at(-1);
    process.exitCode = whole ? EXIT.ok : EXIT.no;
    if (options.json) {
      const { text: _, ...checkpoint } = newest ?? { text: '' };
      printJson({
        ...verdict,
        faults,
        checkpointFaults: signed.faults,
        ...(newest === undefined ? {} : { signed: checkpoint }),
        whole,
      });
      return;
    }
    for (const { file, fault } of signed.faults)
      print(`${styled(['bold', 'red'], `checkpoint ${file}`)} ${safe(fault)}`);
    for (const { seq, fault } of faults) print(`${styled(['bold', 'red'], `entry ${seq}`)} ${safe(fault)}`);
    if (verdict.withoutCheckpoint) {
      print(
        styled('yellow', 'ledger-checkpoint.json is missing: entries removed at the end would not be seen'),
      );
    }
    const all = faults.length + signed.faults.length;
    print(
      whole
        ? `${styled(['bold', 'green'], '✓')} ${plural(verdict.entries, 'entry', 'entries')}, none changed, removed or moved`
        : `${styled(['bold', 'red'], '✗')} the ledger is not as it was written: ${plural(all, 'fault')} in ${plural(verdict.entries, 'entry', 'entries')}`,
    );
    showSigned(newest, signed.checkpoints.length, verdict.entries);
    print(styled('dim', `head ${verdict.head.seq} ${verdict.head.hash}`));
  });
}

function showSigned(newest: SignedCheckpoint | undefined, checkpoints: number, entries: number): void {
  if (newest === undefined) print(styled('yellow', 'nothing of it is signed yet'));
  else
    print(
      styled(
        'dim',
        `${plural(checkpoints, 'signed checkpoint')}, the newest of entry ${newest.seq} ${timestamp(newest.at)}${entries > newest.seq ? `; ${plural(entries - newest.seq, 'entry', 'entries')} since` : ''}`,
      ),
    );
}

async function keysOf({ key }: Options, config: Config): Promise<readonly PublicKey[]> {
  const { publicKeysIn } = await import('../../evidence/keys.ts');
  const { publicKey } = await import('../../evidence/signing.ts');
  const { keysFolder } = await import('../../hosts/state.ts');
  if (key === undefined) return publicKeysIn(keysFolder(config));
  try {
    return [publicKey(readFileSync(key, 'utf8'))];
  } catch (error) {
    throw new InputError(`${key}: no public key: ${(error as Error).message}`);
  }
}
