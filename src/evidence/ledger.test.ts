import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LedgerEntry } from '../model/journal.ts';
import { canonicalJson, type Json, toJson } from '../model/json.ts';
import { chain, GENESIS, type LedgerHead, verifyLedger } from './ledger.ts';

function ledgerOf(bodies: readonly Json[]): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  let head: LedgerHead = { seq: 0, hash: GENESIS };
  for (const body of bodies) {
    const entry = chain(head, { at: 1_000, kind: 'step.done', caseId: 'case-1', body });
    entries.push(entry);
    head = entry;
  }
  return entries;
}

const bodies = fc.array(fc.jsonValue().map(toJson), { minLength: 2, maxLength: 12 });
const faultsOf = async (entries: readonly LedgerEntry[], checkpoint?: LedgerHead): Promise<number> =>
  (await verifyLedger(entries, checkpoint)).faults.length;

describe('the ledger', () => {
  it('that nobody touched has no fault', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (all) => {
        const entries = ledgerOf(all);
        expect(await faultsOf(entries, entries.at(-1))).toBe(0);
        const restored = JSON.parse(JSON.stringify(entries)) as LedgerEntry[];
        expect(await faultsOf(restored, entries.at(-1))).toBe(0);
      }),
    );
  });

  it('shows any entry that was changed, removed, repeated or moved', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, fc.nat(), fc.nat(), async (all, first, second) => {
        const entries = ledgerOf(all);
        const checkpoint = entries.at(-1);
        const a = first % entries.length;
        const b = second % entries.length;
        const at = (index: number): LedgerEntry => entries[index] as LedgerEntry;
        const changed = entries.with(a, { ...at(a), body: { was: at(a).body } });
        const later = entries.with(a, { ...at(a), at: at(a).at + 1 });
        const ofAnother = entries.with(a, { ...at(a), caseId: 'case-2' });
        for (const tampered of [
          changed,
          later,
          ofAnother,
          entries.toSpliced(a, 1),
          entries.toSpliced(a, 0, at(a)),
        ]) {
          expect(await faultsOf(tampered, checkpoint)).toBeGreaterThan(0);
        }
        if (a !== b)
          expect(await faultsOf(entries.with(a, at(b)).with(b, at(a)), checkpoint)).toBeGreaterThan(0);
      }),
    );
  });

  it('whose end was cut off is whole only to one without a checkpoint', async () => {
    const entries = ledgerOf([1, 2, 3]);
    const verdict = await verifyLedger(entries.slice(0, 2), undefined);
    expect(verdict).toMatchObject({ faults: [], withoutCheckpoint: true });
    expect(await faultsOf(entries.slice(0, 2), entries[2])).toBe(1);
    expect(await faultsOf([], entries[2])).toBe(1);
  });
});

describe('canonical JSON', () => {
  it('is one text for one value, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(toJson(reversed))).toBe(canonicalJson(toJson(value)));
        expect(JSON.parse(canonicalJson(toJson(value)))).toEqual(toJson(value));
      }),
    );
  });
});
