import {
  type DigestHeader,
  type DigestKey,
  type DigestName,
  digestName,
  isSignedBy,
  stringToSign,
} from './digest.ts';

/** A digest file as it was found. */
export interface DigestFile {
  readonly path: string;
  readonly digest: DigestHeader;
  /** SHA-256 of the uncompressed content. */
  readonly hash: string;
  /** In hex, where it is known from beside the file: the object's metadata hold it. */
  readonly signature: string | undefined;
  /** Whether the file is where the digest says that it was delivered. */
  readonly inPlace: boolean;
}

export type Status = 'valid' | 'invalid' | 'missing' | 'unproven';

export interface Judgement {
  readonly status: Status;
  readonly reason?: string;
}

/** All digests of one trail in one region, the oldest first. */
export interface JudgedChain {
  readonly name: string;
  readonly region: string;
  readonly trail: string;
  readonly digests: readonly { readonly file: DigestFile; readonly judgement: Judgement }[];
  /** Objects that a digest names as the one before it and that are not there. */
  readonly missing: readonly string[];
  /** Times in which validation was turned off, or no trail was logging. */
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
  /** What the valid digests cover; nothing when none is valid. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Whether the oldest one says that it is the first, and not only the first that is here. */
  readonly complete: boolean;
}

const ALGORITHM = 'SHA256withRSA';
/** A digest is signed soon after its hour. */
const SIGNED_WITHIN = 3_600_000;

/**
 * Judges digests by their signatures and by what each says of the one before it. A signature is
 * enough by itself; the chain shows what was removed or put in the place of another.
 * Source: AWS CloudTrail User Guide, "Custom implementations of CloudTrail log file integrity validation".
 */
export function judgeDigests(files: readonly DigestFile[], keys: readonly DigestKey[]): JudgedChain[] {
  const byObject = new Map(files.map((file) => [objectOf(file.digest), file]));
  const after = new Map<string, DigestFile[]>();
  for (const file of files) {
    const before = previousOf(file.digest);
    if (before !== undefined) after.set(before, [...(after.get(before) ?? []), file]);
  }
  const chains = new Map<string, { name: DigestName; files: DigestFile[] }>();
  for (const file of files) {
    const name = digestName(file.digest) ?? { chain: objectOf(file.digest), region: '', trail: '' };
    const chain = chains.get(name.chain) ?? { name, files: [] };
    chain.files.push(file);
    chains.set(name.chain, chain);
  }
  // The newest first: what follows a digest is judged before it.
  const judged = new Map<DigestFile, Judgement>();
  for (const file of [...files].sort((one, other) => endOf(other) - endOf(one))) {
    const followers = after.get(objectOf(file.digest)) ?? [];
    const trusted = followers.filter((follower) => judged.get(follower)?.status === 'valid');
    judged.set(file, judge(file, { followers, trusted }, keys));
  }
  return [...chains.values()]
    .map(({ name, files: members }) => chainOf(name, members, byObject, judged))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

interface Followers {
  /** Digests that name this one as the one before them. */
  readonly followers: readonly DigestFile[];
  /** Those of them that are valid. */
  readonly trusted: readonly DigestFile[];
}

function judge(file: DigestFile, { followers, trusted }: Followers, keys: readonly DigestKey[]): Judgement {
  const { digest, hash, signature, inPlace } = file;
  if (!inPlace) return invalid(`it was moved: it was delivered as ${objectOf(digest)}`);
  for (const { digest: next } of trusted) {
    if (next.previousDigestHashValue?.toLowerCase() !== hash) {
      return invalid('its content is not the one that the next digest names');
    }
  }
  if (digest.digestSignatureAlgorithm !== ALGORITHM)
    return unproven(`signed with ${digest.digestSignatureAlgorithm}`);
  const named = keys.filter(({ fingerprint }) => fingerprint === digest.digestPublicKeyFingerprint);
  if (named.length === 0)
    return unproven(`no public key with the fingerprint ${digest.digestPublicKeyFingerprint}`);
  const inUse = named.filter((key) => wasInUse(key, digest));
  if (inUse.length === 0) return invalid('its key was not in use at its time');
  const signatures = followers.flatMap(({ digest: next }) => next.previousDigestSignature ?? []);
  if (signature !== undefined) signatures.push(signature);
  if (signatures.length === 0) {
    return unproven('no later digest holds its signature, and no file beside it does');
  }
  const text = stringToSign(digest, hash);
  const right = inUse.some(({ key }) => signatures.some((one) => isSignedBy(key, text, one)));
  return right ? { status: 'valid' } : invalid('its signature is not right');
}

function chainOf(
  { chain, region, trail }: DigestName,
  members: readonly DigestFile[],
  byObject: ReadonlyMap<string, DigestFile>,
  judged: ReadonlyMap<DigestFile, Judgement>,
): JudgedChain {
  const files = [...members].sort((one, other) => endOf(one) - endOf(other));
  const missing = new Set<string>();
  const gaps: { from: string; to: string }[] = [];
  for (const [index, file] of files.entries()) {
    const earlier = files[index - 1];
    if (earlier === undefined) continue;
    const before = previousOf(file.digest);
    if (before === undefined)
      gaps.push({ from: earlier.digest.digestEndTime, to: file.digest.digestStartTime });
    else if (!byObject.has(before)) missing.add(before);
  }
  const digests = files.map((file) => ({
    file,
    judgement: judged.get(file) ?? unproven('it was not judged'),
  }));
  const valid = digests
    .filter(({ judgement }) => judgement.status === 'valid')
    .map(({ file }) => file.digest);
  const [first] = files;
  return {
    name: chain,
    region,
    trail,
    digests,
    missing: [...missing],
    gaps,
    from: valid.map(({ digestStartTime }) => digestStartTime).sort()[0],
    to: valid
      .map(({ digestEndTime }) => digestEndTime)
      .sort()
      .at(-1),
    complete: first !== undefined && previousOf(first.digest) === undefined,
  };
}

/** A digest that fills in what came late is signed when it is made, and only its metadata say when. */
function wasInUse({ from, to }: DigestKey, digest: DigestHeader): boolean {
  if (digest.digestS3Object.endsWith('_backfill.json.gz')) return true;
  return from <= Date.parse(digest.digestEndTime) + SIGNED_WITHIN && to >= Date.parse(digest.digestStartTime);
}

function objectOf({ digestS3Bucket, digestS3Object }: DigestHeader): string {
  return `s3://${digestS3Bucket}/${digestS3Object}`;
}

function previousOf({ previousDigestS3Bucket, previousDigestS3Object }: DigestHeader): string | undefined {
  return previousDigestS3Bucket && previousDigestS3Object
    ? `s3://${previousDigestS3Bucket}/${previousDigestS3Object}`
    : undefined;
}

function endOf({ digest }: DigestFile): number {
  return Date.parse(digest.digestEndTime);
}

function invalid(reason: string): Judgement {
  return { status: 'invalid', reason };
}

function unproven(reason: string): Judgement {
  return { status: 'unproven', reason };
}
