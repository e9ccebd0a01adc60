import type { Format } from '../formats/format.ts';
import type { FieldValue } from '../model/event.ts';
import { INSTANCE, type Subject } from '../model/subject.ts';
import type { InterfaceFacts } from './inventory.ts';

/** What a match is about, and the part of it that logged it. */
export interface Parties {
  readonly subject: Subject;
  readonly seenOn: Subject;
}

/** A field of one record, by its name or its dotted path. */
export type FieldOf = (field: string) => FieldValue | undefined;

/** Finds the parties of a record of a format; the same objects for the same parties. */
export type Parts = (format: Format, fieldOf: FieldOf, facts: InterfaceFacts | undefined) => Parties;

/** Parties that are remembered; then all are forgotten, so that memory does not grow with the log. */
const REMEMBERED = 10_000;

/** `region`: where records are from that do not say it themselves. */
export function partsIn(region: string): Parts {
  const known = new Map<string, Parties>();
  return (format, fieldOf, facts) => {
    const seenOn = partOf(format, fieldOf, { account: facts?.account ?? '', region });
    const instanceId = facts?.instanceId;
    const key = `${seenOn.type}\0${seenOn.id}\0${seenOn.account}\0${seenOn.region}\0${instanceId ?? ''}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED) known.clear();
    const subject = instanceId === undefined ? seenOn : { ...seenOn, type: INSTANCE, id: instanceId };
    const parties = { subject, seenOn };
    known.set(key, parties);
    return parties;
  };
}

/** What the format says a record is about. */
function partOf(
  { name, common, subject }: Format,
  fieldOf: FieldOf,
  known: { readonly account: string; readonly region: string },
): Subject {
  const text = (field: string | undefined): string | undefined =>
    field === undefined ? undefined : firstText(fieldOf(field));
  const account = known.account || text(common['cloud.account.uid']) || 'unknown';
  const region = text(common['cloud.region']) ?? known.region;
  for (const { type, field, named } of subject) {
    const id = text(field);
    const meant = id === undefined ? undefined : named === undefined ? { type, id } : named.of(id, text);
    if (meant !== undefined) return { ...meant, account, region };
  }
  return { type: subject[0]?.type ?? name, id: 'unknown', account, region };
}

/** A value as text, where it is a text or a number; of several the first. */
export function firstText(value: FieldValue | undefined): string | undefined {
  const one = Array.isArray(value) ? (value as readonly FieldValue[])[0] : value;
  return typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean'
    ? String(one)
    : undefined;
}
