import { BlockList, isIPv6 } from 'node:net';
import type { IpPermission, NetworkAclEntry } from '@aws-sdk/client-ec2';
import type { Account } from './account.ts';
import { aclEntries } from './operations/network-acls.ts';

/** A connection that somebody tries to open, seen from one of the account's network interfaces. */
export interface Connection {
  readonly interfaceId: string;
  readonly openedBy: 'self' | 'peer';
  /** Defaults to TCP. */
  readonly protocol?: 'tcp' | 'udp';
  readonly ownPort: number;
  readonly peer: string;
  readonly peerPort: number;
  readonly packets?: number;
  readonly bytes?: number;
}

export const FLOW_LOG_HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

const PROTOCOLS = { tcp: 6, udp: 17 } as const;
const INTERVAL_SECONDS = 60;

/**
 * The flow log records (default format) that a connection leaves: one REJECT, or an ACCEPT for each
 * way. The interface's security groups decide, as they are now; they are stateful, so an answer is
 * always let through. The subnet's network ACL is not: it must let through both ways. An interface that
 * is gone logs nothing.
 */
export function flowLogRecords(account: Account, connection: Connection): string[] {
  const networkInterface = account.networkInterfaces.get(connection.interfaceId);
  if (networkInterface === undefined) return [];
  const { interfaceId, openedBy, protocol = 'tcp', ownPort, peer, peerPort } = connection;
  const own = networkInterface.PrivateIpAddress ?? '';
  const side = openedBy === 'self' ? 'egress' : 'ingress';
  const port = openedBy === 'self' ? peerPort : ownPort;
  const passes = [false, true].every((egress) =>
    letsThrough(aclEntries(account, networkInterface.SubnetId ?? '', egress), peer),
  );
  const permitted = (networkInterface.Groups ?? []).some(({ GroupId }) =>
    (account.securityGroups.get(GroupId ?? '')?.[side] ?? []).some((permission) =>
      permits(permission, protocol, port, peer),
    ),
  );
  const allowed = passes && permitted;
  const end = Math.floor(account.clock.now() / 1000);
  const { packets = 1, bytes = packets * 60 } = connection;
  const record = (outbound: boolean, action: 'ACCEPT' | 'REJECT'): string =>
    [
      2,
      account.id,
      interfaceId,
      ...(outbound ? [own, peer, ownPort, peerPort] : [peer, own, peerPort, ownPort]),
      PROTOCOLS[protocol],
      packets,
      bytes,
      end - INTERVAL_SECONDS,
      end,
      action,
      'OK',
    ].join(' ');
  const first = openedBy === 'self';
  return allowed ? [record(first, 'ACCEPT'), record(!first, 'ACCEPT')] : [record(first, 'REJECT')];
}

function permits(permission: IpPermission, protocol: 'tcp' | 'udp', port: number, peer: string): boolean {
  const { IpProtocol, FromPort = 0, ToPort = 65_535 } = permission;
  if (IpProtocol !== '-1' && (IpProtocol !== protocol || port < FromPort || port > ToPort)) return false;
  const networks = new BlockList();
  for (const { CidrIp } of permission.IpRanges ?? []) addNetwork(networks, CidrIp, 'ipv4');
  for (const { CidrIpv6 } of permission.Ipv6Ranges ?? []) addNetwork(networks, CidrIpv6, 'ipv6');
  return networks.check(peer, isIPv6(peer) ? 'ipv6' : 'ipv4');
}

/** The first entry that is of the address and of all traffic decides; entries of some ports are passed over. */
function letsThrough(entries: readonly NetworkAclEntry[], peer: string): boolean {
  const first = entries.find(({ Protocol, CidrBlock, Ipv6CidrBlock }) => {
    const networks = new BlockList();
    addNetwork(networks, CidrBlock, 'ipv4');
    addNetwork(networks, Ipv6CidrBlock, 'ipv6');
    return Protocol === '-1' && networks.check(peer, isIPv6(peer) ? 'ipv6' : 'ipv4');
  });
  return first === undefined || first.RuleAction === 'allow';
}

function addNetwork(networks: BlockList, cidr: string | undefined, family: 'ipv4' | 'ipv6'): void {
  const [address = '', prefix = ''] = (cidr ?? '').split('/');
  if (address !== '') networks.addSubnet(address, Number(prefix), family);
}
