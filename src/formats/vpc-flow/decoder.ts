import type { Origin } from '../../model/event.ts';
import { bad, type Decoded, type LineDecoder } from '../decoder.ts';
import { DEFAULT_FORMAT, isHeader } from './fields.ts';
import { flowRecordReader, VPC_FLOW } from './record.ts';

/** Reads flow log text: the default format, or the one that a header line names. */
export function flowLogDecoder(source: string, format: readonly string[] = DEFAULT_FORMAT): LineDecoder {
  let read = flowRecordReader(format);
  return {
    *line(text, offset, number) {
      if (text === '') return;
      if (number === 1 && isHeader(text)) {
        read = flowRecordReader(text.trim().split(' '));
        yield { kind: 'skipped', reason: 'header' };
        return;
      }
      yield decodeFlowRecord(read, text, { source, offset, line: number });
    },
  };
}

/** One record with the place it came from. */
export function decodeFlowRecord(
  read: ReturnType<typeof flowRecordReader>,
  raw: string,
  origin: Origin,
): Decoded {
  const record = read(raw);
  switch (record.kind) {
    case 'traffic':
      return {
        kind: 'event',
        event: { format: VPC_FLOW, time: record.time, fields: record.fields, raw, origin },
      };
    case 'status':
      return { kind: 'skipped', reason: record.status };
    case 'bad':
      return bad(raw, record.reason, origin);
  }
}
