import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type CommonOptions, configFromOptions, storeOptions } from '../options.ts';
import { print, printJson, shortPath, styled } from '../terminal.ts';

export function initCommand(): Command {
  return storeOptions(new Command('init'))
    .summary('make the state folder, the key that signs the evidence, and a cordon.yaml to begin with')
    .description(
      'Makes the state folder and the Ed25519 key pair that signs the ledger and the evidence, and writes a commented cordon.yaml where there is none. What is there already stays as it is.',
    )
    .action(run);
}

async function run(options: CommonOptions): Promise<void> {
  const { CONFIG_FILE } = await import('../../config/config.ts');
  const { STARTER } = await import('../../config/starter.ts');
  const { openKeyPair } = await import('../../evidence/keys.ts');
  const { writeDurably } = await import('../../evidence/durable.ts');
  const { keysFolder, stateFolder } = await import('../../hosts/state.ts');
  const { openSqliteStore } = await import('../../store/sqlite.ts');
  const { storeFault } = await import('../../store/store-fault.ts');
  const wanted = resolve(options.config ?? CONFIG_FILE);
  const written = !existsSync(wanted);
  try {
    if (written) writeDurably(wanted, STARTER);
    const config = await configFromOptions({ ...options, config: wanted });
    await openSqliteStore(stateFolder(config)).close();
    const { publicKeyFile, created, signer } = openKeyPair(keysFolder(config));
    if (options.json) {
      printJson({
        state: stateFolder(config),
        config: wanted,
        configWritten: written,
        publicKeyFile,
        keyId: signer.keyId,
        keyCreated: created,
      });
      return;
    }
    const line = (path: string, fresh: boolean, what: string): void =>
      print(
        `${styled(fresh ? ['bold', 'green'] : 'dim', fresh ? 'made' : 'kept')} ${shortPath(path)}  ${styled('dim', what)}`,
      );
    line(wanted, written, 'what to watch, and what to do');
    line(
      publicKeyFile,
      created,
      `verifies the evidence; key ${signer.keyId.slice(0, 16)}. Give a copy to whoever will verify`,
    );
    print(
      styled(
        'dim',
        `The private key beside it never leaves this folder: keep a backup of it where only you can read it.`,
      ),
    );
  } catch (error) {
    throw storeFault(error, wanted);
  }
}
