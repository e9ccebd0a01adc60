import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flowRecord } from '../../test/scene.ts';
import { configOf } from '../config/config.ts';
import { type Range, startRange } from '../range/range.ts';
import { openReplay } from './replay.ts';
import { setUp } from './setup.ts';

const LOGS = 'AWSLogs/123456789012/vpcflowlogs/eu-west-1/2026/11/24';
const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

let range: Range;
let s3: S3Client;
beforeAll(async () => {
  range = await startRange();
  s3 = new S3Client({
    region: 'us-east-1',
    endpoint: range.endpoint,
    forcePathStyle: true,
    credentials: { accessKeyId: 'A', secretAccessKey: 'b' },
  });
  await s3.send(new CreateBucketCommand({ Bucket: 'logs' }));
  const put = (Key: string, Body: string | Uint8Array) =>
    s3.send(new PutObjectCommand({ Bucket: 'logs', Key, Body }));
  for (const number of [1, 2, 3]) {
    const records = Array.from({ length: 400 }, (_, at) =>
      flowRecord({ eni: `eni-${number}`, from: ['10.0.0.5', 40_000], to: ['192.0.2.9', 4444], at }),
    );
    await put(`${LOGS}/${number}.log.gz`, gzipSync(`${HEADER}\n${records.join('\n')}\n`));
  }
  await put(`${LOGS}/`, '');
  await put('other/4.log', flowRecord({ eni: 'eni-4', from: ['10.0.0.5', 40_000], to: ['192.0.2.9', 4444] }));
});
afterAll(async () => {
  s3.destroy();
  await range.close();
});

function setup() {
  const ready = setUp(configOf({ aws: { endpoint: range.endpoint } }, '/nowhere'));
  if (!ready.ok) throw new Error(ready.problems[0]?.message);
  return ready.value;
}

async function replayed(place: string, threads: number) {
  const { replay, close } = openReplay([place], { askAws: false, threads });
  try {
    return await replay(setup());
  } finally {
    await close();
  }
}

describe('a replay of what is in S3', () => {
  it('reads every object under a prefix, in the order of the keys, with one thread and with several', async () => {
    const report = await replayed(`s3://logs/${LOGS}/`, 1);
    expect(report).toMatchObject({ files: 3, events: 1_200, badRecords: 0 });
    expect(report.cases.map(({ subject }) => [subject.id, subject.region]).sort()).toEqual([
      ['eni-1', 'eu-west-1'],
      ['eni-2', 'eu-west-1'],
      ['eni-3', 'eu-west-1'],
    ]);
    expect(await replayed(`s3://logs/${LOGS}/`, 2)).toEqual(report);
  });

  it('goes on where a connection breaks', async () => {
    range.faults.add({ operation: 'GetObject', fault: { kind: 'cut', bytes: 1_000 } });
    expect(await replayed(`s3://logs/${LOGS}/1`, 1)).toMatchObject({ files: 1, events: 400 });
  });

  it('says when there is nothing, no bucket, and no place', async () => {
    await expect(replayed('s3://logs/nothing/', 1)).rejects.toThrow('s3://logs/nothing/: no such objects');
    await expect(replayed('s3://nobody/', 1)).rejects.toThrow(/bucket does not exist/i);
    await expect(replayed('s3://', 1)).rejects.toThrow('not s3://BUCKET/PREFIX');
  });
});
