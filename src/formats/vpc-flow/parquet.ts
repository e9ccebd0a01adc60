import { bad } from '../decoder.ts';
import type { ParquetFormat } from '../parquet/format.ts';
import { lineReader } from './decoder.ts';
import { flowLogField, isHeader } from './fields.ts';
import { VPC_FLOW } from './record.ts';

/** What would end a column or a line of text. */
const SPACES = /\s|\0/;
/** Stands for such a text while the record is judged. */
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
    const read = lineReader(names);
    return (values, raw, origin) => {
      const spaced: [string, string][] = [];
      let line = '';
      for (let index = 0; index < names.length; index++) {
        const value = values[index];
        let text = value === undefined || value === '' ? '-' : String(value);
        if (typeof value === 'string' && SPACES.test(value)) {
          spaced.push([names[index] ?? '', value]);
          text = WORD;
        }
        line += index === 0 ? text : ` ${text}`;
      }
      const decoded = read(line, origin);
      if (decoded.kind === 'bad') return bad(raw, decoded.record.reason, origin);
      if (decoded.kind === 'skipped') return decoded;
      const { fields } = decoded.event;
      const whole = spaced.length === 0 ? fields : { ...fields, ...Object.fromEntries(spaced) };
      return { kind: 'event', event: { ...decoded.event, fields: whole, raw } };
    };
  },
};
