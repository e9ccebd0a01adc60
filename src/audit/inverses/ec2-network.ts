import { listOf, memberOf, present, textOf, textsOf } from '../members.ts';
import type { BackCall, Inverse } from '../way-back.ts';
import { backCall, calls, linesOf, noBefore, notInRecord, stateBefore } from './inverse.ts';

const row = linesOf('ec2.amazonaws.com');
const ROUTE = 'AWS::EC2::Route';
const FLOW_LOG = 'AWS::EC2::FlowLog';
const INTERFACE = 'AWS::EC2::NetworkInterface';
const PEERING = 'AWS::EC2::VPCPeeringConnection';
const ATTACHMENT = 'AWS::EC2::VPCGatewayAttachment';

const DESTINATIONS = ['destinationCidrBlock', 'destinationIpv6CidrBlock', 'destinationPrefixListId'] as const;
/** Where a route of AWS::EC2::Route can lead; EC2 has the same names. */
const TARGETS = [
  'CarrierGatewayId',
  'CoreNetworkArn',
  'EgressOnlyInternetGatewayId',
  'GatewayId',
  'InstanceId',
  'LocalGatewayId',
  'NatGatewayId',
  'NetworkInterfaceId',
  'TransitGatewayId',
  'VpcEndpointId',
  'VpcPeeringConnectionId',
];

function routeOf(request: Parameters<typeof textOf>[0]) {
  const RouteTableId = textOf(request, 'routeTableId');
  const member = DESTINATIONS.find((name) => textOf(request, name) !== undefined);
  const destination = member && textOf(request, member);
  if (RouteTableId === undefined || member === undefined || destination === undefined) return undefined;
  const input = { RouteTableId, [`D${member.slice(1)}`]: destination };
  return { input, text: `the route to ${destination} of ${RouteTableId}` };
}

function routeBack(name: string, operation: string, already: readonly string[]): Inverse {
  return row(name, ROUTE, [`ec2:${operation}`], (call, states) => {
    const route = routeOf(call.request);
    if (route === undefined) return notInRecord(call);
    const before = stateBefore(states);
    const target = TARGETS.find((one) => textOf(before, one) !== undefined);
    if (target === undefined) return noBefore(`where ${route.text} led`);
    return calls(
      `lead ${route.text} to ${textOf(before, target)} again`,
      backCall('ec2', operation, { ...route.input, [target]: textOf(before, target) ?? '' }, already),
    );
  });
}

/** One attribute a call is all that EC2 takes. */
const modifiedInterface = row(
  'ModifyNetworkInterfaceAttribute',
  INTERFACE,
  ['ec2:ModifyNetworkInterfaceAttribute'],
  (call, states) => {
    const NetworkInterfaceId = textOf(call.request, 'networkInterfaceId');
    if (NetworkInterfaceId === undefined) return notInRecord(call);
    const before = stateBefore(states);
    const back: BackCall[] = [];
    const does: string[] = [];
    const put = (what: string, input: { readonly [member: string]: string[] | { Value: boolean } }): void => {
      does.push(what);
      back.push(backCall('ec2', 'ModifyNetworkInterfaceAttribute', { NetworkInterfaceId, ...input }));
    };
    if (memberOf(call.request, 'groupSet') !== undefined) {
      const groups = textsOf(before, 'GroupSet');
      if (groups.length === 0) return noBefore(`in which groups ${NetworkInterfaceId} was`);
      put(`the groups ${groups.join(', ')}`, { Groups: groups });
    }
    if (memberOf(call.request, 'sourceDestCheck') !== undefined) {
      const check = memberOf(before, 'SourceDestCheck');
      if (typeof check !== 'boolean') return noBefore(`whether ${NetworkInterfaceId} checked its source`);
      put(`SourceDestCheck ${check}`, { SourceDestCheck: { Value: check } });
    }
    return back.length === 0
      ? notInRecord(call)
      : calls(`put ${does.join(' and ')} of ${NetworkInterfaceId} back`, ...back);
  },
);

const modifiedSubnet = row(
  'ModifySubnetAttribute',
  'AWS::EC2::Subnet',
  ['ec2:ModifySubnetAttribute'],
  (call, states) => {
    const SubnetId = textOf(call.request, 'subnetId');
    if (SubnetId === undefined) return notInRecord(call);
    const names = {
      mapPublicIpOnLaunch: 'MapPublicIpOnLaunch',
      assignIpv6AddressOnCreation: 'AssignIpv6AddressOnCreation',
    };
    const [member, property] =
      Object.entries(names).find(([name]) => memberOf(call.request, name) !== undefined) ?? [];
    if (member === undefined || property === undefined) return notInRecord(call);
    const Value = memberOf(stateBefore(states), property);
    if (typeof Value !== 'boolean') return noBefore(`${property} of ${SubnetId}`);
    return calls(
      `set ${property} of ${SubnetId} to ${Value} again`,
      backCall('ec2', 'ModifySubnetAttribute', { SubnetId, [property]: { Value } }),
    );
  },
);

