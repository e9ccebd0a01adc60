import { describe, expect, it } from 'vitest';
import { acting } from '../../../test/acting.ts';

async function scene() {
  const world = await acting();
  const ecs = await world.aws.once('ecs');
  await ecs.createCluster({ clusterName: 'shop' });
  await ecs.registerTaskDefinition({
    family: 'web',
    containerDefinitions: [{ name: 'web', image: 'web:1' }],
  });
  const { tasks } = await ecs.runTask({ cluster: 'shop', taskDefinition: 'web' });
  const task = tasks?.[0]?.taskArn ?? '';
  const state = async () => {
    const answer = await ecs.describeTasks({ cluster: 'shop', tasks: [task] });
    return answer.tasks?.[0];
  };
  return { ...world, ecs, task, state };
}

describe('a task', () => {
  it('starts and stops in time, with the reason, and is forgotten an hour later', async () => {
    await using world = await scene();
    const { ecs, clock, task } = world;
    expect((await world.state())?.lastStatus).toBe('PROVISIONING');
    clock.advance(30_000);
    expect(await world.state()).toMatchObject({ lastStatus: 'RUNNING', containers: [{ name: 'web' }] });
    await ecs.stopTask({ cluster: 'shop', task, reason: 'it calls a command server' });
    expect(await world.state()).toMatchObject({ lastStatus: 'STOPPING', desiredStatus: 'STOPPED' });
    clock.advance(30_000);
    expect(await world.state()).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'it calls a command server',
    });
    expect((await ecs.listTasks({ cluster: 'shop' })).taskArns).toEqual([]);
    clock.advance(3_600_000);
    expect((await ecs.describeTasks({ cluster: 'shop', tasks: [task] })).failures).toEqual([
      { arn: task, reason: 'MISSING' },
    ]);
  });

  it('that is not there, in a cluster that is not there, is said so', async () => {
    await using world = await scene();
    await expect(world.ecs.stopTask({ cluster: 'shop', task: 'none' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'The referenced task was not found.',
    });
    await expect(world.ecs.describeTasks({ tasks: [world.task] })).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
    });
  });

  it('is made of the newest revision, or of the one that is named', async () => {
    await using world = await scene();
    const { taskDefinition } = await world.ecs.registerTaskDefinition({
      family: 'web',
      containerDefinitions: [{ name: 'web', image: 'web:2' }],
    });
    expect(taskDefinition?.revision).toBe(2);
    const answer = await world.ecs.describeTaskDefinition({ taskDefinition: 'web:1' });
    expect(answer.taskDefinition?.containerDefinitions).toMatchObject([{ image: 'web:1' }]);
  });
});
