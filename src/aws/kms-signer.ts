import type { SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { type PublicKey, publicKey, type Signer } from '../evidence/signing.ts';
import type { AwsClients } from './clients.ts';

/**
 * How a key signs, by its spec: as {@link publicKey} verifies it. RAW, as Ed25519 takes the message itself
 * and the messages are shorter than the 4096 bytes that KMS takes.
 * Source: AWS KMS API Reference, "Sign" and "GetPublicKey".
 */
const ALGORITHMS: Readonly<Record<string, SigningAlgorithmSpec>> = {
  ECC_NIST_EDWARDS25519: 'ED25519_SHA_512',
  ECC_NIST_P256: 'ECDSA_SHA_256',
  ECC_NIST_P384: 'ECDSA_SHA_384',
  ECC_NIST_P521: 'ECDSA_SHA_512',
};

/** Needs `kms:GetPublicKey` and `kms:Sign`. Throws what KMS says, and for a key that signs with RSA or not at all. */
export async function kmsSigner(
  aws: AwsClients,
  keyId: string,
): Promise<{ readonly signer: Signer; readonly publicKey: PublicKey }> {
  const kms = await aws.use('kms');
  const { KeySpec = '', PublicKey = new Uint8Array() } = await kms.getPublicKey({ KeyId: keyId });
  const algorithm = ALGORITHMS[KeySpec];
  if (algorithm === undefined)
    throw new Error(
      `${keyId} is of key spec ${KeySpec}: one of ${Object.keys(ALGORITHMS).join(', ')} is wanted`,
    );
  const known = publicKey(PublicKey);
  return {
    publicKey: known,
    signer: {
      keyId: known.keyId,
      async sign(message) {
        const { Signature } = await kms.sign({
          KeyId: keyId,
          Message: message,
          MessageType: 'RAW',
          SigningAlgorithm: algorithm,
        });
        if (Signature === undefined) throw new Error(`KMS answered without a signature of ${keyId}`);
        return Signature;
      },
    },
  };
}
