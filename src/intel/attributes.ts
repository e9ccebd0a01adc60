import { sharedUint8, sharedUint32 } from './shared-arrays.ts';

/** What a list says of an indicator besides its value. Times are milliseconds since the epoch. */
export interface IndicatorAttributes {
  /** From 0, unknown to anybody, to 100, sure. */
  readonly confidence?: number | undefined;
  readonly firstSeen?: number | undefined;
  readonly lastSeen?: number | undefined;
  /** From then on it does not match any more. */
  readonly expires?: number | undefined;
  /** What it is said to be: the malware, the kind of host. */
  readonly label?: string | undefined;
}

/** The attributes of all indicators of a kind, a column each, by index; shared among threads. */
export interface AttributeTable {
  readonly confidence: Uint8Array;
  /** Seconds since the epoch, 0 when it is not known. */
  readonly firstSeen: Uint32Array;
  readonly lastSeen: Uint32Array;
  readonly expires: Uint32Array;
  /** Index into the labels, 0 for none. */
  readonly label: Uint32Array;
  readonly labels: readonly string[];
  /** When the first of them expires, milliseconds; infinity when none does. */
  readonly firstExpiry: number;
}

const NO_CONFIDENCE = 255;
const SECOND = 1_000;
const LABEL_LENGTH = 100;
/** More labels than this say nothing that a person would read. */
const LABELS_KEPT = 65_536;

export interface AttributeColumns {
  set(index: number, attributes: IndicatorAttributes): void;
  /** The columns for so many indicators; nothing when none has any attribute. */
  table(count: number): AttributeTable | undefined;
}

export function attributeColumns(): AttributeColumns {
  const rows = new Map<number, IndicatorAttributes>();
  return {
    set: (index, attributes) => void rows.set(index, attributes),
    table: (count) => (rows.size === 0 ? undefined : tableOf(rows, count)),
  };
}

function tableOf(rows: ReadonlyMap<number, IndicatorAttributes>, count: number): AttributeTable {
  const confidence = sharedUint8(count).fill(NO_CONFIDENCE);
  const firstSeen = sharedUint32(count);
  const lastSeen = sharedUint32(count);
  const expires = sharedUint32(count);
  const label = sharedUint32(count);
  const labels = new Map<string, number>([['', 0]]);
  let firstExpiry = Number.POSITIVE_INFINITY;
  for (const [index, row] of rows) {
    if (row.confidence !== undefined)
      confidence[index] = Math.round(Math.min(100, Math.max(0, row.confidence)));
    firstSeen[index] = seconds(row.firstSeen);
    lastSeen[index] = seconds(row.lastSeen);
    expires[index] = seconds(row.expires);
    if (row.expires !== undefined) firstExpiry = Math.min(firstExpiry, seconds(row.expires) * SECOND);
    const text = (row.label ?? '').slice(0, LABEL_LENGTH);
    if (!labels.has(text) && labels.size < LABELS_KEPT) labels.set(text, labels.size);
    label[index] = labels.get(text) ?? 0;
  }
  return { confidence, firstSeen, lastSeen, expires, label, labels: [...labels.keys()], firstExpiry };
}

function seconds(milliseconds: number | undefined): number {
  if (milliseconds === undefined || !Number.isFinite(milliseconds)) return 0;
  return Math.min(0xffff_ffff, Math.max(1, Math.floor(milliseconds / SECOND)));
}

export function attributesAt(table: AttributeTable | undefined, index: number): IndicatorAttributes {
  if (table === undefined) return {};
  const confidence = table.confidence[index] ?? NO_CONFIDENCE;
  const time = (column: Uint32Array): number | undefined =>
    (column[index] || undefined) && (column[index] ?? 0) * SECOND;
  const attributes: IndicatorAttributes = {
    confidence: confidence === NO_CONFIDENCE ? undefined : confidence,
    firstSeen: time(table.firstSeen),
    lastSeen: time(table.lastSeen),
    expires: time(table.expires),
    label: table.labels[table.label[index] ?? 0] || undefined,
  };
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
}

export function isExpired(table: AttributeTable | undefined, index: number, now: number): boolean {
  const expires = table?.expires[index] ?? 0;
  return expires !== 0 && expires * SECOND <= now;
}
