import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import type { ActionContext } from '../action.ts';

/** The one group of a VPC that lets nothing in or out. */
export const QUARANTINE_GROUP = 'cordon-quarantine';

/** The group without rules; its name is unique in the VPC, so it is made once. */
export async function quarantineGroup(context: ActionContext, vpcId: string): Promise<string> {
  return emptied(
    context.aws,
    await madeGroup(context, vpcId, QUARANTINE_GROUP, 'Cordon: lets nothing in or out'),
  );
}

/** A group of this case alone, so that it can be deleted however many cases are at work in the VPC. */
function openGroupName({ incident }: ActionContext): string {
  return `cordon-untracked-${incident.id}`;
}

const EVERYTHING: readonly IpPermission[] = [
  { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
  { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
];

/**
 * A group that lets everything in and out, for the moment between the old groups and quarantine. A
 * connection that such rules let through is not tracked, so that the next change of groups ends it at
 * once, where a tracked one would live on. Sources: Amazon EC2 User Guide, "Amazon EC2 security group
 * connection tracking"; AWS Systems Manager Automation runbook reference, "AWSSupport-ContainEC2Instance".
 */
export async function openGroup(context: ActionContext, vpcId: string): Promise<string> {
  const group = await madeGroup(
    context,
    vpcId,
    openGroupName(context),
    'Cordon: for the moment before quarantine, so that no connection is tracked',
  );
  const { GroupId = '', IpPermissions: inbound = [], IpPermissionsEgress: outbound = [] } = group;
  // One by one: of two rules in a request EC2 makes none if one is there, as AWS's own rule of a new group.
  for (const permission of EVERYTHING) {
    const rule = { GroupId, IpPermissions: [permission] };
    if (!inbound.some((one) => hasAll(one, permission)))
      await context.aws.ec2.authorizeSecurityGroupIngress(rule).catch(there);
    if (!outbound.some((one) => hasAll(one, permission)))
      await context.aws.ec2.authorizeSecurityGroupEgress(rule).catch(there);
  }
  return GroupId;
}

function there(error: unknown): void {
  if (awsErrorCode(error) !== 'InvalidPermission.Duplicate') throw error;
}

/** Whether a permission is of all protocols and has the network of another. */
function hasAll({ IpProtocol, IpRanges = [], Ipv6Ranges = [] }: IpPermission, wanted: IpPermission): boolean {
  const networks = [...IpRanges.map(({ CidrIp }) => CidrIp), ...Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6)];
  return (
    IpProtocol === '-1' && networks.includes(wanted.IpRanges?.[0]?.CidrIp ?? wanted.Ipv6Ranges?.[0]?.CidrIpv6)
  );
}

export async function findOpenGroup(context: ActionContext, vpcId: string): Promise<string | undefined> {
  return (await findGroup(context.aws, vpcId, openGroupName(context)))?.GroupId;
}

/** Deletes the open group; `false` as long as EC2 says that something has it. */
export async function deleteGroup(aws: AwsClients, GroupId: string): Promise<boolean> {
  try {
    await aws.ec2.deleteSecurityGroup({ GroupId });
  } catch (error) {
    const code = awsErrorCode(error);
    if (code === 'DependencyViolation') return false;
    if (code !== 'InvalidGroup.NotFound') throw error;
  }
  return true;
}

async function madeGroup(
  { aws, incident }: ActionContext,
  vpcId: string,
  name: string,
  Description: string,
): Promise<SecurityGroup> {
  const existing = await findGroup(aws, vpcId, name);
  if (existing !== undefined) return existing;
  try {
    await aws.ec2.createSecurityGroup({
      GroupName: name,
      Description,
      VpcId: vpcId,
      TagSpecifications: [
        { ResourceType: 'security-group', Tags: [{ Key: 'cordon:created-for', Value: incident.id }] },
      ],
    });
  } catch (error) {
    if (awsErrorCode(error) !== 'InvalidGroup.Duplicate') throw error;
  }
  const created = await findGroup(aws, vpcId, name);
  if (created === undefined) throw new Error(`${name} was created and is not visible yet`);
  return created;
}

async function findGroup(aws: AwsClients, vpcId: string, name: string): Promise<SecurityGroup | undefined> {
  const filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: [name] },
  ];
  const answer = await aws.ec2.describeSecurityGroups({ Filters: filters });
  return answer.SecurityGroups?.[0];
}

/** AWS gives a new group a rule that lets everything out, and anybody may have added others. */
async function emptied(aws: AwsClients, group: SecurityGroup): Promise<string> {
  const groupId = group.GroupId ?? '';
  const { IpPermissions: inbound = [], IpPermissionsEgress: outbound = [] } = group;
  const gone = (error: unknown): void => {
    if (awsErrorCode(error) !== 'InvalidPermission.NotFound') throw error;
  };
  if (inbound.length > 0) {
    await aws.ec2.revokeSecurityGroupIngress({ GroupId: groupId, IpPermissions: inbound }).catch(gone);
  }
  if (outbound.length > 0) {
    await aws.ec2.revokeSecurityGroupEgress({ GroupId: groupId, IpPermissions: outbound }).catch(gone);
  }
  return groupId;
}
