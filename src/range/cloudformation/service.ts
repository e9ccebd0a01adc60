import * as cloudformation from '@aws-sdk/client-cloudformation';
import { AwsError } from '../aws-error.ts';
import { AWS_QUERY, QUERY_FAULTS, servesVersion } from '../protocol/query.ts';
import { operation, type Service } from '../service.ts';
import * as changeSets from './change-sets.ts';
import * as drifts from './drifts.ts';
import * as stacks from './stacks.ts';

export const CLOUDFORMATION: Service = {
  name: 'cloudformation',
  protocol: AWS_QUERY,
  serves: servesVersion('2010-05-15'),
  faults: {
    ...QUERY_FAULTS,
    throttle: () => new AwsError('Throttling', 'Rate exceeded'),
    unauthorized: () =>
      new AwsError('AccessDenied', 'User is not authorized to perform this operation on CloudFormation', 403),
  },
  operations: {
    CreateChangeSet: operation(cloudformation.CreateChangeSet$, changeSets.createChangeSet),
    CreateStack: operation(cloudformation.CreateStack$, stacks.createStack),
    DeleteChangeSet: operation(cloudformation.DeleteChangeSet$, changeSets.deleteChangeSet),
    DeleteStack: operation(cloudformation.DeleteStack$, stacks.deleteStack),
    DescribeChangeSet: operation(cloudformation.DescribeChangeSet$, changeSets.describeChangeSet),
    DescribeStackDriftDetectionStatus: operation(
      cloudformation.DescribeStackDriftDetectionStatus$,
      drifts.describeStackDriftDetectionStatus,
    ),
    DescribeStackEvents: operation(cloudformation.DescribeStackEvents$, stacks.describeStackEvents),
    DescribeStackResourceDrifts: operation(
      cloudformation.DescribeStackResourceDrifts$,
      drifts.describeStackResourceDrifts,
    ),
    DescribeStackResources: operation(cloudformation.DescribeStackResources$, stacks.describeStackResources),
    DescribeStacks: operation(cloudformation.DescribeStacks$, stacks.describeStacks),
    DetectStackDrift: operation(cloudformation.DetectStackDrift$, drifts.detectStackDrift),
    ExecuteChangeSet: operation(cloudformation.ExecuteChangeSet$, changeSets.executeChangeSet),
    GetTemplate: operation(cloudformation.GetTemplate$, stacks.getTemplate),
    UpdateStack: operation(cloudformation.UpdateStack$, stacks.updateStack),
  },
};
