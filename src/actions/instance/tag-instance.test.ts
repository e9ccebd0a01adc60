import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { recordInstance } from './record-instance.ts';
import { tagInstance } from './tag-instance.ts';

const WITH = { with: { tags: { Name: 'quarantined', case: '0001' } } };

async function recorded(): Promise<Acting> {
  const world = await acting();
  await world.act(recordInstance);
  return world;
}

const tagsOf = ({ account, honeypot }: Acting) =>
  Object.fromEntries(account.tags.get(honeypot.instanceId) ?? []);

describe('tag-instance', () => {
  it('gives the tags, once', async () => {
    await using world = await recorded();
    expect(await world.act(tagInstance, WITH)).toMatchObject({ status: 'done' });
    expect(tagsOf(world)).toEqual({ Name: 'quarantined', case: '0001' });
    await world.act(tagInstance, WITH);
    expect(world.made('CreateTags')).toBe(1);
  });

  it('is taken back: old values come back, new tags go', async () => {
    await using world = await recorded();
    await world.act(tagInstance, WITH);
    expect(await world.undo(tagInstance)).toMatchObject({
      output: { restored: ['Name'], removed: ['case'] },
    });
    expect(tagsOf(world)).toEqual({ Name: 'honeypot' });
    expect(await world.undo(tagInstance)).toMatchObject({ proof: 'no tag has the value that was given' });
  });

  it('leaves what a person has changed since', async () => {
    await using world = await recorded();
    await world.act(tagInstance, WITH);
    const Tags = [{ Key: 'case', Value: 'mine' }];
    await world.aws.ec2.createTags({ Resources: [world.honeypot.instanceId], Tags });
    await world.undo(tagInstance);
    expect(tagsOf(world)).toEqual({ Name: 'honeypot', case: 'mine' });
  });

  it('is taken back after a kill between the call and its record', async () => {
    await using world = await recorded();
    world.range.faults.add({ operation: 'CreateTags', fault: { kind: 'drop-after' } });
    await world.act(tagInstance, WITH);
    await world.act(tagInstance, { ...WITH, earlierTry: 'unknown' });
    await world.undo(tagInstance);
    expect(tagsOf(world)).toEqual({ Name: 'honeypot' });
  });

  it.each([{}, { 'aws:own': 'x' }, { '': 'x' }, { long: 'x'.repeat(257) }])('does not take %j', (tags) => {
    expect(tagInstance.input.safeParse({ tags }).success).toBe(false);
  });
});
