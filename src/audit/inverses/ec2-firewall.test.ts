import { proveInverses } from '../../../test/inverses.ts';
import { EC2_FIREWALL_INVERSES } from './ec2-firewall.ts';

const GroupId = 'sg-0a1b2c3d4e5f60718';
const SSH = { ipProtocol: 'tcp', fromPort: 22, toPort: 22 };
const permissions = (...items: readonly { readonly [member: string]: string | number | object }[]) =>
  ({
    items: items.map((item) => ({ groups: {}, ipRanges: {}, ipv6Ranges: {}, prefixListIds: {}, ...item })),
  }) as never;
const world = { ipRanges: { items: [{ cidrIp: '0.0.0.0/0', description: 'me' }, { cidrIp: '10.0.0.0/8' }] } };
const asked = { groupId: GroupId, ipPermissions: permissions({ ...SSH, ...world }) };
const answered = (id: string, more = {}) => ({
  groupId: GroupId,
  securityGroupRuleId: id,
  isEgress: false,
  ...SSH,
  cidrIpv4: '0.0.0.0/0',
  ...more,
});
const set = (...items: readonly ReturnType<typeof answered>[]) => ({
  _return: true,
  securityGroupRuleSet: { items },
});
const ssh = (CidrIp: string, more = {}) => ({ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp, ...more });
const back = (member: string, list: object) =>
  ({ GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, [member]: [list] }] }) as never;
const modify = (...SecurityGroupRule: readonly object[]) =>
  ({ ModifySecurityGroupRulesRequest: { GroupId, SecurityGroupRule } }) as never;
const changed = {
  SecurityGroupRuleId: 'sgr-01',
  SecurityGroupRule: { CidrIpv4: '0.0.0.0/0', IpProtocol: 'tcp' },
  tag: 1,
};

const entry = {
  networkAclId: 'acl-1',
  ruleNumber: 100,
  egress: false,
  ruleAction: 'allow',
  aclProtocol: '6',
  cidrBlock: '0.0.0.0/0',
};
const named = { NetworkAclId: 'acl-1', RuleNumber: 100, Egress: false };
const was = {
  ...named,
  Protocol: 6,
  RuleAction: 'deny',
  CidrBlock: '10.0.0.0/8',
  PortRange: { From: 22, To: 22 },
};
const entryInput = {
  ...named,
  Protocol: '6',
  RuleAction: 'deny',
  CidrBlock: '10.0.0.0/8',
  PortRange: { From: 22, To: 22 },
};

