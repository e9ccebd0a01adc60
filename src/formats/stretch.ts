import type { Origin } from '../model/event.ts';
import { type Context, withContext } from './context.ts';
import type { Decoded } from './decoder.ts';
import { decodeRow, oddLine } from './vpc-flow/decoder.ts';
import type { FlowLayout } from './vpc-flow/record.ts';
import type { Split } from './vpc-flow/rows.ts';

/** Records of one source that follow each other, as their format gives them. */
export type Stretch = DecodedStretch | FlowStretch;

export interface DecodedStretch {
  readonly kind: 'decoded';
  readonly decoded: readonly Decoded[];
}

export function decodedStretch(decoded: readonly Decoded[]): DecodedStretch {
  return { kind: 'decoded', decoded };
}

/** Flow log records as they stand in a buffer that will be used again. */
export interface FlowStretch {
  readonly kind: 'flow';
  readonly layout: FlowLayout;
  readonly split: Split;
  readonly source: string;
  /** What the name of the source says of its records; rules do not see it in these. */
  readonly context?: Context | undefined;
  /** Offset in the content of the first byte of the buffer. */
  readonly base: number;
  /** The line, 1-based, that the split began with. */
  readonly firstLine: number;
}

export function originOfRow({ split, source, base, firstLine }: FlowStretch, row: number): Origin {
  return {
    source,
    offset: base + (split.rows.starts[row] as number),
    line: firstLine + split.lineOf(row),
  };
}

/** One record of a stretch, whole. */
export function decodedRow(stretch: FlowStretch, row: number): Decoded {
  const decoded = decodeRow(stretch.layout, stretch.split.rows, row, originOfRow(stretch, row));
  return withContext(decoded, stretch.context);
}

/** The lines of a stretch that are no records. */
export function* decodedOddLines({
  layout,
  split,
  source,
  base,
  firstLine,
}: FlowStretch): Generator<Decoded> {
  const { bytes } = split.rows;
  for (const odd of split.oddLines) {
    yield oddLine(layout, bytes, odd, { source, offset: base + odd.start, line: firstLine + odd.index });
  }
}

/** Every record of a stretch, with what the name of its source says. */
export function decodedOf(stretch: Stretch): readonly Decoded[] {
  if (stretch.kind === 'decoded') return stretch.decoded;
  const decoded = [...decodedOddLines(stretch)];
  for (let row = 0; row < stretch.split.rows.count; row++) {
    decoded.push(decodedRow(stretch, row));
  }
  return stretch.split.oddLines.length === 0 ? decoded : decoded.sort(byPlace);
}

function byPlace(a: Decoded, b: Decoded): number {
  return offsetOf(a) - offsetOf(b);
}

function offsetOf(decoded: Decoded): number {
  return decoded.kind === 'event'
    ? decoded.event.origin.offset
    : decoded.kind === 'bad'
      ? decoded.record.origin.offset
      : 0;
}
