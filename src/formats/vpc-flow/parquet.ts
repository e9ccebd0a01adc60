import { bad } from '../decoder.ts';
import type { ParquetFormat } from '../parquet/format.ts';
import { flowLogField, isHeader } from './fields.ts';
import { flowRecordReader, VPC_FLOW } from './record.ts';

/** Stands for a text with spaces while the record is judged. */
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
      const spaced: [string, string][] = [];
      let line = '';
      for (let index = 0; index < names.length; index++) {
        const value = values[index];
        let text = value === undefined || value === '' ? '-' : String(value);
        if (typeof value === 'string' && value.includes(' ')) {
          spaced.push([names[index] ?? '', value]);
          text = WORD;
        }
        line += index === 0 ? text : ` ${text}`;
      }
      const record = read(line);
      switch (record.kind) {
        case 'status':
          return { kind: 'skipped', reason: record.status };
        case 'bad':
          return bad(raw, record.reason, origin);
        case 'traffic': {
          const { time } = record;
          const fields =
            spaced.length === 0 ? record.fields : { ...record.fields, ...Object.fromEntries(spaced) };
          return { kind: 'event', event: { format: VPC_FLOW, time, fields, raw, origin } };
        }
      }
    };
  },
};
