import { bad } from '../decoder.ts';
import type { ParquetFormat } from '../parquet/format.ts';
import { flowLogField, isHeader } from './fields.ts';
import { flowRecordReader, VPC_FLOW } from './record.ts';

/** A value that a line of text could not carry. */
const NOT_A_WORD = /\s|^$/;
/** Stands for such a value while the record is judged. */
const WORD = 'x';

/**
 * Flow logs in Parquet. Their columns have underscores for hyphens. A row is judged as the line of
 * text that it would be, so that both give the same events.
 * Source: Amazon VPC User Guide, "Flow log records", Parquet data types.
 */
export const VPC_FLOW_PARQUET: ParquetFormat = {
  name: VPC_FLOW,
  recognises: (columns) => isHeader(columns.map((name) => name.replaceAll('_', '-')).join(' ')),
  reader(columns) {
    const names = columns.map((name) => flowLogField(name).name.replaceAll('_', '-'));
    const read = flowRecordReader(names);
    return (values, raw, origin) => {
      const texts = values.map((value) => (value === undefined || value === '' ? '-' : String(value)));
      const record = read(texts.map((text) => (NOT_A_WORD.test(text) ? WORD : text)).join(' '));
      switch (record.kind) {
        case 'status':
          return { kind: 'skipped', reason: record.status };
        case 'bad':
          return bad(raw, record.reason, origin);
        case 'traffic': {
          const whole = names.flatMap((name, index) => {
            const text = texts[index] ?? '';
            return NOT_A_WORD.test(text) ? [[name, text] as const] : [];
          });
          const fields =
            whole.length === 0 ? record.fields : { ...record.fields, ...Object.fromEntries(whole) };
          return { kind: 'event', event: { format: VPC_FLOW, time: record.time, fields, raw, origin } };
        }
      }
    };
  },
};
