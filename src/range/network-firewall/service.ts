import * as firewall from '@aws-sdk/client-network-firewall';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as ruleGroups from './rule-groups.ts';

export const NETWORK_FIREWALL: Service = {
  name: 'network-firewall',
  protocol: awsJson('1.0', 'com.amazonaws.networkfirewall'),
  serves: servesTarget('NetworkFirewall_20201112'),
  faults: {
    throttle: () => new AwsError('ThrottlingException', 'Rate exceeded'),
    'internal-error': () => new AwsError('InternalServerError', 'An internal error has occurred', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    CreateRuleGroup: operation(firewall.CreateRuleGroup$, ruleGroups.createRuleGroup),
    DescribeRuleGroup: operation(firewall.DescribeRuleGroup$, ruleGroups.describeRuleGroup),
    UpdateRuleGroup: operation(firewall.UpdateRuleGroup$, ruleGroups.updateRuleGroup),
  },
};
