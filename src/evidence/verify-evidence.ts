import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type EvidenceFault, fileFaults, type Manifest, readManifests, SIGNATURE } from './case-file.ts';
import { verifyCaseCheckpoints, verifyCaseLedger } from './case-ledger.ts';
import type { SignedCheckpoint } from './checkpoint.ts';
import { sha256 } from './digest.ts';
import { MANIFEST_TYPE } from './sign-case.ts';
import { type PublicKey, verifyStatement } from './signing.ts';
import { type TimestampVerdict, verifyTimestamp } from './timestamp-token.ts';

/** What is known of a case from its folder and the public keys alone. */
export interface EvidenceVerdict {
  readonly caseId: string;
  readonly folder: string;
  /** Nothing was changed, removed, added or moved, and a key that was given has signed it. */
  readonly whole: boolean;
  readonly faults: readonly EvidenceFault[];
  readonly files: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
    readonly part: number;
  }[];
  readonly signatures: readonly CaseSignature[];
  /** The newest signed state of the ledger that the folder has, and how many entries of the case are in it. */
  readonly ledger?: {
    readonly entries: number;
    readonly checkpoint: number;
    readonly hash: string;
    readonly at: number;
  };
  readonly timestamps: readonly (TimestampVerdict & { readonly ok: true; readonly file: string })[];
}

export interface CaseSignature {
  readonly file: string;
  readonly part: number;
  /** Milliseconds since the epoch, as the signer says. */
  readonly at: number;
  readonly key: string;
}

/**
 * Verifies a case folder: needs nothing else than the public keys. `authorities` are certificates that
 * time stamps must lead to; without any, the one inside the stamp is taken as it is.
 */
export function verifyEvidence(
  folder: string,
  keys: readonly PublicKey[],
  authorities: readonly string[] = [],
): EvidenceVerdict {
  const { manifests, faults: unreadable } = readManifests(folder);
  const faults: EvidenceFault[] = [...unreadable];
  if (manifests.length === 0 && unreadable.length === 0)
    faults.push({ file: 'manifest.json', fault: 'is missing' });
  faults.push(...fileFaults(folder, manifests));
  const signatures = verifySignatures(folder, manifests, keys, faults);
  const checkpoints = verifyCheckpointFiles(folder, manifests, keys, faults);
  const entries = verifyLedgerFiles(folder, manifests, checkpoints, faults);
  const timestamps = verifyTimestamps(folder, manifests, checkpoints, authorities, faults);
  const newest = checkpoints.at(-1);
  return {
    caseId: manifests[0]?.caseId ?? basename(resolve(folder)),
    folder,
    whole: faults.length === 0,
    faults,
    files: manifests.flatMap(({ files, part }) => files.map((file) => ({ ...file, part }))),
    signatures,
    ...(newest === undefined
      ? {}
      : { ledger: { entries, checkpoint: newest.seq, hash: newest.hash, at: newest.at } }),
    timestamps,
  };
}

function verifySignatures(
  folder: string,
  manifests: readonly Manifest[],
  keys: readonly PublicKey[],
  faults: EvidenceFault[],
): CaseSignature[] {
  const signatures: CaseSignature[] = [];
  for (const manifest of manifests) {
    const file = `${manifest.name}${SIGNATURE}`;
    const path = join(folder, file);
    if (!existsSync(path)) {
      // Those before the last are named by the one behind them.
      if (manifest === manifests.at(-1))
        faults.push({
          file: manifest.name,
          fault: 'is not signed: the case is not closed yet, or the signature was removed',
        });
      continue;
    }
    const verdict = verifyStatement(readFileSync(path, 'utf8'), MANIFEST_TYPE, keys);
    if (!verdict.ok) faults.push({ file, fault: verdict.fault });
    else if (verdict.statement.manifest !== manifest.hash || verdict.statement.part !== manifest.part)
      faults.push({ file: manifest.name, fault: 'was changed: it is not the one that was signed' });
    else if (verdict.statement.caseId !== manifest.caseId)
      faults.push({ file, fault: `is of another case, ${verdict.statement.caseId}` });
    else signatures.push({ file, part: manifest.part, at: Number(verdict.statement.at), key: verdict.keyId });
  }
  return signatures;
}

const CHECKPOINTS = /^checkpoints(-\d+)?\.jsonl$/;
const LEDGER = /^ledger(-\d+)?\.jsonl$/;
const TIMESTAMP = /^timestamp(-\d+)?\.tsr$/;

/** The files of the manifests that have such a name and are there. */
function filesNamed(
  folder: string,
  manifests: readonly Manifest[],
  name: RegExp,
): { readonly file: string; readonly bytes: Buffer; readonly manifest: Manifest }[] {
  return manifests.flatMap((manifest) =>
    manifest.files
      .filter((file) => name.test(file.name) && existsSync(join(folder, file.name)))
      .map((file) => ({ file: file.name, bytes: readFileSync(join(folder, file.name)), manifest })),
  );
}

function verifyCheckpointFiles(
  folder: string,
  manifests: readonly Manifest[],
  keys: readonly PublicKey[],
  faults: EvidenceFault[],
): SignedCheckpoint[] {
  const found = new Map<string, SignedCheckpoint>();
  for (const { file, bytes } of filesNamed(folder, manifests, CHECKPOINTS)) {
    const verdict = verifyCaseCheckpoints(file, bytes.toString('utf8'), keys);
    faults.push(...verdict.faults);
    let before: SignedCheckpoint | undefined;
    for (const checkpoint of verdict.checkpoints) {
      if (before !== undefined && checkpoint.previous !== sha256(before.text))
        faults.push({
          file,
          fault: `the checkpoint of entry ${checkpoint.seq} does not follow the one before it`,
        });
      before = checkpoint;
      found.set(checkpoint.text, checkpoint);
    }
  }
  return [...found.values()].sort((a, b) => a.seq - b.seq);
}

function verifyLedgerFiles(
  folder: string,
  manifests: readonly Manifest[],
  checkpoints: readonly SignedCheckpoint[],
  faults: EvidenceFault[],
): number {
  const seqs = new Set<number>();
  const newest = manifests.at(-1);
  // A part that was taken away from the end leaves no gap: every case that is closed has its ledger.
  if (newest !== undefined && !manifests.some(({ ledger }) => ledger !== undefined))
    faults.push({
      file: newest.name,
      fault: 'has no ledger: the case is not closed, or its end was removed',
    });
  for (const { file, bytes, manifest } of filesNamed(folder, manifests, LEDGER)) {
    const expected = Array.isArray(manifest.ledger) ? manifest.ledger : [];
    for (const seq of expected) seqs.add(seq);
    faults.push(...verifyCaseLedger(file, bytes.toString('utf8'), expected, checkpoints));
  }
  return seqs.size;
}

function verifyTimestamps(
  folder: string,
  manifests: readonly Manifest[],
  checkpoints: readonly SignedCheckpoint[],
  authorities: readonly string[],
  faults: EvidenceFault[],
): EvidenceVerdict['timestamps'] {
  return filesNamed(folder, manifests, TIMESTAMP).flatMap(({ file, bytes }) => {
    const texts = checkpoints.map(({ text }) => text);
    const verdicts = texts.map((text) => verifyTimestamp(bytes, text, authorities));
    const genuine = verdicts.find((verdict) => verdict.ok);
    if (genuine?.ok === true) return [{ ...genuine, file }];
    const [first] = verdicts.reverse();
    const fault = first?.ok === false ? first.fault : 'stamps no checkpoint of the case';
    faults.push({ file, fault });
    return [];
  });
}
