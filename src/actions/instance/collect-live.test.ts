import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { type ManagedNode, manage, managedNodes } from '../../range/ssm/managed.ts';
import { awaitLive } from './await-live.ts';
import { collectLive } from './collect-live.ts';
import { isolateInstance } from './isolate-instance.ts';
import { recordInstance } from './record-instance.ts';

const WITH = { with: { commands: ['ss -tnp', 'ps axf'] } };

async function managed(node: Partial<ManagedNode> = {}): Promise<Acting> {
  const world = await acting();
  manage(world.account, world.honeypot.instanceId, node);
  return world;
}

describe('collect-live and await-live', () => {
  it('run the commands and keep what they answer', async () => {
    await using world = await managed();
    expect(await world.act(collectLive, WITH)).toMatchObject({ status: 'done' });
    expect(await world.act(awaitLive)).toMatchObject({
      status: 'done',
      output: { status: 'Success', exitCode: 0 },
    });
    expect(world.piece('live-output.txt').toString()).toBe('$ ss -tnp\n$ ps axf\n');
    expect(JSON.parse(world.piece('live-command.json').toString())).toMatchObject({
      DocumentName: 'AWS-RunShellScript',
      Comment: 'Cordon case-20260101-0001',
    });
  });

  it('keep what a command that failed has said, and how it ended', async () => {
    await using world = await managed({ answer: () => ({ stdout: 'half', stderr: 'no space', code: 28 }) });
    await world.act(collectLive, WITH);
    expect(await world.act(awaitLive)).toMatchObject({
      output: { status: 'Failed', exitCode: 28 },
      proof: expect.stringContaining('exit code 28'),
    });
    expect(world.piece('live-errors.txt').toString()).toBe('no space');
  });

  it('say when the output was cut', async () => {
    await using world = await managed({ answer: () => ({ stdout: 'x'.repeat(30_000) }) });
    await world.act(collectLive, WITH);
    expect(await world.act(awaitLive)).toMatchObject({ proof: expect.stringContaining('cut at 24 000') });
  });

  it('send once, also when the answer was lost', async () => {
    await using world = await managed();
    world.range.faults.add({ operation: 'SendCommand', fault: { kind: 'drop-after' } });
    await expect(world.act(collectLive, WITH)).rejects.toThrow();
    expect(await world.act(collectLive, { ...WITH, earlierTry: 'unknown' })).toMatchObject({
      status: 'done',
    });
    expect(world.made('SendCommand')).toBe(1);
    expect(await world.act(awaitLive)).toMatchObject({ status: 'done' });
  });

  it('ask when there is no agent, when it is silent, and when the instance is isolated already', async () => {
    await using world = await acting();
    expect(await world.act(collectLive, WITH)).toMatchObject({
      reason: expect.stringContaining('not registered'),
    });
    manage(world.account, world.honeypot.instanceId, { silent: true });
    expect(await world.act(collectLive, WITH)).toMatchObject({
      reason: expect.stringContaining('ConnectionLost'),
    });
    manage(world.account, world.honeypot.instanceId);
    await world.act(recordInstance);
    await world.act(isolateInstance);
    expect(await world.act(collectLive, WITH)).toMatchObject({ reason: expect.stringContaining('isolated') });
    expect(world.made('SendCommand')).toBe(0);
  });

  it('ask when the command never reached the instance; it is sent again then', async () => {
    await using world = await managed();
    await world.act(collectLive, WITH);
    const node = managedNodes(world.account).get(world.honeypot.instanceId);
    Object.assign(node ?? {}, { silent: true });
    world.clock.advance(3_600_000);
    expect(await world.act(awaitLive)).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('DeliveryTimedOut'),
      redo: 'collect-live',
    });
    Object.assign(node ?? {}, { silent: false });
    const first = world.output('collect-live');
    expect(await world.act(collectLive, { ...WITH, earlierTry: 'unknown' })).toMatchObject({
      status: 'done',
    });
    expect(world.output('collect-live')).not.toEqual(first);
    expect(await world.act(awaitLive)).toMatchObject({ output: { exitCode: 0 } });
  });

  it('take a document with its own parameters, and nothing without any', () => {
    const accepts = (input: unknown) => collectLive.input.safeParse(input).success;
    expect(accepts({ document: 'Acme-MemoryDump', parameters: { target: ['s3://x'] } })).toBe(true);
    expect(accepts({})).toBe(false);
    expect(accepts({ commands: [] })).toBe(false);
  });
});
