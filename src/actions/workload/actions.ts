import { recordEcsTask } from './record-ecs-task.ts';
import { recordLambda } from './record-lambda.ts';
import { stopEcsTask } from './stop-ecs-task.ts';
import { stopLambda } from './stop-lambda.ts';

export const WORKLOAD_ACTIONS = [recordLambda, stopLambda, recordEcsTask, stopEcsTask];
