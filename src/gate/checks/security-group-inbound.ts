import ipaddr from 'ipaddr.js';
import { entriesOf, itemsOf, member, type Node, textOf } from '../template/node.ts';
import type { ResolvedResource } from '../template/worlds.ts';
import { type Check, propertyOf, typeOf } from './check.ts';

/** Where a type of resource names its security groups; dots lead into maps, lists are gone through. */
const GROUPS_OF: Readonly<Record<string, readonly string[]>> = {
  'AWS::ElasticLoadBalancing::LoadBalancer': ['SecurityGroups'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['SecurityGroups'],
  'AWS::AutoScaling::LaunchConfiguration': ['SecurityGroups'],
  'AWS::EC2::LaunchTemplate': [
    'LaunchTemplateData.SecurityGroupIds',
    'LaunchTemplateData.NetworkInterfaces.Groups',
  ],
  'AWS::EC2::NetworkInterface': ['GroupSet'],
  'AWS::EC2::Instance': ['SecurityGroupIds', 'NetworkInterfaces.GroupSet'],
  'AWS::EC2::SpotFleet': ['SpotFleetRequestConfigData.LaunchSpecifications.SecurityGroups'],
  'AWS::RDS::DBInstance': ['VPCSecurityGroups'],
  'AWS::RDS::DBCluster': ['VpcSecurityGroupIds'],
  'AWS::Redshift::Cluster': ['VpcSecurityGroupIds'],
  'AWS::ElastiCache::CacheCluster': ['VpcSecurityGroupIds'],
  'AWS::ElastiCache::ReplicationGroup': ['SecurityGroupIds'],
  'AWS::EFS::MountTarget': ['SecurityGroups'],
  'AWS::OpsWorks::Layer': ['CustomSecurityGroupIds'],
  'AWS::Lambda::Function': ['VpcConfig.SecurityGroupIds'],
  'AWS::ECS::Service': ['NetworkConfiguration.AwsvpcConfiguration.SecurityGroups'],
};

const LOAD_BALANCER = /^AWS::ElasticLoadBalancing(V2)?::LoadBalancer$/;

type Reach = 'public' | 'private' | 'unknown';

/**
 * Only security groups of load balancers that face the internet may let public addresses in, and
 * only if nothing else has the group. A group that nothing has may not either.
 */
export const securityGroupInbound: Check = function* ({ resources }) {
  for (const group of resources) {
    if (typeOf(group) !== 'AWS::EC2::SecurityGroup') continue;
    const rules = rulesOf(group, resources);
    const open = rules.filter(({ reach }) => reach !== 'private');
    if (open.length === 0) continue;
    const attached = resources.filter((resource) => hasGroup(resource, group.key));
    const reaches = attached.map(reachOf);
    if (reaches.length > 0 && reaches.every((reach) => reach === 'public')) continue;
    const worst = open.find(({ reach }) => reach === 'public') ?? open[0];
    const sure = worst?.reach === 'public' && (reaches.length === 0 || reaches.includes('private'));
    const message =
      attached.length === 0
        ? 'public inbound rules for a security group without a public load balancer found'
        : 'public inbound rules for private attachments found';
    yield {
      logicalId: group.key,
      message,
      node: worst?.node ?? group.value,
      ...(sure ? {} : { open: true as const }),
    };
  }
};

function reachOf(resource: ResolvedResource): Reach {
  if (!LOAD_BALANCER.test(typeOf(resource))) return 'private';
  const scheme = propertyOf(resource, 'Scheme');
  if (scheme === undefined) return 'public';
  const text = textOf(scheme);
  return text === undefined ? 'unknown' : text === 'internal' ? 'private' : 'public';
}

function hasGroup(resource: ResolvedResource, group: string): boolean {
  const paths = GROUPS_OF[typeOf(resource)] ?? [];
  return paths.some((path) =>
    collect(member(resource.value, 'Properties'), path.split('.')).some((node) => refersTo(node, group)),
  );
}

function collect(node: Node | undefined, path: readonly string[]): Node[] {
  if (node === undefined) return [];
  if (node.kind === 'list') return node.items.flatMap((item) => collect(item, path));
  const [first, ...rest] = path;
  return first === undefined ? [node] : collect(member(node, first), rest);
}

/** `Ref`, or `GroupId` by `Fn::GetAtt`. */
function refersTo(node: Node | undefined, group: string): boolean {
  const [only] = entriesOf(node);
  if (only?.key === 'Ref') return textOf(only.value) === group;
  return only?.key === 'Fn::GetAtt' && textOf(itemsOf(only.value)[0]) === group;
}

function rulesOf(
  group: ResolvedResource,
  resources: readonly ResolvedResource[],
): { reach: Reach; node: Node }[] {
  const inline = propertyOf(group, 'SecurityGroupIngress');
  const own = inline?.kind === 'list' ? inline.items : inline === undefined ? [] : [inline];
  const standalone = resources
    .filter(
      (one) =>
        typeOf(one) === 'AWS::EC2::SecurityGroupIngress' && refersTo(propertyOf(one, 'GroupId'), group.key),
    )
    .flatMap((one) => member(one.value, 'Properties') ?? []);
  return [...own, ...standalone].map((rule) => {
    const source = member(rule, 'CidrIp') ?? member(rule, 'CidrIpv6');
    return { reach: source === undefined ? sourceless(rule) : reachOfNetwork(source), node: source ?? rule };
  });
}

/** From another group or a list of networks; a rule that is itself unknown may say anything. */
function sourceless(rule: Node): Reach {
  return entriesOf(rule).some(({ key }) => key === 'Ref' || key.startsWith('Fn::')) ? 'unknown' : 'private';
}

function reachOfNetwork(node: Node): Reach {
  const text = textOf(node);
  if (text === undefined) return 'unknown';
  try {
    const [address, prefix] = text.includes('/')
      ? ipaddr.parseCIDR(text.trim())
      : [ipaddr.parse(text.trim()), 128];
    const range = address.range();
    const inside = PRIVATE_PREFIX[range];
    return inside !== undefined && prefix >= inside(address) ? 'private' : 'public';
  } catch {
    return 'unknown';
  }
}

/** A network is private when it is wholly inside a private one: 10.0.0.0/4 is not. */
const PRIVATE_PREFIX: Readonly<Record<string, (address: ipaddr.IPv4 | ipaddr.IPv6) => number>> = {
  private: (address) => {
    const [first] = address.toByteArray();
    return first === 10 ? 8 : first === 172 ? 12 : 16;
  },
  uniqueLocal: () => 7,
  linkLocal: (address) => (address.kind() === 'ipv4' ? 16 : 10),
  loopback: (address) => (address.kind() === 'ipv4' ? 8 : 128),
};
