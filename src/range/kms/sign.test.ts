import { KMS } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awsClients } from '../../aws/clients.ts';
import { kmsSigner } from '../../aws/kms-signer.ts';
import { signStatement, verifyStatement } from '../../evidence/signing.ts';
import { type Range, startRange } from '../range.ts';

let world: Range;
let kms: KMS;

beforeEach(async () => {
  world = await startRange({});
  kms = new KMS({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
});
afterEach(async () => {
  kms.destroy();
  await world.close();
});

const keyOf = async (
  KeySpec: 'ECC_NIST_EDWARDS25519' | 'ECC_NIST_P256' | 'ECC_NIST_P521' | 'SYMMETRIC_DEFAULT',
) => {
  const KeyUsage = KeySpec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : 'SIGN_VERIFY';
  const made = await kms.createKey({ KeySpec, KeyUsage });
  return made.KeyMetadata?.Arn ?? '';
};

describe('a key of KMS that signs', () => {
  it.each([
    ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256'],
    ['ECC_NIST_P521', 'ECDSA_SHA_512'],
  ] as const)('of spec %s, is verified by KMS, and offline with its public key', async (spec, algorithm) => {
    const KeyId = await keyOf(spec);
    const Message = Buffer.from('a message');
    const signed = { KeyId, Message, SigningAlgorithm: algorithm };
    const { Signature } = await kms.sign(signed);
    expect(await kms.verify({ ...signed, Signature })).toMatchObject({ SignatureValid: true });
    await expect(kms.verify({ ...signed, Message: Buffer.from('another'), Signature })).rejects.toMatchObject(
      {
        name: 'KMSInvalidSignatureException',
      },
    );

    const aws = awsClients({ region: 'us-east-1', endpoint: world.endpoint });
    try {
      const { signer, publicKey } = await kmsSigner(aws, KeyId);
      const text = await signStatement({ type: 'test', n: 1 }, signer);
      expect(verifyStatement(text, 'test', [publicKey])).toMatchObject({ ok: true, statement: { n: 1 } });
      expect(verifyStatement(text.replace('"n":1', '"n":2'), 'test', [publicKey]).ok).toBe(false);
      expect(verifyStatement(text, 'another', [publicKey]).ok).toBe(false);
    } finally {
      aws.close();
    }
  });

  it('refuses as KMS does: another algorithm, a key for something else, one that is disabled', async () => {
    const KeyId = await keyOf('ECC_NIST_P256');
    const Message = Buffer.from('a message');
    await expect(kms.sign({ KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_512' })).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
    });
    const symmetric = await keyOf('SYMMETRIC_DEFAULT');
    await expect(
      kms.sign({ KeyId: symmetric, Message, SigningAlgorithm: 'ECDSA_SHA_256' }),
    ).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: `${symmetric} key usage is ENCRYPT_DECRYPT which is not valid for Sign.`,
    });
    await expect(kms.getPublicKey({ KeyId: symmetric })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    await kms.disableKey({ KeyId });
    await expect(kms.sign({ KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_256' })).rejects.toMatchObject({
      name: 'DisabledException',
    });
  });
});
