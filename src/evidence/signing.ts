import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { canonicalJson, type Json } from '../model/json.ts';

/** Signs with a key that never leaves where it is: a file of the state folder, or KMS. */
export interface Signer {
  /** The {@link keyIdOf} its public key. */
  readonly keyId: string;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A public key, by its id. */
export interface PublicKey {
  readonly keyId: string;
  readonly key: KeyObject;
}

/** SHA-256 of the key as SubjectPublicKeyInfo, in hexadecimal. */
function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Digests of the curves that sign with ECDSA. Source: AWS KMS API Reference, "Sign", SigningAlgorithm. */
const CURVE_DIGESTS: Readonly<Record<string, string>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
};

/** A public key in PEM or DER (SubjectPublicKeyInfo); throws when it is none that signs with Ed25519 or ECDSA. */
export function publicKey(text: string | Uint8Array): PublicKey {
  const key =
    typeof text === 'string'
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text), format: 'der', type: 'spki' });
  if (digestOf(key) === undefined)
    throw new Error(`a key of type ${key.asymmetricKeyType}: Ed25519 or a NIST curve is wanted`);
  return { keyId: keyIdOf(key), key };
}

/** The digest that a key signs; `null` for Ed25519, which takes the message itself. */
function digestOf(key: KeyObject): string | null | undefined {
  if (key.asymmetricKeyType === 'ed25519') return null;
  if (key.asymmetricKeyType !== 'ec') return undefined;
  return CURVE_DIGESTS[key.asymmetricKeyDetails?.namedCurve ?? ''];
}

/** What is signed: data that says in `type` what it is, so that one kind is never taken for another. */
export type Statement = { readonly type: string } & { readonly [name: string]: Json };

/** A statement as it is kept: one line of JSON with the id of the key and the signature in it. */
export async function signStatement(statement: Statement, signer: Signer): Promise<string> {
  const signed = { ...statement, key: signer.keyId };
  const signature = await signer.sign(Buffer.from(canonicalJson(signed)));
  return `${canonicalJson({ ...signed, signature: Buffer.from(signature).toString('base64') })}\n`;
}

export type StatementVerdict =
  | { readonly ok: true; readonly statement: Statement; readonly keyId: string }
  | { readonly ok: false; readonly fault: string };

/** Whether a text is, to the byte, a statement of a type that one of the keys has signed. */
export function verifyStatement(text: string, type: string, keys: readonly PublicKey[]): StatementVerdict {
  const parsed = parseStatement(text);
  if (parsed === undefined) return { ok: false, fault: 'was changed: it is not a signed statement' };
  const { signature, ...signed } = parsed;
  const known = keys.find(({ keyId }) => keyId === signed.key);
  if (known === undefined) return { ok: false, fault: 'is signed by a key that was not given' };
  const digest = digestOf(known.key) ?? null;
  const bytes = Buffer.from(String(signature), 'base64');
  const genuine =
    bytes.toString('base64') === signature &&
    verify(digest, Buffer.from(canonicalJson(signed)), known.key, bytes);
  if (!genuine) return { ok: false, fault: 'was changed: its signature does not fit' };
  if (signed.type !== type) return { ok: false, fault: `is signed, but as ${signed.type}, not as ${type}` };
  return { ok: true, statement: signed, keyId: known.keyId };
}

/** The text as a statement, whoever signed it; nothing when it is not written as {@link signStatement} writes. */
export function parseStatement(text: string): Statement | undefined {
  try {
    const value = JSON.parse(text) as Statement;
    return value !== null && typeof value.type === 'string' && `${canonicalJson(value)}\n` === text
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}
