import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from './durable.ts';
import { type PublicKey, publicKey, type Signer } from './signing.ts';

const PRIVATE = 'ledger-ed25519';
const PUBLIC = '.pub';

/** A key pair in a folder. */
export interface KeyPair {
  readonly signer: Signer;
  /** Where the public key is, for whoever verifies. */
  readonly publicKeyFile: string;
  /** Set when it was made just now. */
  readonly created: boolean;
}

/** The Ed25519 key pair of a folder, made when there is none; only its owner can read the private key. */
export function openKeyPair(folder: string): KeyPair {
  const path = join(folder, PRIVATE);
  const publicKeyFile = `${path}${PUBLIC}`;
  const created = !existsSync(path);
  if (created) {
    const pair = generateKeyPairSync('ed25519');
    keepOlder(folder, publicKeyFile);
    writeDurably(publicKeyFile, pair.publicKey.export({ type: 'spki', format: 'pem' }));
    writeDurably(path, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600);
  }
  const { keyId } = publicKey(readFileSync(publicKeyFile, 'utf8'));
  return { signer: keySigner(createPrivateKey(readFileSync(path)), keyId), publicKeyFile, created };
}

function keySigner(privateKey: KeyObject, keyId: string): Signer {
  return { keyId, sign: async (message) => sign(null, message, privateKey) };
}

/** What an older key signed must be verifiable for ever: its public half stays, under its id. */
function keepOlder(folder: string, publicKeyFile: string): void {
  if (!existsSync(publicKeyFile)) return;
  const { keyId } = publicKey(readFileSync(publicKeyFile, 'utf8'));
  renameSync(publicKeyFile, join(folder, `${keyId.slice(0, 16)}${PUBLIC}`));
}

/** Keeps the public half of a key that is elsewhere. */
export function keepPublicKey(folder: string, { key, keyId }: PublicKey): string {
  const path = join(folder, `${keyId.slice(0, 16)}${PUBLIC}`);
  if (!existsSync(path)) writeDurably(path, key.export({ type: 'spki', format: 'pem' }));
  return path;
}

/** Every public key of a folder. */
export function publicKeysIn(folder: string): PublicKey[] {
  return globSync(`*${PUBLIC}`, { cwd: folder })
    .sort()
    .map((name) => publicKey(readFileSync(join(folder, name), 'utf8')));
}
