import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ClosedCase, closedCase } from '../../test/closed-case.ts';
import { publicKey } from './signing.ts';
import { type EvidenceVerdict, verifyEvidence } from './verify-evidence.ts';

let closed: ClosedCase;
let names: string[];

beforeAll(async () => {
  closed = await closedCase();
  names = readdirSync(closed.file.folder).sort();
});

/** What is found in a copy of the case that somebody has worked on. */
function tampered(work: (folder: string) => void): EvidenceVerdict {
  const folder = join(mkdtempSync(join(tmpdir(), 'cordon-tampered-')), 'case-1');
  cpSync(closed.file.folder, folder, { recursive: true });
  work(folder);
  try {
    return verifyEvidence(folder, closed.keys);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const faultsOf = (work: (folder: string) => void): string[] =>
  tampered(work).faults.map(({ file, fault }) => `${file} ${fault}`);
const linesOf = (folder: string): string[] =>
  readFileSync(join(folder, 'ledger.jsonl'), 'utf8').split(/(?<=\n)/);
const rewrite = (change: (lines: string[]) => string[]) => (folder: string) =>
  writeFileSync(join(folder, 'ledger.jsonl'), change(linesOf(folder)).join(''));

describe('the folder of a closed case', () => {
  it('is whole to who has nothing else than it and the public key', () => {
    const verdict = verifyEvidence(closed.file.folder, closed.keys);
    expect(verdict).toMatchObject({
      caseId: 'case-1',
      whole: true,
      faults: [],
      signatures: [{ part: 1 }, { part: 3 }],
      ledger: { checkpoint: 13, hash: closed.entries.at(-1)?.hash },
    });
    expect(verdict.files.map(({ name, part }) => [name, part])).toEqual([
      ['instance.json', 1],
      ['records.jsonl', 1],
      ['user-data', 1],
      ['instance-after.json', 2],
      ['manifest.json.sig', 2],
      ['checkpoints.jsonl', 3],
      ['ledger.jsonl', 3],
    ]);
  });

  it('names the file of any byte that is flipped', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'cordon-flipped-')), 'case-1');
    cpSync(closed.file.folder, folder, { recursive: true });
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (which, where, bits) => {
        const name = names[which % names.length] ?? '';
        const whole = readFileSync(join(folder, name));
        const bytes = Buffer.from(whole);
        const at = where % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ bits;
        writeFileSync(join(folder, name), bytes);
        const verdict = verifyEvidence(folder, closed.keys);
        writeFileSync(join(folder, name), whole);
        expect(verdict.whole).toBe(false);
        expect(verdict.faults.map(({ file }) => file)).toContain(name);
      }),
      { numRuns: 300 },
    );
  });

  it('names the file that was cut, made longer, or removed', () => {
    for (const name of names) {
      expect(faultsOf((folder) => rmSync(join(folder, name))).join(), name).toContain(
        name.replace(/^(manifest-3\.json)\.sig$/, '$1 is not signed'),
      );
      for (const change of [
        (text: Buffer) => text.subarray(1),
        (text: Buffer) => Buffer.concat([text, text]),
      ]) {
        const faults = faultsOf((folder) => {
          const path = join(folder, name);
          writeFileSync(path, change(readFileSync(path)));
        });
        expect(faults.join(), name).toContain(name);
      }
    }
  });

  it('names any file that was added or renamed, whatever its name', () => {
    const fresh = [
      'x',
      'deep/y.txt',
      'a.partial',
      'manifest-4.json',
      'ledger-2.jsonl',
      'manifest.json.sig.sig',
    ];
    for (const name of fresh) {
      const faults = faultsOf((folder) => {
        cpSync(join(folder, 'instance.json'), join(folder, name), { recursive: true });
      });
      expect(faults.join(), name).toContain(name);
    }
    expect(faultsOf((folder) => renameSync(join(folder, 'user-data'), join(folder, 'other')))).toEqual([
      'user-data is missing',
      'other was added',
    ]);
  });

  it('names the entry of the ledger that was moved, removed, repeated or put in', () => {
    const seqs = closed.entries.filter(({ caseId }) => caseId === 'case-1').map(({ seq }) => seq);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (one, other) => {
        const a = one % seqs.length;
        const b = other % seqs.length;
        const [first = 0, second = 0] = [seqs[Math.min(a, b)], seqs[Math.max(a, b)]];
        if (a !== b) {
          const swapped = faultsOf(rewrite((lines) => lines.with(a, lines[b] ?? '').with(b, lines[a] ?? '')));
          expect(swapped).toContain(`ledger.jsonl entry ${first} was moved`);
          expect(swapped).toContain('ledger.jsonl was changed');
          expect(first).toBeLessThan(second);
        }
        const removed = faultsOf(rewrite((lines) => lines.toSpliced(a, 1)));
        expect(removed).toContain(`ledger.jsonl entry ${seqs[a]} was removed`);
        const repeated = faultsOf(rewrite((lines) => lines.toSpliced(a, 0, lines[a] ?? '')));
        expect(repeated).toContain(`ledger.jsonl entry ${seqs[a]} is there twice`);
        const cut = faultsOf(rewrite((lines) => lines.slice(0, a)));
        for (const seq of seqs.slice(a)) expect(cut).toContain(`ledger.jsonl entry ${seq} was removed`);
      }),
      { numRuns: 40 },
    );
  });

  it('names the entry whose content was rewritten, also together with all its hashes', () => {
    const changed = faultsOf(
      rewrite((lines) => lines.with(1, (lines[1] ?? '').replace('"kind":"step.done"', '"kind":"step.fake"'))),
    );
    expect(changed).toContain('ledger.jsonl entry 3 was changed: its hash does not fit its content');
    const proof = faultsOf(
      rewrite((lines) => lines.with(1, (lines[1] ?? '').replace(/"proof":\["\w{4}/, '"proof":["0000'))),
    );
    expect(proof).toContain('ledger.jsonl entry 3 is not in the ledger that was signed');
  });

  it('that somebody sealed and signed anew is not theirs who had the key', async () => {
    const other = await closedCase();
    const { faults, whole } = verifyEvidence(other.file.folder, closed.keys);
    expect(whole).toBe(false);
    expect(faults).toContainEqual({
      file: 'manifest-3.json.sig',
      fault: 'is signed by a key that was not given',
    });
    const signature = readFileSync(join(other.file.folder, 'manifest-3.json.sig'));
    expect(
      faultsOf((folder) => writeFileSync(join(folder, 'manifest-3.json.sig'), signature)).join(),
    ).toContain('manifest-3.json.sig is signed by a key that was not given');
  });

  it('whose closing part was taken away whole is not taken for a case that was closed', () => {
    const faults = faultsOf((folder) => {
      for (const name of names)
        if (/^(manifest-[23]|ledger|checkpoints|instance-after)/.test(name)) rmSync(join(folder, name));
    });
    expect(faults).toEqual(['manifest.json has no ledger: the case is not closed, or its end was removed']);
  });

  it('of which nothing is left has no fault that throws', () => {
    expect(faultsOf((folder) => rmSync(folder, { recursive: true }))).toEqual(['manifest.json is missing']);
  });
});

describe('a public key', () => {
  it('that signs in another way is refused', () => {
    const { publicKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = rsa.export({ type: 'spki', format: 'pem' }).toString();
    expect(() => publicKey(pem)).toThrow('Ed25519 or a NIST curve is wanted');
  });
});
