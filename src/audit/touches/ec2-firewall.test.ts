import { proveTouches } from '../../../test/touches.ts';
import { EC2_FIREWALL } from './ec2-firewall.ts';

const done = { requestId: '1dcd7d36-72be-4aad-9e9d-93b88e0135ea', _return: true };
const SG = 'AWS::EC2::SecurityGroup sg-0a1b2c3d4e5f60718';
const ACL = 'AWS::EC2::NetworkAcl acl-0a1b2c3d4e5f60718';
const ENTRY = 'AWS::EC2::NetworkAclEntry acl-0a1b2c3d4e5f60718|100|false';

const group = { groupId: 'sg-0a1b2c3d4e5f60718' };
const vpc = { vpcId: 'vpc-0a1b2c3d4e5f60718' };
const entry = {
  networkAclId: 'acl-0a1b2c3d4e5f60718',
  ruleNumber: 100,
  egress: false,
  ruleAction: 'allow',
  icmpTypeCode: {},
  portRange: { from: 22, to: 22 },
  aclProtocol: '6',
  cidrBlock: '0.0.0.0/0',
};
const opened = {
  items: [
    {
      ipProtocol: 'tcp',
      fromPort: 22,
      toPort: 22,
      groups: {},
      ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
      ipv6Ranges: {},
      prefixListIds: {},
    },
  ],
};
const rule = {
  groupOwnerId: '123456789012',
  groupId: 'sg-0a1b2c3d4e5f60718',
  securityGroupRuleId: 'sgr-0a1b2c3d4e5f60718',
  isEgress: false,
  ipProtocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  cidrIpv4: '0.0.0.0/0',
};

proveTouches(EC2_FIREWALL, [
  [
    'CreateSecurityGroup',
    { groupName: 'web', groupDescription: 'web', ...vpc },
    { ...done, ...group },
    `created ${SG}`,
  ],
  ['DeleteSecurityGroup', group, done, `deleted ${SG}`],
  [
    'AuthorizeSecurityGroupIngress',
    { ...group, ipPermissions: opened },
    { ...done, securityGroupRuleSet: { items: [rule] } },
    `changed ${SG} [SecurityGroupIngress]`,
  ],
  [
    'AuthorizeSecurityGroupIngress',
    { groupName: 'default', ipPermissions: opened },
    { ...done, securityGroupRuleSet: { items: [rule, { ...rule, securityGroupRuleId: 'sgr-2' }] } },
    `changed ${SG} [SecurityGroupIngress]`,
  ],
  [
    'AuthorizeSecurityGroupEgress',
    { ...group, ipPermissions: opened },
    done,
    `changed ${SG} [SecurityGroupEgress]`,
  ],
  [
    'RevokeSecurityGroupIngress',
    { groupName: 'default', ipPermissions: opened },
    { ...done, revokedSecurityGroupRuleSet: { items: [rule] } },
    `changed ${SG} [SecurityGroupIngress]`,
  ],
  [
    'RevokeSecurityGroupEgress',
    { ...group, ipPermissions: opened },
    done,
    `changed ${SG} [SecurityGroupEgress]`,
  ],
  [
    'ModifySecurityGroupRules',
    {
      ModifySecurityGroupRulesRequest: {
        GroupId: 'sg-0a1b2c3d4e5f60718',
        SecurityGroupRule: {
          SecurityGroupRule: { CidrIpv4: '0.0.0.0/0', FromPort: 22, IpProtocol: 'tcp', ToPort: 22 },
          SecurityGroupRuleId: 'sgr-0a1b2c3d4e5f60718',
          tag: 1,
        },
      },
    },
    { ModifySecurityGroupRulesResponse: { return: true } },
    `changed ${SG} [SecurityGroupIngress SecurityGroupEgress]`,
  ],
  [
    'UpdateSecurityGroupRuleDescriptionsIngress',
    { ...group, ipPermissions: opened },
    done,
    `changed ${SG} [SecurityGroupIngress]`,
  ],
  [
    'UpdateSecurityGroupRuleDescriptionsEgress',
    { ...group, ipPermissions: opened },
    done,
    `changed ${SG} [SecurityGroupEgress]`,
  ],

  [
    'CreateNetworkAcl',
    vpc,
    { ...done, networkAcl: { networkAclId: 'acl-0a1b2c3d4e5f60718', ...vpc } },
    `created ${ACL}`,
  ],
  ['DeleteNetworkAcl', { networkAclId: 'acl-0a1b2c3d4e5f60718' }, done, `deleted ${ACL}`],
  ['CreateNetworkAclEntry', entry, done, `created ${ENTRY} (of ${ACL})`],
  [
    'ReplaceNetworkAclEntry',
    entry,
    done,
    `changed ${ENTRY} [Protocol RuleAction CidrBlock Ipv6CidrBlock PortRange Icmp] (of ${ACL})`,
  ],
  [
    'DeleteNetworkAclEntry',
    { networkAclId: 'acl-0a1b2c3d4e5f60718', ruleNumber: 100, egress: false },
    done,
    `deleted ${ENTRY} (of ${ACL})`,
  ],
  [
    'ReplaceNetworkAclAssociation',
    { networkAclId: 'acl-0a1b2c3d4e5f60718', associationId: 'aclassoc-1' },
    { ...done, newAssociationId: 'aclassoc-2' },
    `created AWS::EC2::SubnetNetworkAclAssociation aclassoc-2 (of ${ACL})`,
  ],
]);
