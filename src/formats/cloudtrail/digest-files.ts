import { isRecord } from '../json.ts';
import { keyLayout } from '../layout.ts';

/** Not a format of events: its files say what the log files were. */
export const CLOUDTRAIL_DIGEST = {
  name: 'cloudtrail-digest',
  keys: [
    keyLayout('{account}_CloudTrail-Digest_{region}_'),
    keyLayout('AWSLogs/{organization}{account}/CloudTrail-Digest/{region}/'),
  ],
} as const;

/** Whether a JSON value is a digest file. */
export function isDigest(value: unknown): boolean {
  return (
    isRecord(value) && typeof value.digestS3Object === 'string' && typeof value.digestEndTime === 'string'
  );
}
