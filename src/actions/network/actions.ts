import { blockAddressInNetworkFirewall } from './block-address-in-network-firewall.ts';
import { blockAddressInWaf } from './block-address-in-waf.ts';
import { blockDomainInDnsFirewall } from './block-domain-in-dns-firewall.ts';
import { recordDomainList } from './record-domain-list.ts';
import { recordIpSet } from './record-ip-set.ts';
import { recordRuleGroup } from './record-rule-group.ts';
import { recordSecurityGroup } from './record-security-group.ts';
import { revokeEgress } from './revoke-egress.ts';
import { revokeIngress } from './revoke-ingress.ts';

export const NETWORK_ACTIONS = [
  recordSecurityGroup,
  revokeIngress,
  revokeEgress,
  recordIpSet,
  blockAddressInWaf,
  recordRuleGroup,
  blockAddressInNetworkFirewall,
  recordDomainList,
  blockDomainInDnsFirewall,
];
