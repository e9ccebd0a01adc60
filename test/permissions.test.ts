import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newQueue } from '../src/range/sqs/queue.ts';
import { stage } from './scene.ts';
import { announcedBucket, beacons, QUEUE, stream } from './sources.ts';

interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[] }[];
}

/** The one policy in the page. */
function documented(): string[] {
  const page = readFileSync(new URL('../docs/sources.md', import.meta.url), 'utf8');
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  return (JSON.parse(json) as Policy).Statement.flatMap(({ Action }) => Action).sort();
}

describe('the policy in docs/sources.md', () => {
  it('allows what the sources call, and nothing else', async () => {
    const poison = QUEUE.replace('announcements', 'poison');
    await using world = await stage({
      mode: 'observe',
      config: { sources: [{ queue: QUEUE, poison: { queue: poison } }, { kinesis: 'logs' }] },
    });
    newQueue(world.range.account, 'poison');
    const { put, send, bucket } = announcedBucket(world);
    put('a.log', beacons(world, 1));
    bucket.versioning = 'Enabled';
    put('b.log', beacons(world, 1));
    send('{"some": "thing"}');
    stream(world).put(beacons(world, 1));
    // A message that is tried again is given back for a while.
    world.range.faults.add({ operation: 'GetObject', fault: { kind: 'unauthorized' } });
    await world.watchOnce();
    const called = world.range.calls.flatMap(({ service, operation, input }) => {
      // What the inventory and the guardrails ask is in docs/watch.md and docs/actions.md.
      if (['ec2', 'autoscaling', 'elasticloadbalancing'].includes(service)) return [];
      const ofVersion =
        operation === 'GetObject' && (input as { VersionId?: string }).VersionId !== undefined;
      return [`${service}:${operation}${ofVersion ? 'Version' : ''}`];
    });
    expect([...new Set(called)].sort()).toEqual(documented());
  });
});
