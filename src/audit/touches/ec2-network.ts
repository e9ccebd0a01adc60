import { changed, created, deleted, type TouchTable } from './touch.ts';

const ROUTE = 'AWS::EC2::Route';
const ROUTE_TABLE = 'AWS::EC2::RouteTable';
const ROUTE_ASSOCIATION = 'AWS::EC2::SubnetRouteTableAssociation';
const FLOW_LOG = 'AWS::EC2::FlowLog';
const PEERING = 'AWS::EC2::VPCPeeringConnection';
const ENDPOINT = 'AWS::EC2::VPCEndpoint';
const INTERFACE = 'AWS::EC2::NetworkInterface';
const GATEWAY = 'AWS::EC2::TransitGateway';

const route = ['destinationCidrBlock', 'destinationIpv6CidrBlock', 'destinationPrefixListId'].map(
  (destination) => `{request.routeTableId}|{request.${destination}}`,
);
const ofTable = { partOf: [ROUTE_TABLE, 'request.routeTableId'] as const };
const peering = [
  'response.vpcPeeringConnection.vpcPeeringConnectionId',
  'request.vpcPeeringConnectionId',
  'request.AcceptVpcPeeringConnectionRequest.VpcPeeringConnectionId',
];

/** Networks. Source: Amazon EC2 API Reference, "Log Amazon EC2 API calls using AWS CloudTrail". */
export const EC2_NETWORK: TouchTable = {
  source: 'ec2.amazonaws.com',
  calls: {
    CreateRouteTable: [created(ROUTE_TABLE, 'response.routeTable.routeTableId')],
    DeleteRouteTable: [deleted(ROUTE_TABLE, 'request.routeTableId')],
    CreateRoute: [created(ROUTE, route, ofTable)],
    ReplaceRoute: [changed(ROUTE, route, [], ofTable)],
    DeleteRoute: [deleted(ROUTE, route, ofTable)],
    AssociateRouteTable: [created(ROUTE_ASSOCIATION, 'response.associationId', ofTable)],
    DisassociateRouteTable: [deleted(ROUTE_ASSOCIATION, 'request.associationId')],

    CreateVpc: [created('AWS::EC2::VPC', 'response.vpc.vpcId')],
    DeleteVpc: [deleted('AWS::EC2::VPC', 'request.vpcId')],
    ModifyVpcAttribute: [
      changed('AWS::EC2::VPC', 'request.vpcId', {
        of: 'request',
        names: { enableDnsSupport: 'EnableDnsSupport', enableDnsHostnames: 'EnableDnsHostnames' },
      }),
    ],
    CreateSubnet: [created('AWS::EC2::Subnet', 'response.subnet.subnetId')],
    DeleteSubnet: [deleted('AWS::EC2::Subnet', 'request.subnetId')],
    ModifySubnetAttribute: [
      changed('AWS::EC2::Subnet', 'request.subnetId', {
        of: 'request',
        names: {
          mapPublicIpOnLaunch: 'MapPublicIpOnLaunch',
          assignIpv6AddressOnCreation: 'AssignIpv6AddressOnCreation',
          enableDns64: 'EnableDns64',
        },
      }),
    ],
    CreateInternetGateway: [
      created('AWS::EC2::InternetGateway', 'response.internetGateway.internetGatewayId'),
    ],
    DeleteInternetGateway: [deleted('AWS::EC2::InternetGateway', 'request.internetGatewayId')],
    AttachInternetGateway: [
      created('AWS::EC2::VPCGatewayAttachment', 'IGW|{request.vpcId}', {
        partOf: ['AWS::EC2::VPC', 'request.vpcId'],
      }),
    ],
    DetachInternetGateway: [
      deleted('AWS::EC2::VPCGatewayAttachment', 'IGW|{request.vpcId}', {
        partOf: ['AWS::EC2::VPC', 'request.vpcId'],
      }),
    ],
    CreateNatGateway: [
      created('AWS::EC2::NatGateway', 'response.CreateNatGatewayResponse.natGateway.natGatewayId'),
    ],
    DeleteNatGateway: [deleted('AWS::EC2::NatGateway', 'request.DeleteNatGatewayRequest.NatGatewayId')],
    CreateVpcPeeringConnection: [created(PEERING, peering)],
    AcceptVpcPeeringConnection: [changed(PEERING, peering)],
    DeleteVpcPeeringConnection: [
      deleted(PEERING, [
        'request.vpcPeeringConnectionId',
        'request.DeleteVpcPeeringConnectionRequest.VpcPeeringConnectionId',
      ]),
    ],
    CreateVpcEndpoint: [created(ENDPOINT, 'response.CreateVpcEndpointResponse.vpcEndpoint.vpcEndpointId')],
    ModifyVpcEndpoint: [changed(ENDPOINT, 'request.ModifyVpcEndpointRequest.VpcEndpointId')],
    DeleteVpcEndpoints: [
      deleted(ENDPOINT, [
        'request.DeleteVpcEndpointsRequest.VpcEndpointId[].content',
        'request.DeleteVpcEndpointsRequest.VpcEndpointId[]',
      ]),
    ],
    ModifyVpcBlockPublicAccessOptions: [
      changed('AWS::EC2::VPCBlockPublicAccessOptions', 'account', ['InternetGatewayBlockMode']),
    ],
    CreateTransitGateway: [
      created(GATEWAY, 'response.CreateTransitGatewayResponse.transitGateway.transitGatewayId'),
    ],
    ModifyTransitGateway: [changed(GATEWAY, 'request.ModifyTransitGatewayRequest.TransitGatewayId')],
    DeleteTransitGateway: [deleted(GATEWAY, 'request.DeleteTransitGatewayRequest.TransitGatewayId')],

    CreateFlowLogs: [created(FLOW_LOG, 'response.CreateFlowLogsResponse.flowLogIdSet.item[]')],
    DeleteFlowLogs: [
      deleted(FLOW_LOG, [
        'request.DeleteFlowLogsRequest.FlowLogId[].content',
        'request.DeleteFlowLogsRequest.FlowLogId[]',
      ]),
    ],

    CreateNetworkInterface: [created(INTERFACE, 'response.networkInterface.networkInterfaceId')],
    DeleteNetworkInterface: [deleted(INTERFACE, 'request.networkInterfaceId')],
    ModifyNetworkInterfaceAttribute: [
      changed(INTERFACE, 'request.networkInterfaceId', {
        of: 'request',
        names: { groupSet: 'GroupSet', sourceDestCheck: 'SourceDestCheck', description: 'Description' },
      }),
    ],
    AssociateAddress: [created('AWS::EC2::EIPAssociation', 'response.associationId')],
    DisassociateAddress: [deleted('AWS::EC2::EIPAssociation', 'request.associationId')],
  },
};
