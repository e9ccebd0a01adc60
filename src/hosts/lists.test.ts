import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listServer, status, versioned } from '../../test/list-server.ts';
import { configOf } from '../config/config.ts';
import type { ListNews } from '../intel/list-slot.ts';
import { fetchMissingLists, keepListsFresh, openLists } from './lists.ts';

const INTERVAL = 50;

it('a watch keeps its lists fresh, and tells each failure once', async () => {
  await using server = await listServer();
  const folder = mkdtempSync(join(tmpdir(), 'cordon-lists-'));
  const config = configOf({ lists: { bad: { url: `${server.url}/bad.txt`, refresh: '1s' } } }, folder);
  const stop = new AbortController();
  try {
    server.at('/bad.txt', versioned('192.0.2.1\n', '"1"'));
    expect(await fetchMissingLists(config, stop.signal)).toMatchObject([{ list: 'bad', outcome: 'updated' }]);
    const lists = openLists(config);
    const lookup = lists.lookup(['bad']);
    const told: ListNews[] = [];
    const running = keepListsFresh(lists, stop.signal, (news) => told.push(news));

    server.at('/bad.txt', status(500));
    const asked = server.requests.length;
    await expect
      .poll(() => server.requests.length, { timeout: 15_000, interval: INTERVAL })
      .toBeGreaterThan(asked + 1);
    expect(told.map(({ outcome }) => outcome)).toEqual(['failed']);
    expect(lookup.find('192.0.2.1')).toBe('192.0.2.1');

    server.at('/bad.txt', versioned('192.0.2.2\n', '"2"'));
    await expect
      .poll(() => lookup.find('192.0.2.2'), { timeout: 15_000, interval: INTERVAL })
      .toBe('192.0.2.2');
    expect(told.map(({ outcome }) => outcome)).toEqual(['failed', 'updated']);
    stop.abort();
    await running;
  } finally {
    stop.abort();
    rmSync(folder, { recursive: true, force: true });
  }
});
