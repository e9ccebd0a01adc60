import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cloudTrailEvents } from './cloudtrail.ts';

export interface TrailData {
  readonly files: readonly string[];
  readonly records: number;
}

/** Files of CloudTrail as it delivers them: one JSON document each, without a line break, gzip. */
export function trailData(folder: string, fileCount: number, perFile: number): TrailData {
  const target = join(folder, `trail-1-${fileCount}-${perFile}`);
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
    const turned = [...records.slice(from), ...records.slice(0, from)];
    writeFileSync(`${file}.partial`, gzipSync(`{"Records":[${turned.join(',')}]}`));
    renameSync(`${file}.partial`, file);
  }
  return { files, records: fileCount * perFile };
}
