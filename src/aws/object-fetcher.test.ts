import { describe, expect, it } from 'vitest';
import { listServer, status, truncated, versioned } from '../../test/list-server.ts';
import type { Fetched, KnownContent } from '../intel/fetch.ts';
import { objectFetcher } from './object-fetcher.ts';

const NOTHING: KnownContent = { bytes: () => undefined };

describe('a list in S3', () => {
  it('comes with its version, and is not sent again while it is the same', async () => {
    await using server = await listServer();
    server.at('/lists/bad/ips.txt', versioned('192.0.2.1\n', '"one"'));
    const fetch = objectFetcher(
      { bucket: 'lists', key: 'bad/ips.txt' },
      { region: 'us-east-1', endpoint: server.url },
    );
    const first: Fetched = await fetch(NOTHING, AbortSignal.timeout(5_000));
    expect(first).toMatchObject({ status: 'content', etag: '"one"' });
    expect(first.status === 'content' && Buffer.from(first.bytes).toString()).toBe('192.0.2.1\n');
    expect(await fetch({ ...NOTHING, etag: '"one"' }, AbortSignal.timeout(5_000))).toEqual({
      status: 'unchanged',
    });
  });

  it.each([
    ['it may not be read', status(403, { 'content-type': 'application/xml' }), /^s3:\/\/lists\/x: /],
    ['it is too large', versioned(Buffer.alloc(2_000), '"x"'), /^it is larger than/],
    ['the answer ends early', truncated('192.0.2.1\n'), /^s3:\/\/lists\/x: |^it ends after/],
  ])('fails with a reason when %s', async (_, answer, reason) => {
    await using server = await listServer();
    server.at('/lists/x', answer);
    const limits = { bytes: 1_000, timeout: 5_000 };
    const fetch = objectFetcher(
      { bucket: 'lists', key: 'x' },
      { region: 'us-east-1', endpoint: server.url },
      limits,
    );
    await expect(fetch(NOTHING, AbortSignal.timeout(5_000))).rejects.toThrow(reason);
  });
});
