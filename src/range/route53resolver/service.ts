import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { type Operation, operation, type Service } from '../service.ts';
import * as domainLists from './domain-lists.ts';

/** A schema that lets any JSON through: the client of this service comes without schemas. */
const DOCUMENT = 15;

function documents<Input, Output>(run: (account: Account, input: Input) => Output): Operation {
  return operation([9, '', '', 0, () => DOCUMENT, () => DOCUMENT], run);
}

export const ROUTE53_RESOLVER: Service = {
  name: 'route53resolver',
  protocol: awsJson('1.1', 'com.amazonaws.route53resolver'),
  serves: servesTarget('Route53Resolver'),
  faults: {
    throttle: () => new AwsError('ThrottlingException', 'Rate exceeded'),
    'internal-error': () =>
      new AwsError('InternalServiceErrorException', 'An internal error has occurred', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    CreateFirewallDomainList: documents(domainLists.createFirewallDomainList),
    GetFirewallDomainList: documents(domainLists.getFirewallDomainList),
    ListFirewallDomains: documents(domainLists.listFirewallDomains),
    UpdateFirewallDomains: documents(domainLists.updateFirewallDomains),
  },
};
