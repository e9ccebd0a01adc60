import type { JsonFormat } from '../format.ts';
import { CLOUDFRONT, timeOf } from './format.ts';

/** Standard logging v2 in JSON: the names of the columns are the names of the members. */
export const CLOUDFRONT_JSON: JsonFormat = {
  ...CLOUDFRONT,
  recognises: (record) => typeof record['c-ip'] === 'string' && ('date' in record || 'timestamp' in record),
  timeOf,
};
