import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readableShards, regionOfStream, type ShardLineage, streamNameOf } from './shards.ts';

describe('the shards of a stream', () => {
  it('are read parents first, each once, however the stream was split and merged', () => {
    // Each number is a step: split a shard, or merge two, of those that are open.
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (steps) => {
        const shards: ShardLineage[] = [{ id: '0', parents: [] }];
        const open = ['0'];
        for (const step of steps) {
          const [first = ''] = open.splice(step % open.length, 1);
          const second = step % 3 === 0 ? open.shift() : undefined;
          const parents = second === undefined ? [first] : [first, second];
          for (let child = second === undefined ? 2 : 1; child > 0; child--) {
            open.push(String(shards.length));
            shards.push({ id: String(shards.length), parents });
          }
        }
        const ended = new Set<string>();
        while (ended.size < shards.length) {
          const readable = readableShards(shards, ended);
          expect(readable.length).toBeGreaterThan(0);
          for (const { id, parents } of readable) {
            expect(ended.has(id)).toBe(false);
            expect(parents.every((parent) => ended.has(parent))).toBe(true);
          }
          for (const { id } of readable) ended.add(id);
        }
      }),
    );
  });

  it('belong to a stream with a name and a region', () => {
    const arn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/logs';
    expect([streamNameOf(arn), regionOfStream(arn)]).toEqual(['logs', 'eu-west-1']);
    expect([streamNameOf('logs'), regionOfStream('logs')]).toEqual(['logs', undefined]);
  });
});
