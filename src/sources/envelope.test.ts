import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvelope } from './envelope.ts';

const record = (key: string, more: object = {}) => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  awsRegion: 'eu-west-1',
  eventName: 'ObjectCreated:Put',
  s3: {
    bucket: { name: 'logs' },
    object: { key, size: 5, eTag: 'e1', sequencer: '0055AED6DCD90281E5', ...more },
  },
});
const s3Event = (...records: object[]) => JSON.stringify({ Records: records });
const sns = (message: string) =>
  JSON.stringify({
    Type: 'Notification',
    MessageId: 'm',
    TopicArn: 'arn:aws:sns:eu-west-1:123456789012:t',
    Message: message,
  });
const eventBridge = (source: string, type: string, detail: object) =>
  JSON.stringify({ version: '0', id: 'e-1', 'detail-type': type, source, region: 'eu-west-1', detail });

describe('the body of a message', () => {
  it('announces objects: keys are URL-encoded, versions and tags are kept', () => {
    const first = record('AWSLogs/a+b%2B%C3%BC%3D.log.gz', { versionId: 'v1' });
    expect(readEnvelope(s3Event(first, record('b')))).toEqual({
      kind: 'objects',
      objects: [
        { bucket: 'logs', key: 'AWSLogs/a b+ü=.log.gz', versionId: 'v1', etag: 'e1', region: 'eu-west-1' },
        { bucket: 'logs', key: 'b', etag: 'e1', region: 'eu-west-1' },
      ],
    });
  });

  it('announces objects through EventBridge, where keys are as they are', () => {
    const detail = {
      bucket: { name: 'logs' },
      object: { key: 'a+b%20.log', etag: 'e1', 'version-id': 'v1' },
    };
    expect(readEnvelope(eventBridge('aws.s3', 'Object Created', detail))).toEqual({
      kind: 'objects',
      objects: [{ bucket: 'logs', key: 'a+b%20.log', versionId: 'v1', etag: 'e1', region: 'eu-west-1' }],
    });
  });

  it('announces the files of a trail, as CloudTrail itself does', () => {
    const message = JSON.stringify({
      s3Bucket: 'trail',
      s3ObjectKey: ['AWSLogs/a.json.gz', 'AWSLogs/b.json.gz'],
    });
    expect(readEnvelope(sns(message))).toEqual({
      kind: 'objects',
      objects: [
        { bucket: 'trail', key: 'AWSLogs/a.json.gz' },
        { bucket: 'trail', key: 'AWSLogs/b.json.gz' },
      ],
    });
  });

  it.each([
    ['S3', s3Event(record('a'))],
    ['EventBridge', eventBridge('aws.s3', 'Object Created', { bucket: { name: 'b' }, object: { key: 'a' } })],
    ['an API call', eventBridge('aws.ec2', 'AWS API Call via CloudTrail', { eventName: 'RunInstances' })],
    ['a test', JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' })],
    ['a log line', '2 123456789012 eni-1 10.0.0.1 10.0.0.2 1 2 6 1 60 1 2 REJECT OK'],
  ])('is the same inside an SNS notification: %s', (_, body) => {
    expect(readEnvelope(sns(body))).toEqual(readEnvelope(body));
    expect(readEnvelope(sns(sns(body)))).toEqual(readEnvelope(body));
  });

  it('holds events, known by the id that EventBridge gave them', () => {
    const body = eventBridge('aws.guardduty', 'GuardDuty Finding', { type: 'Recon:EC2/PortProbe' });
    expect(readEnvelope(body)).toEqual({ kind: 'content', content: body, id: 'e-1' });
    const call = eventBridge('aws.s3', 'AWS API Call via CloudTrail', { eventName: 'PutBucketPolicy' });
    expect(readEnvelope(call)).toMatchObject({ kind: 'content', id: 'e-1' });
  });

  it('holds log records: lines, JSON, JSON lines, packed in base64, or as EventBridge Pipes took them from Kinesis', () => {
    const lines = '{"a":1}\n{"a":2}\n';
    const packed = gzipSync(lines);
    for (const content of ['a line', '{"awslogs":{"data":"H4sI"}}', '[{"a":1}]', lines])
      expect(readEnvelope(content)).toEqual({ kind: 'content', content });
    expect(readEnvelope(packed.toString('base64'))).toEqual({ kind: 'content', content: packed });
    const piped = {
      eventSource: 'aws:kinesis',
      sequenceNumber: '1',
      eventID: 'shardId-0:1',
      data: packed.toString('base64'),
    };
    expect(readEnvelope(JSON.stringify(piped))).toEqual({
      kind: 'content',
      content: packed,
      id: 'shardId-0:1',
    });
  });

  it.each([
    ['a test event', JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent' })],
    ['an object that was removed', s3Event({ ...record('a'), eventName: 'ObjectRemoved:Delete' })],
    [
      'the same through EventBridge',
      eventBridge('aws.s3', 'Object Deleted', { bucket: { name: 'b' }, object: { key: 'a' } }),
    ],
    ['an object whose tags changed', s3Event({ ...record('a'), eventName: 'ObjectTagging:Put' })],
  ])('says nothing to read: %s', (_, body) => {
    expect(readEnvelope(body)).toMatchObject({ kind: 'nothing' });
  });

  it.each([
    ['', 'the message is empty'],
    ['{"Records": [', 'not JSON'],
    [s3Event({ ...record('a'), s3: {} }), 'an S3 event with a record that names no bucket and key'],
    [s3Event(record('a'), { s3: {} }), 'an S3 event with a record that has no eventName'],
    [s3Event(record('%E0%A4%A')), 'an S3 event with a record that names no bucket and key'],
    [
      eventBridge('aws.s3', 'Object Created', { bucket: {}, object: {} }),
      'an Object Created event that names no bucket and key',
    ],
    [JSON.stringify({ s3Bucket: 'b', s3ObjectKey: [7] }), 'a CloudTrail notification that names no object'],
    [
      JSON.stringify({ Type: 'SubscriptionConfirmation', TopicArn: 'arn', Message: 'You have chosen' }),
      'SNS sent SubscriptionConfirmation: the subscription of the queue waits to be confirmed',
    ],
    [sns(sns(sns(sns('x')))), 'SNS notifications inside each other'],
  ])('is told wrong with its reason: %s', (body, reason) => {
    expect(readEnvelope(body)).toEqual({ kind: 'unknown', reason });
  });

  it('never throws, whatever it is', () => {
    const names = [
      'Records',
      's3',
      'bucket',
      'object',
      'name',
      'key',
      'eventName',
      'Type',
      'TopicArn',
      'Message',
      'detail',
      'detail-type',
      'source',
      's3Bucket',
      's3ObjectKey',
      'data',
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(
          'ObjectCreated:Put',
          'aws.s3',
          'Object Created',
          'Notification',
          'aws:kinesis',
          '%zz',
          '',
        ),
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          tree.map((one) => JSON.stringify(one)),
        ),
        (body) => {
          expect(['objects', 'content', 'nothing', 'unknown']).toContain(readEnvelope(body).kind);
          expect(['objects', 'content', 'nothing', 'unknown']).toContain(readEnvelope(sns(body)).kind);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
