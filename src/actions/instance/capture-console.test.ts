import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';
import { captureConsole } from './capture-console.ts';

describe('capture-console', () => {
  it('keeps the newest output and a JPEG of the screen', async () => {
    await using world = await acting();
    expect(await world.act(captureConsole)).toMatchObject({ status: 'done' });
    expect(world.piece('console-latest.txt').toString()).toContain('Accepted publickey');
    expect([...world.piece('console-screenshot.jpg').subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    const latest = world.range.calls.find(({ operation }) => operation === 'GetConsoleOutput')?.input;
    expect(latest).toMatchObject({ Latest: true });
  });

  it('keeps the output alone of an instance that shows no screen', async () => {
    await using world = await acting();
    await world.aws.ec2.stopInstances({ InstanceIds: [world.honeypot.instanceId] });
    expect(await world.act(captureConsole)).toMatchObject({
      status: 'done',
      proof: expect.stringContaining('no picture: IncorrectInstanceState'),
    });
    expect(() => world.piece('console-screenshot.jpg')).toThrow();
  });

  it('takes the output that was posted last where there is no newest', async () => {
    await using world = await acting();
    const message = 'This instance type does not support retrieving the latest console logs.';
    const fault = { kind: 'error', code: 'UnsupportedOperation', message, status: 400 } as const;
    world.range.faults.add({ operation: 'GetConsoleOutput', fault });
    expect(await world.act(captureConsole)).toMatchObject({ status: 'done' });
    expect(world.piece('console-latest.txt').length).toBeGreaterThan(0);
  });

  it('fails when EC2 does not answer', async () => {
    await using world = await acting();
    world.range.faults.add({
      operation: 'GetConsoleScreenshot',
      fault: { kind: 'internal-error' },
      times: 9,
    });
    await expect(world.act(captureConsole)).rejects.toMatchObject({ name: 'InternalError' });
  });
});
