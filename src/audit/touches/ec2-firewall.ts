import { changed, created, deleted, type TouchTable } from './touch.ts';

const GROUP = 'AWS::EC2::SecurityGroup';
const ACL = 'AWS::EC2::NetworkAcl';
const ACL_ENTRY = 'AWS::EC2::NetworkAclEntry';

/** A group may be named, and then only the answer has its id. */
const group = ['request.groupId', 'response.securityGroupRuleSet.items[].groupId'];
const revoked = ['request.groupId', 'response.revokedSecurityGroupRuleSet.items[].groupId'];
const acl = 'request.networkAclId';
/** Cloud Control does not read entries: this is what names one. */
const entry = `{${acl}}|{request.ruleNumber}|{request.egress}`;
const ofAcl = { partOf: [ACL, acl] as const };

/** Security groups and network ACLs. Source: Amazon EC2 API Reference, "Log Amazon EC2 API calls using AWS CloudTrail". */
export const EC2_FIREWALL: TouchTable = {
  source: 'ec2.amazonaws.com',
  calls: {
    CreateSecurityGroup: [created(GROUP, 'response.groupId')],
    DeleteSecurityGroup: [deleted(GROUP, ['request.groupId', 'response.groupId'])],
    AuthorizeSecurityGroupIngress: [changed(GROUP, group, ['SecurityGroupIngress'])],
    AuthorizeSecurityGroupEgress: [changed(GROUP, group, ['SecurityGroupEgress'])],
    RevokeSecurityGroupIngress: [changed(GROUP, revoked, ['SecurityGroupIngress'])],
    RevokeSecurityGroupEgress: [changed(GROUP, revoked, ['SecurityGroupEgress'])],
    ModifySecurityGroupRules: [
      changed(GROUP, 'request.ModifySecurityGroupRulesRequest.GroupId', [
        'SecurityGroupIngress',
        'SecurityGroupEgress',
      ]),
    ],
    UpdateSecurityGroupRuleDescriptionsIngress: [changed(GROUP, group, ['SecurityGroupIngress'])],
    UpdateSecurityGroupRuleDescriptionsEgress: [changed(GROUP, group, ['SecurityGroupEgress'])],

    CreateNetworkAcl: [created(ACL, 'response.networkAcl.networkAclId')],
    DeleteNetworkAcl: [deleted(ACL, acl)],
    CreateNetworkAclEntry: [created(ACL_ENTRY, entry, ofAcl)],
    ReplaceNetworkAclEntry: [
      changed(
        ACL_ENTRY,
        entry,
        ['Protocol', 'RuleAction', 'CidrBlock', 'Ipv6CidrBlock', 'PortRange', 'Icmp'],
        ofAcl,
      ),
    ],
    DeleteNetworkAclEntry: [deleted(ACL_ENTRY, entry, ofAcl)],
    ReplaceNetworkAclAssociation: [
      created('AWS::EC2::SubnetNetworkAclAssociation', 'response.newAssociationId', ofAcl),
    ],
  },
};
