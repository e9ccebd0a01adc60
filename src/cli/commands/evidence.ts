import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { type PublicKey, publicKey } from '../../evidence/signing.ts';
import type { EvidenceVerdict } from '../../evidence/verify-evidence.ts';
import { InputError } from '../../model/problem.ts';
import { EXIT } from '../exit.ts';
import { type CommonOptions, configFromOptions, storeOptions } from '../options.ts';
import { plural, print, printJson, safe, styled, timestamp } from '../terminal.ts';

interface Options extends CommonOptions {
  readonly key: readonly string[];
  readonly tsaCert: readonly string[];
}

const several = (value: string, before: readonly string[]): string[] => [...before, value];

export function evidenceCommand(): Command {
  const verify = storeOptions(new Command('verify'))
    .summary('verify a case with its folder and the public key alone')
    .description(
      'Verifies a case offline: every file against the manifests, the manifests against their signatures, every ledger entry of the case against the signed ledger, and time stamps. Names each file and entry that was changed, removed, added or moved.',
    )
    .argument('<case>', 'a case of the state folder, or a case folder anywhere')
    .option(
      '--key <file>',
      'public key in PEM (default: those of the state folder); may be repeated',
      several,
      [],
    )
    .option(
      '--tsa-cert <file>',
      'certificate in PEM that time stamps must lead to; may be repeated',
      several,
      [],
    )
    .action(run);
  return new Command('evidence').summary('verify the evidence of a case').addCommand(verify);
}

async function run(name: string, options: Options): Promise<void> {
  const { verifyEvidence } = await import('../../evidence/verify-evidence.ts');
  const { folder, keys } = await folderAndKeys(name, options);
  const authorities = options.tsaCert.map((path) => readPem(path));
  const verdict = verifyEvidence(folder, keys, authorities);
  process.exitCode = verdict.whole ? EXIT.ok : EXIT.no;
  if (options.json) printJson(verdict);
  else show(verdict);
}

async function folderAndKeys(
  name: string,
  options: Options,
): Promise<{ readonly folder: string; readonly keys: readonly PublicKey[] }> {
  const { publicKeysIn } = await import('../../evidence/keys.ts');
  const { casesFolder, keysFolder } = await import('../../hosts/state.ts');
  const given = options.key.map((path) => readKey(path));
  const isFolder = statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isFolder) {
    const folder = resolve(name);
    // A case folder where a watch made it; elsewhere the key must be known from elsewhere.
    const beside = join(dirname(dirname(folder)), 'keys');
    const keys = given.length === 0 && existsSync(beside) ? publicKeysIn(beside) : given;
    if (keys.length === 0) throw new InputError(`name the public key of ${name} with --key`);
    return { folder, keys };
  }
  const config = await configFromOptions(options);
  const folder = join(casesFolder(config), name);
  const inside = dirname(folder) === casesFolder(config);
  if (!inside || !existsSync(folder))
    throw new InputError(`${name}: no such folder, and no case folder of that name`);
  const keys = given.length === 0 ? publicKeysIn(keysFolder(config)) : given;
  if (keys.length === 0)
    throw new InputError(`there is no public key in ${keysFolder(config)}: name one with --key`);
  return { folder, keys };
}

function readKey(path: string): PublicKey {
  try {
    return publicKey(readPem(path));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${path}: no public key: ${(error as Error).message}`);
  }
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InputError(`${path}: cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

const FAULTS_SHOWN = 100;

function show({ caseId, faults, files, signatures, ledger, timestamps, whole }: EvidenceVerdict): void {
  for (const { file, fault } of faults.slice(0, FAULTS_SHOWN))
    print(`${styled(['bold', 'red'], file)} ${safe(fault, 300)}`);
  if (faults.length > FAULTS_SHOWN) print(`… and ${plural(faults.length - FAULTS_SHOWN, 'more fault')}`);
  print(
    whole
      ? `${styled(['bold', 'green'], '✓')} ${safe(caseId)}: ${plural(files.length, 'file')}, none changed, removed or added`
      : `${styled(['bold', 'red'], '✗')} ${safe(caseId)} is not as it was sealed: ${plural(faults.length, 'fault')}`,
  );
  for (const { part, at, key } of signatures)
    print(styled('dim', `  part ${part} signed ${timestamp(at)} by key ${key.slice(0, 16)}`));
  if (ledger !== undefined)
    print(
      styled(
        'dim',
        `  ${plural(ledger.entries, 'entry', 'entries')} of the ledger, signed up to entry ${ledger.checkpoint} ${timestamp(ledger.at)}: ${ledger.hash}`,
      ),
    );
  for (const { at, by, trusted } of timestamps)
    print(
      styled(
        'dim',
        `  time stamp ${timestamp(at)} of ${by}${trusted ? '' : '; whether that is an authority was not asked (--tsa-cert)'}`,
      ),
    );
}
