import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { scalarText } from '../detect/common-fields.ts';
import { partsIn } from '../detect/subject.ts';
import type { DecodeOptions } from '../formats/format.ts';
import { FORMATS } from '../formats/registry.ts';
import { decodedOf } from '../formats/stretch.ts';
import type { Event } from '../model/event.ts';
import type { Incident } from '../model/incident.ts';
import { subjectKey } from '../model/subject.ts';
import type { ScannedSource, Surroundings } from '../model/surroundings.ts';
import { isWithin, type TimeRange } from '../model/time-range.ts';
import { filesOf, readFile } from '../sources/files.ts';
import type { Store } from '../store/store.ts';

const MINUTE = 60_000;

/** What looking around may cost. */
const LIMITS = {
  files: 50,
  /** Bytes of all files together, as they are on the disk. */
  bytes: 256 * 1024 * 1024,
  records: 5_000,
  characters: 8 * 1024 * 1024,
};

/** The events of an incident last longer than this only to somebody who wants the evidence to be long. */
const LONGEST = 120 * MINUTE;

type Settings = Pick<Config, 'aws' | 'base' | 'sources' | 'evidence'>;

/**
 * The records of the files that the findings came from which name the subject or a part of it, from
 * `evidence.around` minutes before the first event on, and its other cases of that time. Records that did not come from a
 * file of this machine are not read again.
 */
export async function surroundingsOf(
  incident: Incident,
  store: Pick<Store, 'samples' | 'partsOf' | 'incidents' | 'findings'>,
  settings: Settings,
): Promise<Surroundings> {
  const { subject, firstSeen, lastSeen } = incident;
  const around = settings.evidence.around * MINUTE;
  const range: TimeRange = {
    from: firstSeen - around,
    to: Math.min(lastSeen, firstSeen + LONGEST) + around,
  };
  const names = new Set([subject.id, ...(await store.partsOf(subject)).map(({ id }) => id)]);
  const samples = await store.samples(incident.id);
  const origins = new Set(samples.map(({ origin }) => origin.source));
  const records: Surroundings['records'][number][] = [];
  const sources: ScannedSource[] = [];
  const budget = { characters: LIMITS.characters, bytes: LIMITS.bytes };
  const parts = partsIn(settings.aws.region);
  const isOfSubject = (event: Event): boolean => {
    const format = FORMATS.get(event.format);
    if (format === undefined) return false;
    return names.has(parts(format, (field) => scalarText(event.fields, field), undefined).subject.id);
  };
  for (const source of [...origins].sort()) {
    if (sources.length === LIMITS.files) {
      sources.push({ source: `${origins.size - LIMITS.files} more`, records: 0, left: 'too many files' });
      break;
    }
    const before = records.length;
    const left = await scan(source, decodeOptionsOf(source, settings), budget, (event) => {
      if (!isWithin(range, event.time) || !isOfSubject(event)) return true;
      budget.characters -= event.raw.length;
      if (records.length === LIMITS.records || budget.characters < 0) return false;
      records.push({ origin: event.origin, raw: event.raw });
      return true;
    });
    sources.push({ source, records: records.length - before, ...(left === undefined ? {} : { left }) });
  }
  return { range, names: [...names], records, sources, cases: await otherCases(incident, range, store) };
}

/** Shows every event of a file until `look` says that it is enough; answers why it ended early. */
async function scan(
  path: string,
  decode: DecodeOptions,
  budget: { bytes: number },
  look: (event: Event) => boolean,
): Promise<string | undefined> {
  const file = path.includes('://') ? undefined : statSync(path, { throwIfNoEntry: false });
  if (file?.isFile() !== true) return 'no file of this machine: only the records of the findings are kept';
  budget.bytes -= file.size;
  if (budget.bytes < 0) return `more than ${LIMITS.bytes / 1024 / 1024} MiB in all`;
  try {
    for await (const { stretch } of readFile(path, { ...decode, final: true })) {
      for (const decoded of decodedOf(stretch)) {
        if (decoded.kind === 'event' && !look(decoded.event)) return 'as many records as are kept';
      }
    }
    return undefined;
  } catch (error) {
    return `cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`;
  }
}

/** What the configuration says of the file, as it was read with. */
function decodeOptionsOf(path: string, { sources, base }: Settings): DecodeOptions {
  for (const source of sources) {
    if (!('files' in source) || !filesOf(resolve(base, source.files)).includes(path)) continue;
    return { flowLogFormat: source.logFormat, cloudfrontFields: source.cloudfrontFields };
  }
  return {};
}

async function otherCases(
  { id, subject }: Incident,
  { from, to }: TimeRange,
  store: Pick<Store, 'incidents' | 'findings'>,
): Promise<Surroundings['cases']> {
  const key = subjectKey(subject);
  const others = (await store.incidents()).filter(
    (one) => one.id !== id && subjectKey(one.subject) === key && one.lastSeen >= from && one.firstSeen < to,
  );
  return Promise.all(
    others.map(async (incident) => ({ incident, findings: await store.findings(incident.id) })),
  );
}
