import { ECS_TASK, LAMBDA_FUNCTION } from '../../src/model/subject.ts';
import { ACCOUNT, type Acting, subjectOf } from '../acting.ts';
import type { ActionScenario, ActionScenarios, Prepared } from './scenario.ts';

const FunctionName = 'resize';

function lambda(reserved?: number): ActionScenario {
  return {
    name: reserved === undefined ? 'a function' : 'a function with reserved concurrency',
    async prepare({ aws }): Promise<Prepared> {
      const client = await aws.use('lambda');
      await client.createFunction({
        FunctionName,
        Runtime: 'nodejs22.x',
        Role: `arn:aws:iam::${ACCOUNT}:role/resize`,
        Handler: 'index.handler',
        Code: { ZipFile: Buffer.from('PK') },
      });
      await client.createFunctionUrlConfig({ FunctionName, AuthType: 'NONE' });
      if (reserved !== undefined)
        await client.putFunctionConcurrency({ FunctionName, ReservedConcurrentExecutions: reserved });
      return { subject: subjectOf(LAMBDA_FUNCTION, FunctionName) };
    },
  };
}

async function task({ aws, clock }: Acting): Promise<Prepared> {
  const ecs = await aws.use('ecs');
  await ecs.createCluster({ clusterName: 'shop' });
  const containerDefinitions = [{ name: 'web', image: 'web:1' }];
  await ecs.registerTaskDefinition({ family: 'web', containerDefinitions });
  const { tasks } = await ecs.runTask({ cluster: 'shop', taskDefinition: 'web' });
  clock.advance(30_000);
  return { subject: subjectOf(ECS_TASK, tasks?.[0]?.taskArn ?? '') };
}

export const WORKLOAD_SCENARIOS: ActionScenarios = {
  'record-lambda': [lambda()],
  'stop-lambda': [lambda(), lambda(7)],
  'record-ecs-task': [{ name: 'a task', prepare: task }],
  'stop-ecs-task': [{ name: 'a task', prepare: task }],
};
