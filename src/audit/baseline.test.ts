import { describe, expect, it } from 'vitest';
import { openTemporaryStore } from '../../test/temporary-store.ts';
import { awsClients } from '../aws/clients.ts';
import { startRange } from '../range/range.ts';
import { newBucket } from '../range/s3/bucket.ts';
import { type BaselineNews, takeBaseline } from './baseline.ts';

const TYPE = 'AWS::S3::Bucket';
const NOW = 1_800_000_000_000;

async function baseline(fault?: string, types = [TYPE]) {
  const range = await startRange();
  const { account, endpoint } = range;
  const aws = awsClients({ region: account.region, endpoint });
  const store = openTemporaryStore();
  for (const name of ['records', 'archive']) newBucket(account, name);
  if (fault !== undefined) range.faults.add({ operation: fault, fault: { kind: 'unauthorized' } });
  const news: BaselineNews[] = [];
  const world = {
    store,
    aws,
    judge: () => [],
    account: account.id,
    now: () => NOW,
    signal: new AbortController().signal,
  };
  for await (const one of takeBaseline(types, world)) news.push(one);
  const listed = await store.wasListed({ type: TYPE, account: account.id, region: account.region }, NOW);
  aws.close();
  await store.close();
  await range.close();
  return { news, listed };
}

describe('the baseline of an account', () => {
  it('keeps the state of every resource, and knows that there was no other', async () => {
    const { news, listed } = await baseline();
    expect(news.map(({ kind }) => kind)).toEqual(['resource', 'resource']);
    expect(listed).toBe(true);
  });

  it('does not take a resource that it could not read as one that was not there', async () => {
    const { news, listed } = await baseline('GetResource');
    expect(news.map(({ kind }) => kind).sort()).toEqual(['not-read', 'resource']);
    expect(listed).toBe(false);
  });

  it('tells of a type that it cannot list, and goes on with the next', async () => {
    const { news, listed } = await baseline('ListResources', ['AWS::SQS::Queue', TYPE]);
    expect(news.map(({ kind }) => kind)).toEqual(['not-listed', 'resource', 'resource']);
    expect(listed).toBe(true);
  });
});
