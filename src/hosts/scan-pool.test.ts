import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openTemporaryStore } from '../../test/temporary-store.ts';
import { configOf } from '../config/config.ts';
import { detector } from '../detect/detector.ts';
import { NO_INVENTORY, NO_OWNERS } from '../detect/inventory.ts';
import { addressSet } from '../intel/address-set.ts';
import { takeIn } from '../respond/intake.ts';
import { readFile } from '../sources/files.ts';
import type { Store } from '../store/store.ts';
import { type IngestSizes, ingest } from './ingest.ts';
import { openReplay } from './replay.ts';
import { type Setup, setUp } from './setup.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-scan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const list = join(folder, 'bad.txt');
writeFileSync(list, '198.51.100.0/24\n');
const ready = setUp(
  configOf({ lists: { bad_ips: { file: list, reserved: 'ignore' } }, networks: ['10.0.0.0/8'] }, folder),
);
if (!ready.ok) throw new Error(ready.problems[0]?.message);
const setup: Setup = ready.value;
const WINDOW = 60 * 60_000;

/** Lines of flow logs: traffic of some interfaces, hours apart or together, and lines that are none. */
const line = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(
        fc.constantFrom('eni-1', 'eni-2', 'eni-3'),
        fc.constantFrom('192.0.2.1', '198.51.100.7'),
        fc.constantFrom('22', '443', '4444'),
        fc.constantFrom('ACCEPT', 'REJECT'),
        fc.integer({ min: 0, max: 30_000 }),
      )
      .map(
        ([eni, peer, port, action, at]) =>
          `2 123456789012 ${eni} 10.0.0.5 ${peer} 40000 ${port} 6 1 60 ${1_795_500_000 + at} ${1_795_500_060 + at} ${action} OK`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'no record', '2 1 eni-1 - - - - - - - 1 2 - NODATA', 'x'.repeat(300)),
  },
);

/** All that was stored, but for when and how often it was written. */
async function stored(store: Store) {
  const incidents = (await store.incidents()).map(({ version: _, openedAt: __, ...incident }) => incident);
  const findings = await Promise.all(incidents.map(({ id }) => store.findings(id)));
  const samples = await Promise.all(incidents.map(({ id }) => store.samples(id)));
  const ledger = [];
  for await (const { kind, caseId, body } of store.ledger()) ledger.push({ kind, caseId, body });
  const bad = await store.badRecords(10_000);
  return { incidents, findings, samples, ledger, bad };
}

interface Cuts extends IngestSizes {
  readonly window: number;
  readonly piece: number;
}

async function watched(paths: readonly string[], cuts: Cuts) {
  const store = openTemporaryStore();
  const detect = detector({
    rules: setup.rules,
    inventory: NO_INVENTORY,
    owners: NO_OWNERS,
    ownNetworks: addressSet(['10.0.0.0/8']),
    region: 'us-east-1',
  });
  for (const path of paths) {
    const chunks = readFile(path, { final: true, window: cuts.window, piece: cuts.piece });
    for await (const { runs, badRecords } of ingest(chunks, detect, WINDOW, cuts)) {
      await takeIn(store, { runs, badRecords }, { window: WINDOW, bindingOf: setup.bindingOf }, () => 0);
    }
  }
  const found = await stored(store);
  await store.close();
  return found;
}

let names = 0;
function filesOf(contents: readonly (readonly string[])[], cut: number): string[] {
  return contents.map((lines, index) => {
    const path = join(folder, `f${names++}.log`);
    const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(''));
    const packed = index % 2 === 0 ? bytes : gzipSync(bytes);
    writeFileSync(path, cut > 0 && index === 1 ? packed.subarray(0, -cut) : packed);
    return path;
  });
}

describe('what is found', () => {
  it('is the same to the byte, whatever the chunks, the window and the batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(line, { maxLength: 60 }), { minLength: 1, maxLength: 3 }),
        fc.nat({ max: 12 }),
        fc.record({
          window: fc.integer({ min: 16, max: 2_000 }),
          piece: fc.integer({ min: 1, max: 500 }),
          held: fc.integer({ min: 1, max: 20 }),
          records: fc.integer({ min: 1, max: 50 }),
        }),
        async (contents, cut, cuts) => {
          const paths = filesOf(contents, cut);
          const whole = await watched(paths, {
            window: 1_000_000,
            piece: 1_000_000,
            held: 1e9,
            records: 1e9,
          });
          expect(await watched(paths, cuts)).toEqual(whole);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is the same with one thread and with several', async () => {
    const lines = fc.sample(fc.array(line, { minLength: 400, maxLength: 900 }), { numRuns: 7, seed: 7 });
    const paths = filesOf(lines, 9);
    const replayed = async (threads: number) => {
      const { replay, close } = openReplay(paths, { askAws: false, threads });
      try {
        return await replay(setup);
      } finally {
        await close();
      }
    };
    const one = await replayed(1);
    expect(one.subjects).toHaveLength(3);
    expect(one.badRecords).toBeGreaterThan(10);
    for (const threads of [2, 4]) expect(JSON.stringify(await replayed(threads))).toBe(JSON.stringify(one));
  });
});
