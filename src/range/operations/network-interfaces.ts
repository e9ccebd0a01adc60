import type {
  DescribeNetworkInterfacesRequest,
  DescribeNetworkInterfacesResult,
  GroupIdentifier,
  ModifyNetworkInterfaceAttributeRequest,
  NetworkInterface,
} from '@aws-sdk/client-ec2';
import { type Account, tagsOf } from '../account.ts';
import { filtered, NO_GROUP, NO_INTERFACE, named, one, page } from './query.ts';

/** A new interface on an instance, with the next free address of the subnet. */
export function createInterface(
  account: Account,
  subnet: { readonly id: string; readonly vpcId: string; readonly cidr: string },
  InstanceId: string,
  groupIds: readonly string[],
  address?: string,
): NetworkInterface {
  const used = new Set(
    [...account.networkInterfaces.values()].map(({ PrivateIpAddress }) => PrivateIpAddress),
  );
  const prefix = subnet.cidr.split('.').slice(0, 2).join('.');
  let free = address;
  // AWS keeps the first four addresses of a subnet for itself.
  for (let host = 4; free === undefined; host++) {
    const candidate = `${prefix}.${host >> 8}.${host & 255}`;
    if (!used.has(candidate)) free = candidate;
  }
  const networkInterface: NetworkInterface = {
    NetworkInterfaceId: account.newId('eni'),
    OwnerId: account.id,
    VpcId: subnet.vpcId,
    SubnetId: subnet.id,
    Status: 'in-use',
    PrivateIpAddress: free,
    PrivateIpAddresses: [{ PrivateIpAddress: free, Primary: true }],
    Groups: groupIdentifiers(account, groupIds),
    Attachment: {
      AttachmentId: account.newId('eni-attach'),
      InstanceId,
      InstanceOwnerId: account.id,
      DeviceIndex: 0,
      Status: 'attached',
    },
  };
  account.networkInterfaces.set(networkInterface.NetworkInterfaceId ?? '', networkInterface);
  return networkInterface;
}

export function groupIdentifiers(account: Account, groupIds: readonly string[]): GroupIdentifier[] {
  return groupIds.map((id) => {
    const { groupId, name } = one(account.securityGroups, id, NO_GROUP);
    return { GroupId: groupId, GroupName: name };
  });
}

export function describeNetworkInterfaces(
  account: Account,
  input: DescribeNetworkInterfacesRequest,
): DescribeNetworkInterfacesResult {
  const found = filtered(
    named(account.networkInterfaces, input.NetworkInterfaceIds, NO_INTERFACE),
    input.Filters,
    {
      'network-interface-id': ({ NetworkInterfaceId }) => [NetworkInterfaceId],
      'attachment.instance-id': ({ Attachment }) => [Attachment?.InstanceId],
      'group-id': ({ Groups }) => (Groups ?? []).map(({ GroupId }) => GroupId),
      'private-ip-address': ({ PrivateIpAddress }) => [PrivateIpAddress],
      'addresses.private-ip-address': ({ PrivateIpAddresses }) =>
        (PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress),
      'association.public-ip': ({ Association }) => [Association?.PublicIp],
      'ipv6-addresses.ipv6-address': ({ Ipv6Addresses }) =>
        (Ipv6Addresses ?? []).map(({ Ipv6Address }) => Ipv6Address),
      'vpc-id': ({ VpcId }) => [VpcId],
    },
    ({ NetworkInterfaceId }) => tagsOf(account, NetworkInterfaceId ?? ''),
  );
  const { items, NextToken } = page(found, input);
  return { NetworkInterfaces: items, ...(NextToken ? { NextToken } : {}) };
}

export function modifyNetworkInterfaceAttribute(
  account: Account,
  { NetworkInterfaceId, Groups }: ModifyNetworkInterfaceAttributeRequest,
): Record<string, never> {
  const networkInterface = one(account.networkInterfaces, NetworkInterfaceId, NO_INTERFACE);
  if (Groups !== undefined) networkInterface.Groups = groupIdentifiers(account, Groups);
  return {};
}
