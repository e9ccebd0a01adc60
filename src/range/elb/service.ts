import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../aws-error.ts';
import { AWS_QUERY, servesVersion } from '../protocol/query.ts';
import { operation, type Service } from '../service.ts';
import * as groups from './target-groups.ts';
import * as targets from './targets.ts';

/** Elastic Load Balancing, as application and network load balancers speak it. */
export const ELB: Service = {
  name: 'elasticloadbalancing',
  protocol: AWS_QUERY,
  serves: servesVersion('2015-12-01'),
  faults: {
    throttle: () => new AwsError('Throttling', 'Rate exceeded'),
    'internal-error': () => new AwsError('InternalFailure', 'An internal failure occurred.', 500),
    unauthorized: () => new AwsError('AccessDenied', 'User is not authorized to perform this operation', 403),
  },
  operations: {
    CreateTargetGroup: operation(elb.CreateTargetGroup$, groups.createTargetGroup),
    DeregisterTargets: operation(elb.DeregisterTargets$, targets.deregisterTargets),
    DescribeTargetGroups: operation(elb.DescribeTargetGroups$, groups.describeTargetGroups),
    DescribeTargetHealth: operation(elb.DescribeTargetHealth$, targets.describeTargetHealth),
    RegisterTargets: operation(elb.RegisterTargets$, targets.registerTargets),
  },
};
