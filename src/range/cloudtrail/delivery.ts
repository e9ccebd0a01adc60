import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { deliver, putEvent } from '../delivery.ts';
import { putObject } from '../s3/objects.ts';
import type { ObservedCall } from './call.ts';
import { type CloudTrailRecord, recordOf } from './record.ts';
import { type SimulatedTrail, takes, trailsOf } from './trail.ts';

/** Gets the records of a moment, as one log file has them. */
export type RecordListener = (records: readonly CloudTrailRecord[]) => void;

interface Pending {
  readonly record: CloudTrailRecord;
  /** Simulated time of the call, milliseconds since the epoch. */
  readonly at: number;
}

interface Deliveries {
  /** What waits for the event bus; for each trail; for who listens. */
  bus: Pending[];
  readonly files: Map<SimulatedTrail, Pending[]>;
  heard: Pending[];
  readonly listeners: Set<RecordListener>;
}

const deliveriesOf = accountState<Deliveries>(() => ({
  bus: [],
  files: new Map(),
  heard: [],
  listeners: new Set(),
}));

/**
 * To be asked for before a call has its effect, and given the call afterwards: a trail also records the
 * calls that start and stop it. Events reach the bus only while a trail records, and only those of
 * calls that change something. Sources: AWS CloudTrail User Guide, "How CloudTrail works"; Amazon
 * EventBridge User Guide, "AWS service events delivered via AWS CloudTrail".
 */
export function observe(account: Account): (call: ObservedCall) => void {
  const before = takingOf(account);
  return (call) => {
    const deliveries = deliveriesOf(account);
    const taking = new Map([...takingOf(account), ...before]);
    if (taking.size === 0 && deliveries.listeners.size === 0) return;
    const record = recordOf(account, call);
    if (record === undefined) return;
    const pending = { record, at: account.clock.now() };
    if (deliveries.listeners.size > 0) deliveries.heard.push(pending);
    let isTaken = false;
    for (const [trail, { reads, writes }] of taking) {
      if (!(record.readOnly ? reads : writes)) continue;
      isTaken = true;
      const waiting = deliveries.files.get(trail);
      if (waiting === undefined) deliveries.files.set(trail, [pending]);
      else waiting.push(pending);
    }
    if (isTaken && !record.readOnly) deliveries.bus.push(pending);
  };
}

/** The trails that record, and what. */
function takingOf(
  account: Account,
): Map<SimulatedTrail, { readonly reads: boolean; readonly writes: boolean }> {
  const taking = new Map<SimulatedTrail, { reads: boolean; writes: boolean }>();
  for (const trail of trailsOf(account).values()) {
    const [reads, writes] = [takes(trail, true), takes(trail, false)];
    if (reads || writes) taking.set(trail, { reads, writes });
  }
  return taking;
}

/** Lets somebody outside of the account have every record of it, whatever trails it has; answers how to stop. */
export function listenToRecords(account: Account, listener: RecordListener): () => void {
  const { listeners } = deliveriesOf(account);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What only time brings about: records arrive. */
export function settleRecords(account: Account): void {
  const deliveries = deliveriesOf(account);
  const { trailDelay, eventDelay } = account.settings;
  const now = account.clock.now();
  const due = (waiting: readonly Pending[], delay: number): number => {
    const index = waiting.findIndex(({ at }) => at + delay > now);
    return index < 0 ? waiting.length : index;
  };
  const events = deliveries.bus.splice(0, due(deliveries.bus, eventDelay));
  for (const { record } of events)
    putEvent(account, {
      source: `aws.${record.eventSource.replace('.amazonaws.com', '')}`,
      detailType: 'AWS API Call via CloudTrail',
      detail: record,
    });
  const heard = deliveries.heard.splice(0, due(deliveries.heard, trailDelay));
  if (heard.length > 0)
    for (const listener of deliveries.listeners) listener(heard.map(({ record }) => record));
  for (const [trail, waiting] of deliveries.files) {
    const records = waiting.splice(0, due(waiting, trailDelay)).map(({ record }) => record);
    if (records.length > 0) writeFile(account, trail, records);
    if (waiting.length === 0) deliveries.files.delete(trail);
  }
}

/** Source: AWS CloudTrail User Guide, "CloudTrail log file name format". */
export function logFileKey(account: Account, at: number): string {
  const time = new Date(at).toISOString();
  const minute = time.replace(/[-:]/g, '').replace(/\d\d\.\d+Z$/, 'Z');
  const { id, region } = account;
  const unique = randomBytes(12).toString('base64url').replace(/[-_]/g, 'x');
  return `AWSLogs/${id}/CloudTrail/${region}/${time.slice(0, 10).replaceAll('-', '/')}/${id}_CloudTrail_${region}_${minute}_${unique}.json.gz`;
}

/** What is in a log file. */
export function logFile(records: readonly CloudTrailRecord[]): Buffer {
  return gzipSync(JSON.stringify({ Records: records }));
}

function writeFile(account: Account, trail: SimulatedTrail, records: readonly CloudTrailRecord[]): void {
  const now = account.clock.now();
  const key = `${trail.prefix === undefined ? '' : `${trail.prefix}/`}${logFileKey(account, now)}`;
  if (!account.buckets.has(trail.bucket)) {
    trail.deliveryError = 'NoSuchBucket';
    return;
  }
  putObject(account, {
    Bucket: trail.bucket,
    Key: key,
    Body: logFile(records),
    ContentType: 'application/json',
    ContentEncoding: 'gzip',
  });
  trail.deliveredAt = now;
  trail.deliveryError = undefined;
  if (trail.topicArn !== undefined)
    deliver(account, trail.topicArn, JSON.stringify({ s3Bucket: trail.bucket, s3ObjectKey: [key] }));
}
