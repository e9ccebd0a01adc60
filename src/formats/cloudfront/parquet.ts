import { decodedRecord } from '../columns.ts';
import type { ParquetFormat } from '../parquet/format.ts';
import { cloudfrontColumn, cloudfrontFields, cloudfrontTime } from './fields.ts';
import { CLOUDFRONT } from './format.ts';

/** Where underscores alone do not make the name of the text log. */
const TEXT_NAMES: Readonly<Record<string, string>> = {
  cs_host: 'cs(Host)',
  cs_referer: 'cs(Referer)',
  cs_referrer: 'cs(Referer)',
  cs_user_agent: 'cs(User-Agent)',
  cs_cookie: 'cs(Cookie)',
  timestamp_ms: 'timestamp(ms)',
};

/**
 * Standard logging v2 in Parquet: every column is text. Source: Amazon Athena User Guide, "Create a
 * table for CloudFront logs in Athena using partition projection with Parquet".
 */
export const CLOUDFRONT_PARQUET: ParquetFormat = {
  name: CLOUDFRONT.name,
  recognises(names) {
    const known = new Set(names.map(textName));
    return (
      ['c-ip', 'x-edge-location', 'x-edge-request-id', 'x-edge-result-type'].some((name) =>
        known.has(name),
      ) && ['date', 'timestamp', 'timestamp(ms)'].some((name) => known.has(name))
    );
  },
  reader(names) {
    const columns = names.map(textName).map(cloudfrontColumn);
    return (values, raw, origin) => {
      const texts = values.map((value) => (value === undefined ? '-' : String(value)));
      const fields = cloudfrontFields(texts, columns);
      const time = typeof fields === 'string' ? Number.NaN : cloudfrontTime(fields);
      return decodedRecord(CLOUDFRONT.name, fields, time, raw, origin);
    };
  },
};

function textName(name: string): string {
  return TEXT_NAMES[name.toLowerCase()] ?? name.replaceAll('_', '-');
}
