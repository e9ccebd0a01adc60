import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cloudTrailEvents } from './cloudtrail.ts';

export interface TrailData {
  readonly files: readonly string[];
  readonly records: number;
}

const GENERATED_TIME = '2026-01-01T00:00:00Z';
const EVENTS_PER_SECOND = 20;

/** The time of an event among all. */
function timeOf(number: number): string {
  const time = Date.parse(GENERATED_TIME) + Math.floor(number / EVENTS_PER_SECOND) * 1_000;
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** Files of CloudTrail as it delivers them: one JSON document each, without a line break, gzip. */
export function trailData(folder: string, fileCount: number, perFile: number): TrailData {
  const target = join(folder, `trail-3-${fileCount}-${perFile}`);
  mkdirSync(target, { recursive: true });
  const files = Array.from({ length: fileCount }, (_, index) =>
    join(target, `123456789012_CloudTrail_us-east-1_${String(index).padStart(3, '0')}.json.gz`),
  );
  let records: string[] | undefined;
  for (const [index, file] of files.entries()) {
    if (existsSync(file)) continue;
    records ??= cloudTrailEvents(perFile).map(({ raw }) => raw);
    // Each file begins elsewhere among the same events.
    const from = (index * 7_919) % records.length;
    const turned = [...records.slice(from), ...records.slice(0, from)].map((raw, place) =>
      raw.replace(GENERATED_TIME, timeOf(index * perFile + place)),
    );
    writeFileSync(`${file}.partial`, gzipSync(`{"Records":[${turned.join(',')}]}`));
    renameSync(`${file}.partial`, file);
  }
  return { files, records: fileCount * perFile };
}
