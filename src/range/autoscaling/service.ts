import * as autoscaling from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../aws-error.ts';
import { AWS_QUERY, servesVersion } from '../protocol/query.ts';
import { operation, type Service } from '../service.ts';
import * as groups from './groups.ts';

export const AUTO_SCALING: Service = {
  name: 'autoscaling',
  protocol: AWS_QUERY,
  serves: servesVersion('2011-01-01'),
  faults: {
    throttle: () => new AwsError('Throttling', 'Rate exceeded'),
    'internal-error': () => new AwsError('InternalFailure', 'An internal failure occurred.', 500),
    unauthorized: () => new AwsError('AccessDenied', 'User is not authorized to perform this operation', 403),
  },
  operations: {
    AttachInstances: operation(autoscaling.AttachInstances$, groups.attachInstances),
    CreateAutoScalingGroup: operation(autoscaling.CreateAutoScalingGroup$, groups.createAutoScalingGroup),
    DescribeAutoScalingGroups: operation(
      autoscaling.DescribeAutoScalingGroups$,
      groups.describeAutoScalingGroups,
    ),
    DescribeAutoScalingInstances: operation(
      autoscaling.DescribeAutoScalingInstances$,
      groups.describeAutoScalingInstances,
    ),
    DetachInstances: operation(autoscaling.DetachInstances$, groups.detachInstances),
  },
};