const deletedFlowLogs = row(
  'DeleteFlowLogs',
  FLOW_LOG,
  ['ec2:CreateFlowLogs', 'iam:PassRole', 'logs:CreateLogDelivery'],
  (_, states) => {
    const before = stateBefore(states);
    const ResourceId = textOf(before, 'ResourceId');
    const ResourceType = textOf(before, 'ResourceType');
    if (ResourceId === undefined || ResourceType === undefined) return noBefore('what the flow log recorded');
    const kind = textOf(before, 'LogDestinationType');
    const tags = listOf(before, 'Tags');
    const group = textOf(before, 'LogGroupName');
    return calls(
      `make the flow log of ${ResourceId} again, with a new id; what passed meanwhile was not recorded`,
      backCall(
        'ec2',
        'CreateFlowLogs',
        present({
          ResourceIds: [ResourceId],
          ResourceType,
          TrafficType: textOf(before, 'TrafficType'),
          LogDestinationType: kind,
          // EC2 takes a log group by its name or by its ARN, and not by both.
          LogGroupName: group,
          LogDestination: group === undefined ? textOf(before, 'LogDestination') : undefined,
          LogFormat: textOf(before, 'LogFormat'),
          DeliverLogsPermissionArn: textOf(before, 'DeliverLogsPermissionArn'),
          DeliverCrossAccountRole: textOf(before, 'DeliverCrossAccountRole'),
          MaxAggregationInterval: memberOf(before, 'MaxAggregationInterval'),
          DestinationOptions: memberOf(before, 'DestinationOptions'),
          TagSpecifications: tags.length === 0 ? undefined : [{ ResourceType: 'vpc-flow-log', Tags: tags }],
        }),
        ['FlowLogAlreadyExists'],
      ),
    );
  },
);

function peeringBack(name: string): Inverse {
  return row(name, PEERING, ['ec2:DeleteVpcPeeringConnection'], (call) => {
    const VpcPeeringConnectionId =
      textOf(call.response, 'vpcPeeringConnection.vpcPeeringConnectionId') ??
      textOf(call.request, 'vpcPeeringConnectionId');
    if (VpcPeeringConnectionId === undefined) return notInRecord(call);
    return calls(
      `delete the peering connection ${VpcPeeringConnectionId}`,
      backCall('ec2', 'DeleteVpcPeeringConnection', { VpcPeeringConnectionId }, [
        'InvalidVpcPeeringConnectionID.NotFound',
      ]),
    );
  });
}

function gatewayBack(name: string, operation: string, does: string, already: readonly string[]): Inverse {
  return row(name, ATTACHMENT, [`ec2:${operation}`], (call) => {
    const InternetGatewayId = textOf(call.request, 'internetGatewayId');
    const VpcId = textOf(call.request, 'vpcId');
    if (InternetGatewayId === undefined || VpcId === undefined) return notInRecord(call);
    return calls(
      `${does} ${InternetGatewayId} ${does === 'detach' ? 'from' : 'to'} ${VpcId}`,
      backCall('ec2', operation, { InternetGatewayId, VpcId }, already),
    );
  });
}

/** Routes, interfaces, subnets, gateways, peerings and flow logs. */
export const EC2_NETWORK_INVERSES: readonly Inverse[] = [
  row('CreateRoute', ROUTE, ['ec2:DeleteRoute'], (call) => {
    const route = routeOf(call.request);
    if (route === undefined) return notInRecord(call);
    return calls(
      `delete ${route.text}`,
      backCall('ec2', 'DeleteRoute', route.input, ['InvalidRoute.NotFound']),
    );
  }),
  routeBack('ReplaceRoute', 'ReplaceRoute', []),
  routeBack('DeleteRoute', 'CreateRoute', ['RouteAlreadyExists']),
  modifiedInterface,
  modifiedSubnet,
  deletedFlowLogs,
  peeringBack('CreateVpcPeeringConnection'),
  peeringBack('AcceptVpcPeeringConnection'),
  gatewayBack('AttachInternetGateway', 'DetachInternetGateway', 'detach', ['Gateway.NotAttached']),
  gatewayBack('DetachInternetGateway', 'AttachInternetGateway', 'attach', ['Resource.AlreadyAssociated']),
];
