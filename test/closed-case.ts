import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CaseFile, caseFile } from '../src/evidence/case-file.ts';
import { exportCaseLedger } from '../src/evidence/case-ledger.ts';
import { readCheckpoints, signLedger } from '../src/evidence/checkpoint.ts';
import { openKeyPair } from '../src/evidence/keys.ts';
import { chain, GENESIS, type LedgerHead } from '../src/evidence/ledger.ts';
import { signCase } from '../src/evidence/sign-case.ts';
import { type PublicKey, publicKey } from '../src/evidence/signing.ts';
import type { LedgerEntry } from '../src/model/journal.ts';

export interface ClosedCase {
  readonly root: string;
  readonly file: CaseFile;
  readonly entries: readonly LedgerEntry[];
  readonly keys: readonly PublicKey[];
  readonly checkpoints: string;
}

/** A case that was sealed and closed, among entries of others, in a ledger that was signed twice. */
export async function closedCase(stamp?: (checkpoint: string) => Promise<Buffer>): Promise<ClosedCase> {
  const root = mkdtempSync(join(tmpdir(), 'cordon-evidence-'));
  const { signer, publicKeyFile } = openKeyPair(join(root, 'keys'));
  const checkpoints = join(root, 'checkpoints');
  const now = (): number => 1_795_500_000_000;
  const entries: LedgerEntry[] = [];
  const add = (count: number): void => {
    for (let number = 0; number < count; number++) {
      const head: LedgerHead = entries.at(-1) ?? { seq: 0, hash: GENESIS };
      const caseId = head.seq % 3 === 1 ? 'case-2' : 'case-1';
      entries.push(chain(head, { at: now() + head.seq, kind: 'step.done', caseId, body: { n: head.seq } }));
    }
  };
  const after = async function* (seq: number) {
    yield* entries.filter((entry) => entry.seq > seq);
  };
  const file = caseFile(join(root, 'cases'), 'case-1');
  add(7);
  await signLedger(checkpoints, after, signer, now);
  file.write('instance.json', '{"InstanceId":"i-1"}\n');
  file.write('records.jsonl', '{"raw":"2 123456789012 eni-1"}\n');
  file.write('user-data', new Uint8Array([0, 255, 1]));
  file.seal();
  await signCase(file, signer, now);
  file.write('instance-after.json', 'null\n');
  add(6);
  const closing = await signLedger(checkpoints, after, signer, now);
  const ledger = await exportCaseLedger(
    entries.filter(({ caseId }) => caseId === 'case-1'),
    readCheckpoints(checkpoints),
    async (first, last) => entries.filter(({ seq }) => seq >= first && seq <= last),
  );
  const pieces = new Map<string, string | Uint8Array>([
    ['ledger.jsonl', ledger.entries],
    ['checkpoints.jsonl', ledger.checkpoints],
  ]);
  if (stamp !== undefined && closing !== undefined) pieces.set('timestamp.tsr', await stamp(closing.text));
  file.addPart(pieces, ledger.seqs);
  await signCase(file, signer, now);
  return { root, file, entries, keys: [publicKey(readFileSync(publicKeyFile, 'utf8'))], checkpoints };
}
