import * as wafv2 from '@aws-sdk/client-wafv2';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as ipSets from './ip-sets.ts';

export const WAFV2: Service = {
  name: 'wafv2',
  protocol: awsJson('1.1', 'com.amazonaws.wafv2'),
  serves: servesTarget('AWSWAF_20190729'),
  faults: {
    throttle: () => new AwsError('ThrottlingException', 'Rate exceeded'),
    'internal-error': () =>
      new AwsError('WAFInternalErrorException', 'AWS WAF couldn’t perform the operation. Try again.', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    CreateIPSet: operation(wafv2.CreateIPSet$, ipSets.createIPSet),
    GetIPSet: operation(wafv2.GetIPSet$, ipSets.getIPSet),
    ListIPSets: operation(wafv2.ListIPSets$, ipSets.listIPSets),
    UpdateIPSet: operation(wafv2.UpdateIPSet$, ipSets.updateIPSet),
  },
};
