import type { IpPermission, NetworkInterface } from '@aws-sdk/client-ec2';
import type { InterfaceFacts, Inventory } from '../detect/inventory.ts';
import { type AddressSet, addressSet, PRIVATE_NETWORKS } from '../intel/address-set.ts';
import type { AwsClients } from './clients.ts';

/** How long an answer of AWS is used before it is asked again, milliseconds. */
const FRESH_FOR = 60_000;
/** The most values that AWS takes in one filter. */
const FILTER_VALUES = 200;
const TCP = 6;
const UDP = 17;
const PROTOCOL_NUMBERS: Readonly<Record<string, number>> = { tcp: TCP, udp: UDP, icmp: 1, icmpv6: 58 };

/**
 * Knows network interfaces by asking EC2, many at a time. What it once knew it keeps, also when
 * the interface is gone: records arrive minutes after the traffic.
 */
export function ec2Inventory(clients: AwsClients, now: () => number = Date.now): Inventory {
  const known = new Map<string, { facts: InterfaceFacts | undefined; askedAt: number }>();
  return {
    find: (interfaceId) => known.get(interfaceId)?.facts,
    async prefetch(interfaceIds) {
      const stale = [...new Set(interfaceIds)].filter(
        (id) => now() - (known.get(id)?.askedAt ?? 0) > FRESH_FOR,
      );
      for (let from = 0; from < stale.length; from += FILTER_VALUES) {
        const ids = stale.slice(from, from + FILTER_VALUES);
        const found = await describe(clients, ids);
        for (const id of ids) known.set(id, { facts: found.get(id) ?? known.get(id)?.facts, askedAt: now() });
      }
    },
  };
}

async function describe(clients: AwsClients, ids: string[]): Promise<Map<string, InterfaceFacts>> {
  const interfaces: NetworkInterface[] = [];
  const filters = [{ Name: 'network-interface-id', Values: ids }];
  for await (const page of clients.ec2.paginateDescribeNetworkInterfaces({ Filters: filters })) {
    interfaces.push(...(page.NetworkInterfaces ?? []));
  }
  const groupIds = new Set(
    interfaces.flatMap(({ Groups }) => (Groups ?? []).map(({ GroupId }) => GroupId ?? '')),
  );
  const openings = await inboundRules(clients, [...groupIds]);
  return new Map(
    interfaces.map((networkInterface): [string, InterfaceFacts] => {
      const rules = (networkInterface.Groups ?? []).flatMap(
        ({ GroupId }) => openings.get(GroupId ?? '') ?? [ANYTHING],
      );
      const instanceId = networkInterface.Attachment?.InstanceId;
      const id = networkInterface.NetworkInterfaceId ?? '';
      return [
        id,
        {
          interfaceId: id,
          account: networkInterface.OwnerId ?? '',
          ...(instanceId === undefined ? {} : { instanceId }),
          addresses: new Set([
            ...(networkInterface.PrivateIpAddresses ?? []).map((address) => address.PrivateIpAddress ?? ''),
            ...(networkInterface.Ipv6Addresses ?? []).map((address) => address.Ipv6Address ?? ''),
          ]),
          acceptsFrom: (protocol, port, peer) => rules.some((rule) => rule(protocol, port, peer)),
        },
      ];
    }),
  );
}

type InboundRule = (protocol: number, port: number, peer: string) => boolean;
/** A group that cannot be read may let anything in. */
const ANYTHING: InboundRule = () => true;

async function inboundRules(clients: AwsClients, groupIds: string[]): Promise<Map<string, InboundRule[]>> {
  const rules = new Map<string, InboundRule[]>();
  for (let from = 0; from < groupIds.length; from += FILTER_VALUES) {
    const filters = [{ Name: 'group-id', Values: groupIds.slice(from, from + FILTER_VALUES) }];
    for await (const page of clients.ec2.paginateDescribeSecurityGroups({ Filters: filters })) {
      for (const group of page.SecurityGroups ?? []) {
        rules.set(group.GroupId ?? '', (group.IpPermissions ?? []).map(inboundRule));
      }
    }
  }
  return rules;
}

function inboundRule(permission: IpPermission): InboundRule {
  const protocol = permission.IpProtocol ?? '-1';
  const number = PROTOCOL_NUMBERS[protocol] ?? Number(protocol);
  const hasPorts = number === TCP || number === UDP;
  const first = permission.FromPort ?? 0;
  const last = permission.ToPort ?? 65_535;
  const networks: AddressSet = addressSet([
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => CidrIp ?? ''),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6 ?? ''),
  ]);
  // Whom a prefix list stands for is not known here: it may be anybody. A group lets in private addresses.
  const anybody = (permission.PrefixListIds ?? []).length > 0;
  const groups = (permission.UserIdGroupPairs ?? []).length > 0;
  return (asked, port, peer) =>
    (number === -1 || number === asked) &&
    (number === -1 || !hasPorts || (port >= first && port <= last)) &&
    (anybody || networks.find(peer) !== undefined || (groups && PRIVATE_NETWORKS.find(peer) !== undefined));
}
