import type { Origin } from '../../model/event.ts';
import { bad, type Decoded, type LineDecoder } from '../decoder.ts';
import { DEFAULT_FORMAT, isHeader } from './fields.ts';
import { type FlowLayout, type FlowRecord, flowLayout, lineOf, readRow, VPC_FLOW } from './record.ts';
import { type OddLine, type Rows, rowSplitter } from './rows.ts';

/** Reads flow log text: the default format, or the one that a header line names. */
export function flowLogDecoder(source: string, format: readonly string[] = DEFAULT_FORMAT): LineDecoder {
  let read = lineReader(format);
  return {
    *line(text, offset, number) {
      if (text === '') return;
      if (number === 1 && isHeader(text)) {
        read = lineReader(headerNames(text));
        yield { kind: 'skipped', reason: 'header' };
        return;
      }
      yield read(text, { source, offset, line: number });
    },
  };
}

export function headerNames(line: string): string[] {
  return line.trim().split(' ');
}

/** Makes the reader of single lines that are no headers. */
export function lineReader(format: readonly string[]): (text: string, origin: Origin) => Decoded {
  const layout = flowLayout(format);
  const splitter = rowSplitter(format.length);
  return (text, origin) => {
    const bytes = Buffer.from(text);
    try {
      const { rows, oddLines } = splitter.split(bytes, 0, bytes.length);
      const [odd] = oddLines;
      return odd === undefined ? decodeRow(layout, rows, 0, origin) : oddLine(layout, bytes, odd, origin);
    } finally {
      splitter.close();
    }
  };
}

/** One record with the place it came from. */
export function decodeRow(layout: FlowLayout, rows: Rows, row: number, origin: Origin): Decoded {
  return decoded(readRow(layout, rows, row), () => lineOf(rows, row), origin);
}

function decoded(record: FlowRecord, raw: () => string, origin: Origin): Decoded {
  switch (record.kind) {
    case 'traffic': {
      const { time, fields } = record;
      return { kind: 'event', event: { format: VPC_FLOW, time, fields, raw: raw(), origin } };
    }
    case 'status':
      return { kind: 'skipped', reason: record.status };
    case 'bad':
      return bad(raw(), record.reason, origin);
  }
}

export function oddLine(
  { columns }: FlowLayout,
  bytes: Buffer,
  { start, end }: OddLine,
  origin: Origin,
): Decoded {
  const raw = bytes.toString('utf8', start, end);
  return bad(raw, `${raw.split(' ').length} columns where the format has ${columns.length}`, origin);
}