proveInverses(EC2_FIREWALL_INVERSES, [
  // The rules that were added, by their ids, each by itself.
  [
    'AuthorizeSecurityGroupIngress',
    { request: asked, response: set(answered('sgr-01'), answered('sgr-02', { cidrIpv4: '10.0.0.0/8' })) },
    [
      ['ec2 RevokeSecurityGroupIngress', { GroupId, SecurityGroupRuleIds: ['sgr-01'] }],
      ['ec2 RevokeSecurityGroupIngress', { GroupId, SecurityGroupRuleIds: ['sgr-02'] }],
    ],
  ],
  // A record without ids: exactly what was asked for and was not there before.
  [
    'AuthorizeSecurityGroupIngress',
    {
      request: asked,
      response: { _return: true },
      before: { SecurityGroupIngress: [ssh('10.0.0.0/8', { Description: 'office' })] },
    },
    [['ec2 RevokeSecurityGroupIngress', back('IpRanges', { CidrIp: '0.0.0.0/0', Description: 'me' })]],
  ],
  [
    'AuthorizeSecurityGroupIngress',
    {
      request: asked,
      before: { SecurityGroupIngress: [ssh('0.0.0.0/0'), { ...ssh('10.0.0.0/8'), IpProtocol: '6' }] },
    },
    'nothing: sg-0a1b2c3d4e5f60718 had all of it before',
  ],
  [
    'AuthorizeSecurityGroupIngress',
    { request: { groupName: 'default', ipPermissions: {} }, response: set(answered('sgr-01')) },
    [['ec2 RevokeSecurityGroupIngress', { GroupId, SecurityGroupRuleIds: ['sgr-01'] }]],
  ],
  ['AuthorizeSecurityGroupIngress', { request: { groupName: 'default' } }, 'unknown: the record'],
  [
    'AuthorizeSecurityGroupEgress',
    {
      request: {
        groupId: GroupId,
        ipPermissions: permissions({
          ipProtocol: '-1',
          fromPort: -1,
          ipv6Ranges: { items: [{ cidrIpv6: '::/0' }] },
          groups: { items: [{ groupId: 'sg-9', userId: '999999999999' }] },
          prefixListIds: { items: [{ prefixListId: 'pl-1' }] },
        }),
      },
    },
    [
      [
        'ec2 RevokeSecurityGroupEgress',
        { GroupId, IpPermissions: [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }] },
      ],
      [
        'ec2 RevokeSecurityGroupEgress',
        { GroupId, IpPermissions: [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-1' }] }] },
      ],
      [
        'ec2 RevokeSecurityGroupEgress',
        {
          GroupId,
          IpPermissions: [
            { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-9', UserId: '999999999999' }] },
          ],
        },
      ],
    ],
  ],
  [
    'RevokeSecurityGroupIngress',
    {
      request: asked,
      response: {
        _return: true,
        revokedSecurityGroupRuleSet: { items: [answered('sgr-01', { cidrIpv4: '10.0.0.0/8' })] },
      },
      before: { SecurityGroupIngress: [ssh('10.0.0.0/8', { Description: 'office' })] },
    },
    [
      [
        'ec2 AuthorizeSecurityGroupIngress',
        back('IpRanges', { CidrIp: '10.0.0.0/8', Description: 'office' }),
      ],
    ],
  ],
  [
    'RevokeSecurityGroupIngress',
    { request: asked, response: { _return: true, unknownIpPermissionSet: asked.ipPermissions } },
    'nothing: sg-0a1b2c3d4e5f60718 had nothing of it',
  ],
  [
    'RevokeSecurityGroupEgress',
    {
      request: {
        groupId: GroupId,
        ipPermissions: permissions({ ...SSH, ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } }),
      },
    },
    [['ec2 AuthorizeSecurityGroupEgress', back('IpRanges', { CidrIp: '10.0.0.0/8' })]],
  ],
  [
    'RevokeSecurityGroupEgress',
    { request: { groupId: GroupId, securityGroupRuleIds: { items: [] } } },
    'unknown: the record',
  ],
  [
    'ModifySecurityGroupRules',
    {
      request: modify(changed),
      before: { SecurityGroupIngress: [ssh('10.0.0.0/8', { Description: 'office' }), ssh('10.9.0.0/16')] },
      after: { SecurityGroupIngress: [ssh('0.0.0.0/0'), ssh('10.9.0.0/16')] },
    },
    [
      [
        'ec2 ModifySecurityGroupRules',
        {
          GroupId,
          SecurityGroupRules: [
            {
              SecurityGroupRuleId: 'sgr-01',
              SecurityGroupRule: {
                IpProtocol: 'tcp',
                FromPort: 22,
                ToPort: 22,
                CidrIpv4: '10.0.0.0/8',
                Description: 'office',
              },
            },
          ],
        },
      ],
    ],
  ],
  // Another rule was removed meanwhile: which one it was is not certain.
  [
    'ModifySecurityGroupRules',
    {
      request: modify(changed),
      before: { SecurityGroupIngress: [ssh('10.0.0.0/8'), ssh('10.9.0.0/16')] },
      after: { SecurityGroupIngress: [ssh('0.0.0.0/0')] },
    },
    'unknown: which rule',
  ],
  [
    'ModifySecurityGroupRules',
    { request: modify(changed, { ...changed, SecurityGroupRuleId: 'sgr-02' }), before: {}, after: {} },
    'unknown: which rule',
  ],
  ['ModifySecurityGroupRules', { request: modify(changed) }, 'unknown: what the rules'],

  ['CreateNetworkAclEntry', { request: entry }, [['ec2 DeleteNetworkAclEntry', named]]],
  ['ReplaceNetworkAclEntry', { request: entry, before: was }, [['ec2 ReplaceNetworkAclEntry', entryInput]]],
  ['ReplaceNetworkAclEntry', { request: entry }, 'unknown: what the inbound entry 100'],
  [
    'DeleteNetworkAclEntry',
    { request: { networkAclId: 'acl-1', ruleNumber: 100, egress: false }, before: was },
    [['ec2 CreateNetworkAclEntry', entryInput]],
  ],
]);
