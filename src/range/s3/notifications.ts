import type { NotificationConfigurationFilter } from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { deliver, putEvent } from '../delivery.ts';
import type { SimulatedBucket, SimulatedObject } from './bucket.ts';

type EventName = 'ObjectCreated:Put' | 'ObjectRemoved:Delete' | 'ObjectRemoved:DeleteMarkerCreated';

const SUBJECT = 'Amazon S3 Notification';

interface Target {
  readonly arn: string;
  readonly events: readonly string[];
  readonly filter: NotificationConfigurationFilter | undefined;
}

/** Tells everyone who is configured to hear of it. Sources: Amazon S3 User Guide, "Event message structure" and "EventBridge event message structure". */
export function announce(
  account: Account,
  bucket: SimulatedBucket,
  object: SimulatedObject,
  eventName: EventName,
): void {
  const message = JSON.stringify({ Records: [recordOf(account, bucket, object, eventName)] });
  for (const { arn, events, filter } of targetsOf(bucket)) {
    if (events.some((pattern) => covers(pattern, eventName)) && passes(filter, object.key))
      deliver(account, arn, message, SUBJECT);
  }
  if (bucket.notifications.EventBridgeConfiguration === undefined) return;
  const created = eventName.startsWith('ObjectCreated');
  putEvent(account, {
    source: 'aws.s3',
    detailType: created ? 'Object Created' : 'Object Deleted',
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      object: {
        key: object.key,
        ...(created ? { size: object.body.length, etag: unquoted(object.etag) } : {}),
        ...(object.versionId === 'null' ? {} : { 'version-id': object.versionId }),
        sequencer: object.sequencer,
      },
      'request-id': 'N4N7GDK58NMKJ12R',
      requester: account.id,
      'source-ip-address': '192.0.2.1',
      reason: created ? 'PutObject' : 'DeleteObject',
    },
  });
}

export function announceTest(account: Account, bucket: SimulatedBucket): void {
  const message = JSON.stringify({
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date(account.clock.now()).toISOString(),
    Bucket: bucket.name,
    RequestId: '5582815E1AEA5ADF',
    HostId: '8cLeGAmw098X5cv4Zkwcmo8vvZa3eH3eKxsPzbB9wrR+YstdA6Knx4Ip8EXAMPLE',
  });
  for (const arn of new Set(targetsOf(bucket).map((target) => target.arn)))
    deliver(account, arn, message, SUBJECT);
}

/** One record of an S3 event; its key is URL-encoded as in a form. */
export function recordOf(
  account: Account,
  bucket: SimulatedBucket,
  object: SimulatedObject,
  eventName: EventName,
): object {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: account.region,
    eventTime: new Date(account.clock.now()).toISOString(),
    eventName,
    userIdentity: { principalId: `AWS:${account.id}` },
    requestParameters: { sourceIPAddress: '192.0.2.1' },
    responseElements: { 'x-amz-request-id': 'C3D13FE58DE4C810', 'x-amz-id-2': 'FMyUVURIY8' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'simulated',
      bucket: {
        name: bucket.name,
        ownerIdentity: { principalId: 'A3NL1KOZZKExample' },
        arn: `arn:aws:s3:::${bucket.name}`,
      },
      object: {
        key: encodeURIComponent(object.key).replaceAll('%20', '+').replaceAll('%2F', '/'),
        ...(eventName === 'ObjectCreated:Put'
          ? { size: object.body.length, eTag: unquoted(object.etag) }
          : {}),
        ...(object.versionId === 'null' ? {} : { versionId: object.versionId }),
        sequencer: object.sequencer,
      },
    },
  };
}

function targetsOf({ notifications }: SimulatedBucket): Target[] {
  return [
    ...(notifications.QueueConfigurations ?? []).map(({ QueueArn = '', Events = [], Filter }) => ({
      arn: QueueArn,
      events: Events,
      filter: Filter,
    })),
    ...(notifications.TopicConfigurations ?? []).map(({ TopicArn = '', Events = [], Filter }) => ({
      arn: TopicArn,
      events: Events,
      filter: Filter,
    })),
  ];
}

/** `s3:ObjectCreated:*` covers every name that begins so. */
function covers(pattern: string, eventName: EventName): boolean {
  const full = `s3:${eventName}`;
  return pattern.endsWith('*') ? full.startsWith(pattern.slice(0, -1)) : full === pattern;
}

function passes(filter: NotificationConfigurationFilter | undefined, key: string): boolean {
  return (filter?.Key?.FilterRules ?? []).every(({ Name, Value = '' }) =>
    Name?.toLowerCase() === 'suffix' ? key.endsWith(Value) : key.startsWith(Value),
  );
}

function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, '');
}
