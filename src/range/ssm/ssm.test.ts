import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';
import { manage, managedNodes } from './managed.ts';

async function scene() {
  const world = await acting();
  const ssm = await world.aws.once('ssm');
  const InstanceId = world.honeypot.instanceId;
  const send = (commands = ['uname -a'], DocumentName = 'AWS-RunShellScript') =>
    ssm.sendCommand({ InstanceIds: [InstanceId], DocumentName, Parameters: { commands }, Comment: 'why' });
  return { ...world, ssm, InstanceId, send };
}

describe('Run Command', () => {
  it('runs commands on an instance with an agent, in time', async () => {
    await using world = await scene();
    const { ssm, InstanceId } = world;
    manage(world.account, InstanceId, { answer: (commands) => ({ stdout: commands.join(';'), code: 3 }) });
    const { Command } = await world.send();
    const invocation = { CommandId: Command?.CommandId, InstanceId };
    expect(await ssm.getCommandInvocation(invocation)).toMatchObject({
      Status: 'InProgress',
      ResponseCode: -1,
    });
    world.clock.advance(30_000);
    expect(await ssm.getCommandInvocation(invocation)).toMatchObject({
      Status: 'Failed',
      ResponseCode: 3,
      StandardOutputContent: 'uname -a',
    });
    const { Commands } = await ssm.listCommands({ InstanceId });
    expect(Commands).toMatchObject([{ CommandId: Command?.CommandId, Comment: 'why' }]);
  });

  it('answers no more than 24 000 characters', async () => {
    await using world = await scene();
    manage(world.account, world.InstanceId, { answer: () => ({ stdout: 'x'.repeat(30_000) }) });
    const { Command } = await world.send();
    world.clock.advance(30_000);
    const { StandardOutputContent } = await world.ssm.getCommandInvocation({
      CommandId: Command?.CommandId,
      InstanceId: world.InstanceId,
    });
    expect(StandardOutputContent).toHaveLength(24_000);
  });

  it('refuses what has no agent, and documents that are not there', async () => {
    await using world = await scene();
    await expect(world.send()).rejects.toMatchObject({ name: 'InvalidInstanceId' });
    manage(world.account, world.InstanceId);
    await expect(world.send([], 'Nobody-HasThis')).rejects.toMatchObject({ name: 'InvalidDocument' });
    await expect(
      world.ssm.getCommandInvocation({
        CommandId: '11111111-2222-3333-4444-555555555555',
        InstanceId: world.InstanceId,
      }),
    ).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
  });

  it('says who answers; what was sent to one that no longer does ends undelivered', async () => {
    await using world = await scene();
    manage(world.account, world.InstanceId);
    const ping = async () => {
      const { InstanceInformationList } = await world.ssm.describeInstanceInformation({
        Filters: [{ Key: 'InstanceIds', Values: [world.InstanceId] }],
      });
      return InstanceInformationList?.map(({ PingStatus }) => PingStatus);
    };
    expect(await ping()).toEqual(['Online']);
    const { Command } = await world.send();
    Object.assign(managedNodes(world.account).get(world.InstanceId) ?? {}, { silent: true });
    expect(await ping()).toEqual(['ConnectionLost']);
    world.clock.advance(3_600_000);
    expect(
      await world.ssm.getCommandInvocation({ CommandId: Command?.CommandId, InstanceId: world.InstanceId }),
    ).toMatchObject({ Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut' });
  });
});
