import type { LedgerEntry } from '../model/journal.ts';
import { canonicalJson, type Json, toJson } from '../model/json.ts';
import type { EvidenceFault } from './case-file.ts';
import { checkpointFault, parseCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import { entryHash } from './ledger.ts';
import { merkleTree, provenRoot } from './merkle.ts';
import type { PublicKey } from './signing.ts';

/** An entry of the ledger in a case folder, with the way from it to the root of a signed checkpoint. */
interface ProvenEntry extends LedgerEntry {
  readonly proof: readonly string[];
}

/** The ledger entries of a case, each with its proof, and the checkpoints that the proofs lead to. */
export interface CaseLedger {
  readonly entries: string;
  readonly checkpoints: string;
  readonly seqs: readonly number[];
}

/**
 * The entries of a case, taken out of the ledger so that they can be verified without it. `between` gives
 * all entries of the ledger from one sequence number to another; entries behind the last checkpoint are
 * left out.
 */
export async function exportCaseLedger(
  entries: readonly LedgerEntry[],
  checkpoints: readonly SignedCheckpoint[],
  between: (first: number, last: number) => Promise<LedgerEntry[]>,
): Promise<CaseLedger> {
  const lines: string[] = [];
  const seqs: number[] = [];
  const used: SignedCheckpoint[] = [];
  for (const checkpoint of checkpoints) {
    const { first, seq: last } = checkpoint;
    const covered = entries.filter(({ seq }) => seq >= first && seq <= last);
    // From the first that is needed on none is left out: they are a chain.
    if (covered.length === 0 && used.length === 0) continue;
    used.push(checkpoint);
    if (covered.length === 0) continue;
    const all = await between(first, last);
    const tree = merkleTree(all.map(({ hash }) => hash));
    for (const entry of covered) {
      const proof = tree.proof(all.findIndex(({ seq }) => seq === entry.seq));
      lines.push(`${canonicalJson(toJson({ ...entry, proof }))}\n`);
      seqs.push(entry.seq);
    }
  }
  return { entries: lines.join(''), checkpoints: used.map(({ text }) => text).join(''), seqs };
}

/** Names what is wrong with the checkpoints of a case folder; answers those that are genuine. */
export function verifyCaseCheckpoints(
  file: string,
  text: string,
  keys: readonly PublicKey[],
): { readonly checkpoints: SignedCheckpoint[]; readonly faults: EvidenceFault[] } {
  const checkpoints: SignedCheckpoint[] = [];
  const faults: EvidenceFault[] = [];
  for (const [at, line] of linesOf(text).entries()) {
    const fault = checkpointFault(line, keys);
    const checkpoint = parseCheckpoint(line);
    if (fault === undefined && checkpoint !== undefined) checkpoints.push(checkpoint);
    else faults.push({ file, fault: `line ${at + 1} ${fault ?? 'is not a checkpoint'}` });
  }
  return { checkpoints, faults };
}

/** Names every ledger entry of a case folder that was changed, removed, added or moved. */
export function verifyCaseLedger(
  file: string,
  text: string,
  expected: readonly number[],
  checkpoints: readonly SignedCheckpoint[],
): EvidenceFault[] {
  const faults: EvidenceFault[] = [];
  const fault = (message: string): void => void faults.push({ file, fault: message });
  const wanted = new Set(expected);
  const seen = new Set<number>();
  let before: ProvenEntry | undefined;
  for (const [at, line] of linesOf(text).entries()) {
    const entry = parseEntry(line);
    if (entry === undefined) {
      fault(`line ${at + 1} was changed: it is no ledger entry`);
      continue;
    }
    const { seq, hash, previous } = entry;
    if (seen.has(seq)) fault(`entry ${seq} is there twice`);
    else if (!wanted.has(seq)) fault(`entry ${seq} was added`);
    else if (before !== undefined && seq < before.seq) fault(`entry ${seq} was moved`);
    seen.add(seq);
    if (entryHash(seq, previous, entry) !== hash)
      fault(`entry ${seq} was changed: its hash does not fit its content`);
    else if (before !== undefined && before.seq === seq - 1 && previous !== before.hash)
      fault(`entry ${seq} does not follow entry ${before.seq}`);
    else if (!isProven(entry, checkpoints)) fault(`entry ${seq} is not in the ledger that was signed`);
    before = entry;
  }
  for (const seq of expected) if (!seen.has(seq)) fault(`entry ${seq} was removed`);
  return faults;
}

function isProven({ seq, hash, proof }: ProvenEntry, checkpoints: readonly SignedCheckpoint[]): boolean {
  const checkpoint = checkpoints.find((one) => seq >= one.first && seq <= one.seq);
  if (checkpoint === undefined) return false;
  const { first, seq: last, root } = checkpoint;
  return provenRoot(hash, seq - first, last - first + 1, proof) === root;
}

function parseEntry(line: string): ProvenEntry | undefined {
  try {
    const value = JSON.parse(line) as ProvenEntry;
    const { seq, at, kind, previous, hash, proof } = value;
    const whole =
      Number.isSafeInteger(seq) &&
      typeof at === 'number' &&
      [kind, previous, hash].every((part) => typeof part === 'string') &&
      Array.isArray(proof) &&
      proof.every((part) => typeof part === 'string') &&
      `${canonicalJson(value as unknown as Json)}\n` === line;
    return whole ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Lines with their line ends, so that a missing one shows. */
function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}
