import * as ecs from '@aws-sdk/client-ecs';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as clusters from './cluster.ts';
import * as tasks from './tasks.ts';

export const ECS: Service = {
  name: 'ecs',
  protocol: awsJson('1.1', 'com.amazonaws.ecs'),
  serves: servesTarget('AmazonEC2ContainerServiceV20141113'),
  faults: {
    throttle: () => new AwsError('ThrottlingException', 'Rate exceeded'),
    'internal-error': () =>
      new AwsError('ServerException', 'Service Unavailable. Please try again later.', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    CreateCluster: operation(ecs.CreateCluster$, clusters.createCluster),
    DescribeTaskDefinition: operation(ecs.DescribeTaskDefinition$, clusters.describeTaskDefinition),
    DescribeTasks: operation(ecs.DescribeTasks$, tasks.describeTasks),
    ListTasks: operation(ecs.ListTasks$, tasks.listTasks),
    RegisterTaskDefinition: operation(ecs.RegisterTaskDefinition$, clusters.registerTaskDefinition),
    RunTask: operation(ecs.RunTask$, tasks.runTask),
    StopTask: operation(ecs.StopTask$, tasks.stopTask),
  },
};
