import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { poisonedMessages } from '../src/hosts/poison.ts';
import { LAST_HASH_KEY } from '../src/range/kinesis/stream.ts';
import { splitShard } from '../src/range/kinesis/streams.ts';
import { aggregate } from './aggregate.ts';
import { crashingWatch } from './command.ts';
import { type Stage, stage } from './scene.ts';
import { announcedBucket, beacons, counted, gzipped, QUEUE, stream } from './sources.ts';

const AT_ONCE = 4;
const MOST_COMMITS = 60;
/** More than one chunk of the reader, so that a kill comes also in the middle of an object. */
const LONG = 11_000;

interface Play {
  readonly source: object;
  /** Puts things where a watch will read them; answers how many records must be counted. */
  prepare(scene: Stage): number;
  /** What AWS does when a consumer is gone for a while. */
  between(scene: Stage): void;
  check(scene: Stage, what: string): void;
}

const fromQueue: Play = {
  source: { queue: QUEUE },
  prepare(scene) {
    const { put, send } = announcedBucket(scene);
    put('long.log.gz', gzipped(beacons(scene, LONG)));
    put('short.log', beacons(scene, 7));
    send(beacons(scene, 3, 50_000));
    send('{"some": "thing"}');
    return LONG + 7 + 3;
  },
  between({ range: { account } }) {
    for (const { messages } of account.queues.values()) for (const message of messages) message.visibleAt = 0;
  },
  check(scene, what) {
    expect(scene.range.account.queues.get('announcements')?.messages, what).toEqual([]);
    expect(poisonedMessages(join(scene.folder, 'state', 'poison')), what).toHaveLength(1);
  },
};

const fromStream: Play = {
  source: { kinesis: 'logs' },
  prepare(scene) {
    const { put } = stream(scene);
    put(beacons(scene, 5));
    put(aggregate([1, 2, 3].map((at) => Buffer.from(beacons(scene, 2, 41_000 + 10 * at)))));
    const half = String((LAST_HASH_KEY + 1n) / 2n);
    const { account } = scene.range;
    splitShard(account, {
      StreamName: 'logs',
      ShardToSplit: 'shardId-000000000000',
      NewStartingHashKey: half,
    });
    for (let key = 0; key < 8; key++) put(gzipped(beacons(scene, 1, 50_000 + key)), String(key));
    return 5 + 6 + 8;
  },
  between() {},
  check() {},
};

async function killedAt(
  when: 'before' | 'after',
  commit: number,
  play: Play,
): Promise<'killed' | 'survived'> {
  await using scene = await stage({ mode: 'observe', config: { sources: [play.source as never] } });
  const { document: _, base: __, ...settings } = scene.config;
  writeFileSync(join(scene.folder, 'cordon.yaml'), JSON.stringify({ ...settings, sources: [play.source] }));
  const expected = play.prepare(scene);
  const watch = (crash: string) => crashingWatch(scene.folder, crash);
  const first = await watch(`${when}:${commit}`);
  if (first.exitCode === 0) return 'survived';
  expect(first, first.stderr).toMatchObject({ signal: 'SIGKILL' });
  play.between(scene);
  const second = await watch('never');
  const what = `killed ${when} commit ${commit}: ${second.stderr}`;
  expect(second.exitCode, what).toBe(0);
  expect(await counted(scene), what).toBe(expected);
  play.check(scene, what);
  return 'killed';
}

describe.concurrent('a process that is killed at any commit while it reads', () => {
  it.each([
    ['a queue', 'before', fromQueue, 4],
    ['a queue', 'after', fromQueue, 4],
    // Nothing happens outside the store between two commits.
    ['a stream', 'after', fromStream, 4],
  ] as const)(
    'from %s counts every record once (%s each commit)',
    async (_, when, play, least) => {
      let next = 1;
      let killed = 0;
      let survived = false;
      const worker = async (): Promise<void> => {
        while (!survived && next < MOST_COMMITS) {
          const commit = next++;
          if ((await killedAt(when, commit, play)) === 'killed') killed++;
          else survived = true;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      expect(survived).toBe(true);
      expect(killed).toBeGreaterThan(least);
    },
    240_000,
  );
});
