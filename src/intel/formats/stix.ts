import { jsonObject } from './json.ts';
import { type ListReading, parseTime } from './reader.ts';
import { patternValues } from './stix-pattern.ts';

/** What is read of a STIX object; everything in it is another's. */
export interface StixObject {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly modified?: unknown;
  readonly created?: unknown;
  readonly revoked?: unknown;
  readonly name?: unknown;
  readonly confidence?: unknown;
  readonly pattern?: unknown;
  readonly pattern_type?: unknown;
  readonly valid_from?: unknown;
  readonly valid_until?: unknown;
}

/** The objects of a bundle or of a TAXII envelope, or nothing when the text is neither. */
export function stixObjects(text: string): readonly StixObject[] | undefined {
  const object = jsonObject(text);
  if (object?.type !== 'bundle' && !('objects' in (object ?? {}))) return undefined;
  const { objects } = object ?? {};
  if (objects === undefined) return [];
  if (!Array.isArray(objects)) return undefined;
  return objects.filter((one): one is StixObject => typeof one === 'object' && one !== null);
}

/** Of each object the newest version, without those that are revoked. Source: STIX 2.1, section 3.6 (Versioning). */
export function newestVersions(objects: Iterable<StixObject>): StixObject[] {
  const newest = new Map<unknown, StixObject>();
  for (const object of objects) {
    const known = newest.get(object.id);
    if (known === undefined || versionOf(known) <= versionOf(object)) newest.set(object.id, object);
  }
  return [...newest.values()].filter(({ revoked }) => revoked !== true);
}

function versionOf({ modified, created }: StixObject): string {
  return String(modified ?? created ?? '');
}

/** Indicators of a STIX 2 bundle. Source: STIX 2.1, section 4.7 (Indicator). */
export function readStix(reading: ListReading): void {
  const { source, faults, skip } = reading;
  const text = faults.textBetween(0, source.bytes.length);
  const objects = stixObjects(text);
  if (objects === undefined) {
    faults.report(0, 1, { message: 'no STIX bundle', expected: '{"type": "bundle", "objects": […]}' });
    return;
  }
  let from = 0;
  for (const object of newestVersions(objects)) {
    if (object.type !== 'indicator') {
      skip();
      continue;
    }
    const reason = addIndicator(reading, object);
    if (reason === undefined) continue;
    const name = `${String(object.id)}: ${reason}`;
    const found = faults.full ? -1 : text.indexOf(`"${String(object.id)}"`, from);
    // Places must not go back; an object that stands before another one's fault is told at that one's place.
    if (found !== -1) from = found;
    const start = faults.full ? 0 : Buffer.byteLength(text.slice(0, from));
    faults.report(start, start + 1, {
      message: name,
      expected: 'a pattern that one address, domain or URL fulfils',
    });
  }
}

/** Answers why an indicator is not understood. */
function addIndicator({ add }: ListReading, object: StixObject): string | undefined {
  if (object.pattern_type !== undefined && object.pattern_type !== 'stix')
    return `patterns of type ${String(object.pattern_type)} are not understood`;
  const found = patternValues(String(object.pattern ?? ''));
  if (!found.ok) return found.reason;
  const validUntil = parseTime(text(object.valid_until));
  const ends = [validUntil, found.stop].filter((time) => time !== undefined);
  const attributes = {
    confidence: typeof object.confidence === 'number' ? object.confidence : undefined,
    firstSeen: parseTime(text(object.valid_from)) ?? found.start,
    expires: ends.length === 0 ? undefined : Math.min(...ends),
    label: text(object.name),
  };
  const refused = found.values.filter((value) => !add(value, attributes));
  return refused.length === 0 ? undefined : `${refused[0]} is no address, domain or URL`;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
