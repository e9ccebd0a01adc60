import { proveInverses } from '../../../test/inverses.ts';
import { EC2_NETWORK_INVERSES } from './ec2-network.ts';

const route = { routeTableId: 'rtb-1', destinationCidrBlock: '0.0.0.0/0', natGatewayId: 'nat-evil' };
const RouteTableId = 'rtb-1';
const toIgw = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' };
const eni = { networkInterfaceId: 'eni-1' };
const groups = { groupSet: { items: [{ groupId: 'sg-open' }] } };
const check = { sourceDestCheck: { value: false } };
const flowLog = {
  ResourceId: 'vpc-1',
  ResourceType: 'VPC',
  TrafficType: 'ALL',
  LogDestinationType: 's3',
  LogDestination: 'arn:aws:s3:::flow-logs',
  MaxAggregationInterval: 60,
  Tags: [{ Key: 'team', Value: 'network' }],
};
const deleted = { DeleteFlowLogsRequest: { FlowLogId: { content: 'fl-1', tag: 1 } } };
const peering = { vpcPeeringConnectionId: 'pcx-1' };
const gateway = { internetGatewayId: 'igw-1', vpcId: 'vpc-1' };
const attached = { InternetGatewayId: 'igw-1', VpcId: 'vpc-1' };

proveInverses(EC2_NETWORK_INVERSES, [
  [
    'CreateRoute',
    { request: route },
    [['ec2 DeleteRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0' }]],
  ],
  [
    'CreateRoute',
    { request: { routeTableId: 'rtb-1', destinationIpv6CidrBlock: '::/0' } },
    [['ec2 DeleteRoute', { RouteTableId, DestinationIpv6CidrBlock: '::/0' }]],
  ],
  ['CreateRoute', { request: { routeTableId: 'rtb-1' } }, 'unknown: the record'],
  ['ReplaceRoute', { request: route, before: { GatewayId: 'igw-1' } }, [['ec2 ReplaceRoute', toIgw]]],
  ['ReplaceRoute', { request: route }, 'unknown: where the route'],
  ['DeleteRoute', { request: route, before: { GatewayId: 'igw-1' } }, [['ec2 CreateRoute', toIgw]]],
  [
    'ModifyNetworkInterfaceAttribute',
    { request: { ...eni, ...groups }, before: { GroupSet: ['sg-1', 'sg-2'], SourceDestCheck: true } },
    [['ec2 ModifyNetworkInterfaceAttribute', { NetworkInterfaceId: 'eni-1', Groups: ['sg-1', 'sg-2'] }]],
  ],
  [
    'ModifyNetworkInterfaceAttribute',
    { request: { ...eni, ...check }, before: { GroupSet: ['sg-1'], SourceDestCheck: true } },
    [
      [
        'ec2 ModifyNetworkInterfaceAttribute',
        { NetworkInterfaceId: 'eni-1', SourceDestCheck: { Value: true } },
      ],
    ],
  ],
  ['ModifyNetworkInterfaceAttribute', { request: { ...eni, ...groups } }, 'unknown: in which groups'],
  [
    'ModifySubnetAttribute',
    {
      request: { subnetId: 'subnet-1', mapPublicIpOnLaunch: { value: true } },
      before: { MapPublicIpOnLaunch: false },
    },
    [['ec2 ModifySubnetAttribute', { SubnetId: 'subnet-1', MapPublicIpOnLaunch: { Value: false } }]],
  ],
  [
    'ModifySubnetAttribute',
    { request: { subnetId: 'subnet-1', mapPublicIpOnLaunch: { value: true } } },
    'unknown: MapPublicIpOnLaunch',
  ],
  [
    'DeleteFlowLogs',
    { request: deleted, before: flowLog },
    [
      [
        'ec2 CreateFlowLogs',
        {
          ResourceIds: ['vpc-1'],
          ResourceType: 'VPC',
          TrafficType: 'ALL',
          LogDestinationType: 's3',
          LogDestination: 'arn:aws:s3:::flow-logs',
          MaxAggregationInterval: 60,
          TagSpecifications: [{ ResourceType: 'vpc-flow-log', Tags: [{ Key: 'team', Value: 'network' }] }],
        },
      ],
    ],
  ],
  [
    'DeleteFlowLogs',
    {
      request: deleted,
      before: {
        ResourceId: 'vpc-1',
        ResourceType: 'VPC',
        LogGroupName: 'flow',
        LogDestination: 'arn:aws:logs:eu-west-1:123456789012:log-group:flow',
        DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/flow',
      },
    },
    [
      [
        'ec2 CreateFlowLogs',
        {
          ResourceIds: ['vpc-1'],
          ResourceType: 'VPC',
          LogGroupName: 'flow',
          DeliverLogsPermissionArn: 'arn:aws:iam::123456789012:role/flow',
        },
      ],
    ],
  ],
  ['DeleteFlowLogs', { request: deleted }, 'unknown: what the flow log recorded'],
  [
    'CreateVpcPeeringConnection',
    { request: { vpcId: 'vpc-1', peerOwnerId: '999999999999' }, response: { vpcPeeringConnection: peering } },
    [['ec2 DeleteVpcPeeringConnection', { VpcPeeringConnectionId: 'pcx-1' }]],
  ],
  [
    'AcceptVpcPeeringConnection',
    { request: peering },
    [['ec2 DeleteVpcPeeringConnection', { VpcPeeringConnectionId: 'pcx-1' }]],
  ],
  ['AttachInternetGateway', { request: gateway }, [['ec2 DetachInternetGateway', attached]]],
  ['DetachInternetGateway', { request: gateway }, [['ec2 AttachInternetGateway', attached]]],
]);
