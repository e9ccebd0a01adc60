import { createHash, verify, X509Certificate } from 'node:crypto';
import { type DerElement, der, derOid, generalizedTime, membersOf, readDer, TAG } from './der.ts';

export type TimestampVerdict =
  | {
      readonly ok: true;
      /** When the authority says that it saw the text, milliseconds since the epoch. */
      readonly at: number;
      /** The subject of the certificate that signed, on one line, and its SHA-256. */
      readonly by: string;
      readonly certificate: string;
      /** Whether the certificate leads to one of the authorities that were given. */
      readonly trusted: boolean;
      /** The INTEGER of the request, as DER in hexadecimal; empty when there is none. */
      readonly nonce: string;
    }
  | { readonly ok: false; readonly fault: string };

/** DER of the object identifiers that are looked for, in hexadecimal. */
const oid = (dotted: string): string => derOid(dotted).toString('hex');
const SIGNED_DATA = oid('1.2.840.113549.1.7.2');
const TST_INFO = oid('1.2.840.113549.1.9.16.1.4');
const CONTENT_TYPE = oid('1.2.840.113549.1.9.3');
const MESSAGE_DIGEST = oid('1.2.840.113549.1.9.4');
const SIGNING_CERTIFICATE = oid('1.2.840.113549.1.9.16.2.12');
const SIGNING_CERTIFICATE_V2 = oid('1.2.840.113549.1.9.16.2.47');
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const SHA256 = oid('2.16.840.1.101.3.4.2.1');
const DIGESTS: Readonly<Record<string, string>> = {
  [SHA256]: 'sha256',
  [oid('2.16.840.1.101.3.4.2.2')]: 'sha384',
  [oid('2.16.840.1.101.3.4.2.3')]: 'sha512',
};

/**
 * Whether a response of a time-stamping authority stamps a text: its status, the imprint, the attributes
 * and the signature of the CMS, and that the certificate inside is one for time-stamping. `authorities` are
 * certificates in PEM that it must then lead to.
 * Sources: RFC 3161, sections 2.4.2 and 2.3; RFC 5652, "Cryptographic Message Syntax", section 5; RFC 5816.
 */
export function verifyTimestamp(
  response: Buffer,
  text: string,
  authorities: readonly string[],
): TimestampVerdict {
  try {
    return stampOf(response, text, authorities);
  } catch (error) {
    return { ok: false, fault: `is no time stamp: ${(error as Error).message}` };
  }
}

class NoStamp extends Error {}

function stampOf(response: Buffer, text: string, authorities: readonly string[]): TimestampVerdict {
  const [whole, ...rest] = readDer(response);
  const [statusInfo, token, ...others] = membersOf(whole, TAG.sequence);
  if (rest.length > 0 || others.length > 0) throw new NoStamp('there is more behind it');
  const [status] = membersOf(statusInfo, TAG.sequence);
  const granted = status?.content.length === 1 && (status.content[0] ?? 9) <= 1;
  if (!granted || token === undefined)
    throw new NoStamp(`the authority refused, status ${status?.content[0]}`);
  const signed = signedData(token);
  const info = membersOf(readDer(signed.content)[0], TAG.sequence);
  checkImprint(info[2], text);
  const certificate = verifySigner(signed);
  const at = generalizedTime(info[4]);
  if (at < Date.parse(certificate.validFrom) || at > Date.parse(certificate.validTo))
    throw new NoStamp('its certificate was not valid at its time');
  const nonce = info.slice(5).find(({ tag }) => tag === TAG.integer);
  const trusted = leadsTo(certificate, signed.certificates, authorities);
  if (authorities.length > 0 && !trusted)
    return {
      ok: false,
      fault: 'is signed by a certificate that does not lead to the authority that was given',
    };
  return {
    ok: true,
    at,
    by: certificate.subject.split('\n').join(', '),
    certificate: createHash('sha256').update(certificate.raw).digest('hex'),
    trusted,
    nonce: nonce?.bytes.toString('hex') ?? '',
  };
}

interface SignedData {
  /** The TSTInfo, in DER. */
  readonly content: Buffer;
  readonly certificates: readonly X509Certificate[];
  readonly signer: readonly DerElement[];
}

