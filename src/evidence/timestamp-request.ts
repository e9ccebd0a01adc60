import { createHash, randomBytes } from 'node:crypto';
import { der, derInteger, derOid, TAG } from './der.ts';
import { verifyTimestamp } from './timestamp-token.ts';

const SHA256 = '2.16.840.1.101.3.4.2.1';
const RESPONSE_LIMIT = 64 * 1024;
const TIMEOUT = 10_000;

/**
 * A request that a time-stamping authority signs the SHA-256 of a text; with its certificate, so that the
 * answer can be verified offline. Source: RFC 3161, section 2.4.1.
 */
export function timestampRequest(text: string, nonce: Uint8Array = randomBytes(8)): Buffer {
  const digest = createHash('sha256').update(text).digest();
  const algorithm = der(TAG.sequence, derOid(SHA256), der(0x05));
  return der(
    TAG.sequence,
    derInteger(Buffer.from([1])),
    der(TAG.sequence, algorithm, der(TAG.octetString, digest)),
    derInteger(nonce),
    der(TAG.boolean, Buffer.from([0xff])),
  );
}

/**
 * Asks a time-stamping authority over HTTP and answers its response once it is verified; throws when it
 * does not answer within ten seconds, or not with a stamp of this text. Source: RFC 3161, section 3.4.
 */
export async function requestTimestamp(url: string, text: string, signal: AbortSignal): Promise<Buffer> {
  const nonce = randomBytes(8);
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/timestamp-query' },
    body: new Uint8Array(timestampRequest(text, nonce)),
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
  });
  if (!answer.ok) throw new Error(`the authority answered ${answer.status}`);
  const response = await bodyOf(answer);
  const verdict = verifyTimestamp(response, text, []);
  if (!verdict.ok) throw new Error(`the authority’s answer ${verdict.fault}`);
  if (verdict.nonce !== derInteger(nonce).toString('hex'))
    throw new Error('the authority’s answer is to another request');
  return response;
}

async function bodyOf(answer: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of answer.body ?? []) {
    length += piece.length;
    if (length > RESPONSE_LIMIT) throw new Error('the authority’s answer is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
