import { describe, expect, it } from 'vitest';
import { type Acting, acting } from '../../../test/acting.ts';
import { ECS_TASK } from '../../model/subject.ts';
import { sealEvidence } from '../evidence/seal-evidence.ts';
import { recordEcsTask } from './record-ecs-task.ts';
import { stopEcsTask } from './stop-ecs-task.ts';

async function withTask(
  group?: string,
): Promise<Acting & { readonly given: { subject: Acting['subject'] } }> {
  const world = await acting();
  const ecs = await world.aws.use('ecs');
  await ecs.createCluster({ clusterName: 'shop' });
  await ecs.registerTaskDefinition({
    family: 'web',
    containerDefinitions: [{ name: 'web', image: 'web:1' }],
  });
  const { tasks } = await ecs.runTask({
    cluster: 'shop',
    taskDefinition: 'web',
    ...(group === undefined ? {} : { group }),
  });
  world.clock.advance(30_000);
  const given = { subject: { ...world.subject, type: ECS_TASK, id: tasks?.[0]?.taskArn ?? '' } };
  return { ...world, given };
}

describe('record-ecs-task', () => {
  it('keeps the task and its definition', async () => {
    await using world = await withTask();
    expect(await world.act(recordEcsTask, world.given)).toMatchObject({
      status: 'done',
      output: { cluster: 'shop', launchType: 'FARGATE', group: 'family:web' },
    });
    expect(JSON.parse(world.piece('task.json').toString())).toMatchObject({ lastStatus: 'RUNNING' });
    expect(JSON.parse(world.piece('task-definition.json').toString())).toMatchObject({ family: 'web' });
  });

  it('asks when the task is gone', async () => {
    await using world = await withTask();
    const subject = { ...world.given.subject, id: `${world.given.subject.id}0` };
    expect(await world.act(recordEcsTask, { subject })).toMatchObject({ status: 'ask' });
  });
});

describe('stop-ecs-task', () => {
  it('stops the task with the case as the reason, once', async () => {
    await using world = await withTask();
    await world.act(recordEcsTask, world.given);
    await world.act(sealEvidence, world.given);
    world.range.faults.add({ operation: 'StopTask', fault: { kind: 'drop-after' } });
    expect(await world.act(stopEcsTask, world.given)).toMatchObject({
      status: 'done',
      proof: expect.stringContaining('STOPPED: Cordon case-20260101-0001'),
    });
    const calls = world.made('StopTask');
    await world.act(stopEcsTask, { ...world.given, earlierTry: 'unknown' });
    expect(world.made('StopTask')).toBe(calls);
  });

  it('asks as long as nothing is sealed', async () => {
    await using world = await withTask();
    await world.act(recordEcsTask, world.given);
    expect(await world.act(stopEcsTask, world.given)).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('sealed'),
    });
    expect(world.made('StopTask')).toBe(0);
  });

  it('says how another is run, if no service does that already', async () => {
    await using world = await withTask();
    await world.act(recordEcsTask, world.given);
    expect(world.restore(stopEcsTask)).toEqual([
      'aws ecs run-task --region us-east-1 --cluster shop --task-definition arn:aws:ecs:us-east-1:123456789012:task-definition/web:1 --launch-type FARGATE',
    ]);
    await using served = await withTask('service:web');
    await served.act(recordEcsTask, served.given);
    expect(served.restore(stopEcsTask)).toEqual([]);
  });
});
