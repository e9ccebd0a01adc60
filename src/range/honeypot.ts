import type { Account } from './account.ts';
import { runInstances } from './operations/instances.ts';
import { authorize, createSecurityGroup, revoke } from './operations/security-groups.ts';

/** The ids of a honeypot's parts. */
export interface Honeypot {
  readonly instanceId: string;
  readonly interfaceId: string;
  readonly address: string;
  readonly volumeIds: readonly string[];
  readonly groupId: string;
  readonly vpcId: string;
}

const ANYWHERE = [{ CidrIp: '0.0.0.0/0' }];

/** An instance that looks worth attacking: SSH and HTTP are open, and little may go out. */
export function createHoneypot(
  account: Account,
  { address = '10.20.0.7', name = 'honeypot', tags = [] as { Key: string; Value: string }[] } = {},
): Honeypot {
  const vpcId = account.vpcs.keys().next().value ?? account.newId('vpc');
  account.vpcs.set(vpcId, { id: vpcId, cidr: '10.20.0.0/16' });
  const subnetId = account.subnets.keys().next().value ?? account.newId('subnet');
  account.subnets.set(subnetId, { id: subnetId, vpcId, cidr: '10.20.0.0/16' });
  const known = [...account.securityGroups.values()].find((group) => group.name === 'honeypot');
  const groupId = known?.groupId ?? honeypotGroup(account, vpcId);
  const { Instances } = runInstances(account, {
    MinCount: 1,
    MaxCount: 1,
    SubnetId: subnetId,
    PrivateIpAddress: address,
    SecurityGroupIds: [groupId],
    IamInstanceProfile: { Name: 'honeypot' },
    UserData: Buffer.from('#!/bin/sh\nyum -y install httpd && systemctl start httpd\n').toString('base64'),
    BlockDeviceMappings: [
      { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 8, DeleteOnTermination: true } },
      { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 100, DeleteOnTermination: true } },
    ],
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }, ...tags] }],
  });
  const instance = Instances[0];
  const instanceId = instance?.InstanceId ?? '';
  const simulated = account.instances.get(instanceId);
  if (simulated !== undefined) {
    const output =
      '[    0.000000] Linux version 6.1.0 (Amazon Linux)\n[   12.481203] httpd: started\n[  803.114920] sshd: Accepted publickey for ec2-user\n';
    account.instances.set(instanceId, { ...simulated, consoleOutput: output });
  }
  return {
    instanceId,
    interfaceId: instance?.NetworkInterfaces?.[0]?.NetworkInterfaceId ?? '',
    address,
    volumeIds: (instance?.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.VolumeId ?? ''),
    groupId,
    vpcId,
  };
}

function honeypotGroup(account: Account, vpcId: string): string {
  const GroupId =
    createSecurityGroup(account, { GroupName: 'honeypot', Description: 'honeypot', VpcId: vpcId }).GroupId ??
    '';
  const port = (IpProtocol: string, number: number) => ({
    IpProtocol,
    FromPort: number,
    ToPort: number,
    IpRanges: ANYWHERE,
  });
  revoke('egress')(account, { GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: ANYWHERE }] });
  authorize('ingress')(account, { GroupId, IpPermissions: [port('tcp', 22), port('tcp', 80)] });
  authorize('egress')(account, {
    GroupId,
    IpPermissions: [port('udp', 123), port('tcp', 25), port('tcp', 80), port('tcp', 443)],
  });
  return GroupId;
}
