import type { JsonFormat } from '../format.ts';
import { cloudfrontTime } from './fields.ts';
import { CLOUDFRONT } from './format.ts';

/** Standard logging v2 in JSON: the names of the columns are the names of the members. */
export const CLOUDFRONT_JSON: JsonFormat = {
  ...CLOUDFRONT,
  recognises: (record) =>
    ['c-ip', 'x-edge-location', 'x-edge-request-id', 'x-edge-result-type'].some(
      (name) => typeof record[name] === 'string',
    ) && ['date', 'timestamp', 'timestamp(ms)'].some((name) => name in record),
  timeOf: cloudfrontTime,
};