function signedData(token: DerElement): SignedData {
  const [type, explicit] = membersOf(token, TAG.sequence);
  if (type?.bytes.toString('hex') !== SIGNED_DATA) throw new NoStamp('no SignedData');
  const [, , encapsulated, ...rest] = membersOf(membersOf(explicit, 0xa0)[0], TAG.sequence);
  const [contentType, content] = membersOf(encapsulated, TAG.sequence);
  if (contentType?.bytes.toString('hex') !== TST_INFO) throw new NoStamp('no TSTInfo');
  const [octets] = membersOf(content, 0xa0);
  if (octets?.tag !== TAG.octetString) throw new NoStamp('no content');
  const certificates = rest.find(({ tag }) => tag === 0xa0);
  const [signer, ...more] = membersOf(rest.at(-1), TAG.set);
  if (more.length > 0) throw new NoStamp('it has several signers');
  return {
    content: octets.content,
    certificates: (certificates === undefined ? [] : readDer(certificates.content))
      .filter(({ tag }) => tag === TAG.sequence)
      .map(({ bytes }) => new X509Certificate(bytes)),
    signer: membersOf(signer, TAG.sequence),
  };
}

function checkImprint(imprint: DerElement | undefined, text: string): void {
  const [algorithm, hashed] = membersOf(imprint, TAG.sequence);
  if (membersOf(algorithm, TAG.sequence)[0]?.bytes.toString('hex') !== SHA256)
    throw new NoStamp('its imprint is not of SHA-256');
  if (hashed?.content.equals(createHash('sha256').update(text).digest()) !== true)
    throw new NoStamp('it stamps something else');
}

/** The certificate whose key has signed the attributes, which name the content by its digest. */
function verifySigner({ content, certificates, signer }: SignedData): X509Certificate {
  const [, , digestAlgorithm, attributes, , signature] = signer;
  const digest = DIGESTS[membersOf(digestAlgorithm, TAG.sequence)[0]?.bytes.toString('hex') ?? ''];
  if (digest === undefined) throw new NoStamp('its digest is neither SHA-256, SHA-384 nor SHA-512');
  if (attributes?.tag !== 0xa0 || signature?.tag !== TAG.octetString) throw new NoStamp('it is not signed');
  const values = new Map(
    readDer(attributes.content).map((attribute) => {
      const [type, set] = membersOf(attribute, TAG.sequence);
      return [type?.bytes.toString('hex') ?? '', membersOf(set, TAG.set)[0]] as const;
    }),
  );
  if (values.get(CONTENT_TYPE)?.bytes.toString('hex') !== TST_INFO)
    throw new NoStamp('its content type is another');
  if (values.get(MESSAGE_DIGEST)?.content.equals(createHash(digest).update(content).digest()) !== true)
    throw new NoStamp('its content was changed');
  // Signed as the SET that they are, not with the tag that they have in the message.
  const signedBytes = der(TAG.set, attributes.content);
  const certificate = certificates.find(
    (one) => isOf(one, values) && canVerify(one, digest, signedBytes, signature.content),
  );
  if (certificate === undefined) throw new NoStamp('its signature does not fit a certificate in it');
  if (certificate.keyUsage?.includes(TIME_STAMPING) !== true)
    throw new NoStamp('its certificate is not for time-stamping');
  return certificate;
}

/** The attribute that binds the certificate: without it another one of the same key could be put in. */
function isOf(certificate: X509Certificate, values: ReadonlyMap<string, DerElement | undefined>): boolean {
  const v2 = values.get(SIGNING_CERTIFICATE_V2);
  const bound = v2 ?? values.get(SIGNING_CERTIFICATE);
  const [first] = membersOf(membersOf(bound, TAG.sequence)[0], TAG.sequence);
  const parts = membersOf(first, TAG.sequence);
  const algorithm = parts[0]?.tag === TAG.sequence ? membersOf(parts[0], TAG.sequence)[0] : undefined;
  const digest = v2 === undefined ? 'sha1' : (DIGESTS[algorithm?.bytes.toString('hex') ?? SHA256] ?? '');
  const hash = parts.find(({ tag }) => tag === TAG.octetString);
  return digest !== '' && hash?.content.equals(createHash(digest).update(certificate.raw).digest()) === true;
}

function canVerify(
  { publicKey }: X509Certificate,
  digest: string,
  bytes: Buffer,
  signature: Buffer,
): boolean {
  const type = publicKey.asymmetricKeyType;
  return verify(type === 'ed25519' || type === 'ed448' ? null : digest, bytes, publicKey, signature);
}

const LONGEST_CHAIN = 8;

/** Whether a certificate is, or was issued through others by, one that is trusted. */
function leadsTo(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  authorities: readonly string[],
): boolean {
  const trusted = authorities.map((pem) => new X509Certificate(pem));
  let current: X509Certificate | undefined = certificate;
  for (let step = 0; current !== undefined && step < LONGEST_CHAIN; step++) {
    const child: X509Certificate = current;
    if (trusted.some((one) => one.raw.equals(child.raw) || issued(one, child))) return true;
    current = others.find((one) => !one.raw.equals(child.raw) && one.ca && issued(one, child));
  }
  return false;
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}
