/** A value of an event's field, as JSON can carry it. */
export type FieldValue =
  | string
  | number
  | boolean
  | null
  | readonly FieldValue[]
  | { readonly [name: string]: FieldValue };

/** Where a record was read: enough to find its bytes again. */
export interface Origin {
  /** File path, `s3://bucket/key`, or the name of a stream. */
  readonly source: string;
  /** Byte offset of the record in the uncompressed content. */
  readonly offset: number;
  /** 1-based line, or the 1-based index of the record in its envelope. */
  readonly line: number;
}

/** The fields that every format has in common, by their OCSF names. Source: OCSF schema, base event and endpoint objects. */
export const COMMON_FIELDS = [
  'cloud.account.uid',
  'cloud.region',
  'src_endpoint.ip',
  'src_endpoint.port',
  'dst_endpoint.ip',
  'dst_endpoint.port',
  'action',
  'actor.user.uid',
  'resource.uid',
] as const;
export type CommonField = (typeof COMMON_FIELDS)[number];

/** One thing that happened, read from a log. Everything in it is controlled by an attacker. */
export interface Event {
  /** The format it was read by, e.g. `vpc-flow`. */
  readonly format: string;
  /** Milliseconds since the epoch: when it began, as OCSF `time`. */
  readonly time: number;
  /** The format's own field names; a field that the record leaves out (`-`) is absent. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The record exactly as it was read. */
  readonly raw: string;
  readonly origin: Origin;
}

/** A record that could not be read: kept aside, never thrown. */
export interface BadRecord {
  readonly origin: Origin;
  readonly reason: string;
  /** The first bytes of the record, at most {@link BAD_RECORD_RAW_LIMIT} characters. */
  readonly raw: string;
}

export const BAD_RECORD_RAW_LIMIT = 512;

export function badRecord(raw: string, reason: string, origin: Origin): BadRecord {
  return { origin, reason, raw: raw.slice(0, BAD_RECORD_RAW_LIMIT) };
}
