import { generateKeyPairSync, type KeyObject, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import type { SignCommandInput, SigningAlgorithmSpec, VerifyCommandInput } from '@aws-sdk/client-kms';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { keyOf, refusePending, type SimulatedKey } from './key.ts';

/** How keys of a spec sign. Source: AWS KMS Developer Guide, "Key spec reference", asymmetric keys. */
const SPECS: Readonly<
  Record<
    string,
    { readonly curve?: string; readonly algorithm: SigningAlgorithmSpec; readonly digest: string | null }
  >
> = {
  ECC_NIST_EDWARDS25519: { algorithm: 'ED25519_SHA_512', digest: null },
  ECC_NIST_P256: { curve: 'prime256v1', algorithm: 'ECDSA_SHA_256', digest: 'sha256' },
  ECC_NIST_P384: { curve: 'secp384r1', algorithm: 'ECDSA_SHA_384', digest: 'sha384' },
  ECC_NIST_P521: { curve: 'secp521r1', algorithm: 'ECDSA_SHA_512', digest: 'sha512' },
};

const pairsOf = accountState(() => new Map<string, { publicKey: KeyObject; privateKey: KeyObject }>());

function pairOf(account: Account, { id, spec }: SimulatedKey) {
  const pairs = pairsOf(account);
  const { curve } = SPECS[spec ?? ''] ?? {};
  const pair =
    pairs.get(id) ??
    (curve === undefined ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: curve }));
  pairs.set(id, pair);
  return pair;
}

/** Source: AWS KMS API Reference, "GetPublicKey": DER of SubjectPublicKeyInfo. */
export function getPublicKey(account: Account, input: { KeyId?: string | undefined }): object {
  const key = keyOf(account, input);
  const spec = SPECS[key.spec ?? ''];
  if (spec === undefined)
    throw new AwsError('UnsupportedOperationException', 'GetPublicKey is not supported for this key.');
  refuseUnusable(key);
  return {
    KeyId: key.arn,
    PublicKey: pairOf(account, key).publicKey.export({ type: 'spki', format: 'der' }),
    KeySpec: key.spec,
    CustomerMasterKeySpec: key.spec,
    KeyUsage: key.usage,
    SigningAlgorithms: [spec.algorithm],
  };
}

/** Source: AWS KMS API Reference, "Sign". ECDSA signatures are DER, those of Ed25519 64 bytes. */
export function sign(account: Account, input: SignCommandInput): object {
  const { key, algorithm, digest, message } = request(account, input, 'Sign');
  const { privateKey } = pairOf(account, key);
  return { KeyId: key.arn, Signature: signBytes(digest, message, privateKey), SigningAlgorithm: algorithm };
}

/** Source: AWS KMS API Reference, "Verify". */
export function verify(account: Account, input: VerifyCommandInput): object {
  const { key, algorithm, digest, message } = request(account, input, 'Verify');
  const { publicKey } = pairOf(account, key);
  if (!verifyBytes(digest, message, publicKey, Buffer.from(input.Signature ?? [])))
    throw new AwsError('KMSInvalidSignatureException', '');
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: algorithm };
}

const MESSAGE_LIMIT = 4_096;

function request(account: Account, input: SignCommandInput | VerifyCommandInput, operation: string) {
  const key = keyOf(account, input);
  refuseUnusable(key);
  if (key.usage !== 'SIGN_VERIFY') {
    const message = `${key.arn} key usage is ${key.usage} which is not valid for ${operation}.`;
    throw new AwsError('InvalidKeyUsageException', message);
  }
  const spec = SPECS[key.spec ?? ''];
  const { SigningAlgorithm: algorithm } = input;
  if (spec === undefined || algorithm !== spec.algorithm) {
    const message = `Algorithm ${algorithm} and key spec ${key.spec} are incompatible.`;
    throw new AwsError('InvalidKeyUsageException', message);
  }
  const message = Buffer.from(input.Message ?? []);
  if (message.length === 0 || message.length > MESSAGE_LIMIT)
    throw new AwsError(
      'ValidationException',
      "1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length less than or equal to 4096",
    );
  if (input.MessageType !== undefined && input.MessageType !== 'RAW')
    throw new AwsError(
      'ValidationException',
      `The range signs messages of type RAW, not ${input.MessageType}.`,
    );
  return { key, algorithm, digest: spec.digest, message };
}

function refuseUnusable(key: SimulatedKey): void {
  refusePending(key);
  if (!key.enabled) throw new AwsError('DisabledException', `${key.arn} is disabled.`);
}
