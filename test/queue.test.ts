import { describe, expect, it } from 'vitest';
import { type Stage, stage } from './scene.ts';
import { announcedBucket, beacons, counted, gzipped, type Route } from './sources.ts';

const QUEUE = 'https://sqs.us-east-1.amazonaws.com/123456789012/announcements';

function scene(source: object = {}): Promise<Stage> {
  return stage({ mode: 'observe', config: { sources: [{ queue: QUEUE, ...source }] } });
}

describe('an object that is announced', () => {
  it.each<[Route, boolean]>([
    ['s3', false],
    ['s3', true],
    ['sns', false],
    ['sns-raw', false],
    ['eventbridge', true],
    ['eventbridge-sns', false],
  ])('by %s is read (versions: %s), and its message deleted', async (route, versioned) => {
    await using world = await scene();
    const { put, queue } = announcedBucket(world, route, { versioned });
    put('AWSLogs/ä b+c.log', beacons(world, 3));
    put('AWSLogs/z.log.gz', gzipped(beacons(world, 4, 41_000)));
    await world.watchOnce();
    expect(await counted(world)).toBe(7);
    expect(queue.messages).toEqual([]);
  });
});
