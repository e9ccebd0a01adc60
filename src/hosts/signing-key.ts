import type { AwsClients } from '../aws/clients.ts';
import { kmsSigner } from '../aws/kms-signer.ts';
import type { Config } from '../config/config.ts';
import { keepPublicKey, openKeyPair } from '../evidence/keys.ts';
import type { Signer } from '../evidence/signing.ts';
import { keysFolder } from './state.ts';

/** A signer, and where its public half is. */
export interface SigningKey {
  readonly signer: Signer;
  readonly publicKeyFile: string;
  /** Set when the key pair was made just now. */
  readonly created: boolean;
}

/** The key that signs: that of KMS which the configuration names, or the one of the state folder, made when there is none. */
export async function openSigningKey(config: Config, aws: AwsClients): Promise<SigningKey> {
  const folder = keysFolder(config);
  const { kms } = config.evidence;
  if (kms === undefined) return openKeyPair(folder);
  const { signer, publicKey } = await kmsSigner(aws, kms);
  return { signer, publicKeyFile: keepPublicKey(folder, publicKey), created: false };
}
