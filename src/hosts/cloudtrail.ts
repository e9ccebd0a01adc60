import { readFileSync } from 'node:fs';
import type { AwsSettings } from '../aws/clients.ts';
import { listDigestKeys } from '../aws/cloudtrail-keys.ts';
import { type DigestFile, type JudgedChain, judgeDigests, type Status } from '../formats/cloudtrail/chain.ts';
import {
  type Digest,
  type DigestedLog,
  type DigestKey,
  digestName,
  readDigest,
  sha256,
} from '../formats/cloudtrail/digest.ts';
import { parseDigestKeys } from '../formats/cloudtrail/keys.ts';
import { InputError } from '../model/problem.ts';
import {
  hashOfContent,
  isPlaceOf,
  type Mirror,
  mirrorOf,
  signatureBeside,
  wholeContent,
} from '../sources/mirror.ts';

/** What is found out about one file of a trail. */
export interface FileVerdict {
  readonly kind: 'digest' | 'log';
  readonly status: Status;
  /** The object that it is or should be: `s3://bucket/key`; nothing when nobody says. */
  readonly object?: string;
  /** Where it is; nothing when it is missing. */
  readonly path?: string;
  readonly reason?: string;
}

export type ChainVerdict = Omit<JudgedChain, 'digests' | 'missing'>;

export interface TrailOptions {
  /** Files with public keys; without any, AWS is asked. */
  readonly keyFiles: readonly string[];
  readonly aws: AwsSettings;
  readonly onFile: (verdict: FileVerdict) => void;
}

const DIGEST_NAME = /^\d{12}_CloudTrail-Digest_.*Z(_backfill)?\.json\.gz$/;
const LOG_NAME = /^\d{12}_CloudTrail(-Insight)?_.*\.json\.gz$/;

/**
 * Judges every digest and log file under some paths; answers what the chains of digests cover.
 * Throws an {@link InputError} for paths and key files that are wrong, and what the SDK throws.
 */
export async function verifyTrail(
  patterns: readonly string[],
  { keyFiles, aws, onFile }: TrailOptions,
): Promise<ChainVerdict[]> {
  const mirror = mirrorOf(patterns);
  const files: DigestFile[] = [];
  const unreadable = new Set<string>();
  for (const path of mirror.named(DIGEST_NAME)) {
    const read = await digestFile(path);
    if (typeof read === 'string') {
      onFile({ kind: 'digest', status: 'invalid', path, reason: read });
      unreadable.add(path);
    } else files.push(read.file);
  }
  const keys = await keysFor(files, keyFiles, aws);
  const unlisted = new Set(mirror.named(LOG_NAME));
  const chains = judgeDigests(files, keys);
  for (const { digests, missing } of chains) {
    for (const object of missing) {
      const path = mirror.find(keyOf(object));
      if (path !== undefined && unreadable.has(path)) continue;
      onFile({ kind: 'digest', status: 'missing', object, reason: 'the digest after it names it' });
    }
    for (const { file, judgement } of digests) {
      const { digestS3Bucket, digestS3Object } = file.digest;
      onFile({
        kind: 'digest',
        ...judgement,
        object: `s3://${digestS3Bucket}/${digestS3Object}`,
        path: file.path,
      });
      for await (const verdict of logsOf(file, judgement.status, mirror)) {
        if (verdict.path !== undefined) unlisted.delete(verdict.path);
        onFile(verdict);
      }
    }
  }
  for (const path of unlisted)
    onFile({ kind: 'log', status: 'unproven', path, reason: 'no digest names it' });
  return chains.map(({ digests, missing, ...verdict }) => verdict);
}

/** The list of log files is read again when it is their turn: all lists at once may be more than memory holds. */
async function digestFile(path: string): Promise<{ file: DigestFile; digest: Digest } | string> {
  const content = await wholeContent(path);
  if (typeof content === 'string') return content;
  const digest = readDigest(content);
  if (typeof digest === 'string') return digest;
  const { logFiles, ...light } = digest;
  const inPlace = isPlaceOf(path, digest.digestS3Object) && digestName(digest) !== undefined;
  return {
    digest,
    file: { path, digest: light, hash: sha256(content), signature: signatureBeside(path), inPlace },
  };
}

async function keysFor(
  files: readonly DigestFile[],
  keyFiles: readonly string[],
  aws: AwsSettings,
): Promise<DigestKey[]> {
  if (keyFiles.length > 0) return keyFiles.flatMap(keysOf);
  const regions = new Map<string, number>();
  for (const { digest } of files) {
    const region = digestName(digest)?.region;
    const start = Date.parse(digest.digestStartTime);
    if (region !== undefined) regions.set(region, Math.min(regions.get(region) ?? start, start));
  }
  const lists = await Promise.all(
    [...regions].map(([region, since]) => listDigestKeys({ ...aws, region }, since)),
  );
  return lists.flat();
}

function keysOf(file: string): DigestKey[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new InputError(`${file}: it cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const keys = parseDigestKeys(text);
  if (typeof keys === 'string') throw new InputError(`${file}: ${keys}`);
  return keys;
}

async function* logsOf(file: DigestFile, digestStatus: Status, mirror: Mirror): AsyncGenerator<FileVerdict> {
  const again = await digestFile(file.path);
  if (typeof again === 'string' || again.file.hash !== file.hash) {
    yield { kind: 'digest', status: 'invalid', path: file.path, reason: 'it changed while it was read' };
    return;
  }
  for (const log of again.digest.logFiles) yield await logVerdict(log, digestStatus, mirror);
}

async function logVerdict(
  { s3Bucket, s3Object, hashValue, hashAlgorithm }: DigestedLog,
  digestStatus: Status,
  mirror: Mirror,
): Promise<FileVerdict> {
  const object = `s3://${s3Bucket}/${s3Object}`;
  const path = mirror.find(s3Object);
  if (path === undefined) return { kind: 'log', status: 'missing', object, reason: 'a digest names it' };
  const found = { kind: 'log', object, path } as const;
  if (hashAlgorithm !== 'SHA-256')
    return { ...found, status: 'unproven', reason: `hashed with ${hashAlgorithm}` };
  const content = await hashOfContent(path);
  if ('fault' in content) return { ...found, status: 'invalid', reason: content.fault };
  if (content.hash !== hashValue.toLowerCase()) {
    return { ...found, status: 'invalid', reason: 'its content is not the one that the digest names' };
  }
  return digestStatus === 'valid'
    ? { ...found, status: 'valid' }
    : { ...found, status: 'unproven', reason: `its digest is ${digestStatus}` };
}

function keyOf(object: string): string {
  return object.replace(/^s3:\/\/[^/]*\//, '');
}
