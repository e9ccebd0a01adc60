import { proveTouches } from '../../../test/touches.ts';
import { EC2_NETWORK } from './ec2-network.ts';

const done = { requestId: '1dcd7d36-72be-4aad-9e9d-93b88e0135ea', _return: true };
const TABLE = 'AWS::EC2::RouteTable rtb-0a1b2c3d4e5f60718';
const ROUTE = 'AWS::EC2::Route rtb-0a1b2c3d4e5f60718|0.0.0.0/0';
const VPC = 'AWS::EC2::VPC vpc-0a1b2c3d4e5f60718';
const IGW = 'AWS::EC2::VPCGatewayAttachment IGW|vpc-0a1b2c3d4e5f60718';
const PEERING = 'AWS::EC2::VPCPeeringConnection pcx-0a1b2c3d4e5f60718';
const FLOW_LOG = 'AWS::EC2::FlowLog fl-0ef673ef70c4f07cc';
const ENI = 'AWS::EC2::NetworkInterface eni-0a1b2c3d4e5f60718';
const ENDPOINT = 'AWS::EC2::VPCEndpoint vpce-0a1b2c3d4e5f60718';
const GATEWAY = 'AWS::EC2::TransitGateway tgw-0a1b2c3d4e5f60718';

const group = { groupId: 'sg-0a1b2c3d4e5f60718' };
const vpc = { vpcId: 'vpc-0a1b2c3d4e5f60718' };
const route = {
  routeTableId: 'rtb-0a1b2c3d4e5f60718',
  destinationCidrBlock: '0.0.0.0/0',
  gatewayId: 'igw-1',
};
const peering = { vpcPeeringConnectionId: 'pcx-0a1b2c3d4e5f60718' };
const gateway = { internetGatewayId: 'igw-0a1b2c3d4e5f60718', ...vpc };

proveTouches(EC2_NETWORK, [
  [
    'CreateRouteTable',
    vpc,
    { ...done, routeTable: { routeTableId: 'rtb-0a1b2c3d4e5f60718' } },
    `created ${TABLE}`,
  ],
  ['DeleteRouteTable', { routeTableId: 'rtb-0a1b2c3d4e5f60718' }, done, `deleted ${TABLE}`],
  ['CreateRoute', route, done, `created ${ROUTE} (of ${TABLE})`],
  [
    'CreateRoute',
    { routeTableId: 'rtb-0a1b2c3d4e5f60718', destinationIpv6CidrBlock: '::/0', gatewayId: 'igw-1' },
    done,
    `created AWS::EC2::Route rtb-0a1b2c3d4e5f60718|::/0 (of ${TABLE})`,
  ],
  ['ReplaceRoute', route, done, `changed ${ROUTE} (of ${TABLE})`],
  [
    'DeleteRoute',
    { routeTableId: 'rtb-0a1b2c3d4e5f60718', destinationCidrBlock: '0.0.0.0/0' },
    done,
    `deleted ${ROUTE} (of ${TABLE})`,
  ],
  [
    'AssociateRouteTable',
    { routeTableId: 'rtb-0a1b2c3d4e5f60718', subnetId: 'subnet-1' },
    { ...done, associationId: 'rtbassoc-1' },
    `created AWS::EC2::SubnetRouteTableAssociation rtbassoc-1 (of ${TABLE})`,
  ],
  [
    'DisassociateRouteTable',
    { associationId: 'rtbassoc-1' },
    done,
    'deleted AWS::EC2::SubnetRouteTableAssociation rtbassoc-1',
  ],

  [
    'CreateVpc',
    { cidrBlock: '10.0.0.0/16', instanceTenancy: 'default' },
    { ...done, vpc: { ...vpc, state: 'pending' } },
    `created ${VPC}`,
  ],
  ['DeleteVpc', vpc, done, `deleted ${VPC}`],
  [
    'ModifyVpcAttribute',
    { ...vpc, enableDnsHostnames: { value: true } },
    done,
    `changed ${VPC} [EnableDnsHostnames]`,
  ],
  [
    'CreateSubnet',
    { ...vpc, cidrBlock: '10.0.1.0/24' },
    { ...done, subnet: { subnetId: 'subnet-1' } },
    'created AWS::EC2::Subnet subnet-1',
  ],
  ['DeleteSubnet', { subnetId: 'subnet-1' }, done, 'deleted AWS::EC2::Subnet subnet-1'],
  [
    'ModifySubnetAttribute',
    { subnetId: 'subnet-1', mapPublicIpOnLaunch: { value: true } },
    done,
    'changed AWS::EC2::Subnet subnet-1 [MapPublicIpOnLaunch]',
  ],
  [
    'CreateInternetGateway',
    {},
    { ...done, internetGateway: { internetGatewayId: 'igw-1' } },
    'created AWS::EC2::InternetGateway igw-1',
  ],
  ['DeleteInternetGateway', { internetGatewayId: 'igw-1' }, done, 'deleted AWS::EC2::InternetGateway igw-1'],
  ['AttachInternetGateway', gateway, done, `created ${IGW} (of ${VPC})`],
  ['DetachInternetGateway', gateway, done, `deleted ${IGW} (of ${VPC})`],
  [
    'CreateNatGateway',
    { CreateNatGatewayRequest: { AllocationId: 'eipalloc-1', SubnetId: 'subnet-1' } },
    { CreateNatGatewayResponse: { natGateway: { natGatewayId: 'nat-1', subnetId: 'subnet-1' } } },
    'created AWS::EC2::NatGateway nat-1',
  ],
  [
    'DeleteNatGateway',
    { DeleteNatGatewayRequest: { NatGatewayId: 'nat-1' } },
    null,
    'deleted AWS::EC2::NatGateway nat-1',
  ],
  [
    'CreateVpcPeeringConnection',
    { ...vpc, peerVpcId: 'vpc-9', peerOwnerId: '999999999999' },
    { ...done, vpcPeeringConnection: peering },
    `created ${PEERING}`,
  ],
  ['AcceptVpcPeeringConnection', peering, { ...done, vpcPeeringConnection: peering }, `changed ${PEERING}`],
  ['DeleteVpcPeeringConnection', peering, done, `deleted ${PEERING}`],
  [
    'CreateVpcEndpoint',
    { CreateVpcEndpointRequest: { VpcId: 'vpc-1', ServiceName: 'com.amazonaws.eu-west-1.s3' } },
    { CreateVpcEndpointResponse: { vpcEndpoint: { vpcEndpointId: 'vpce-0a1b2c3d4e5f60718' } } },
    `created ${ENDPOINT}`,
  ],
  [
    'ModifyVpcEndpoint',
    { ModifyVpcEndpointRequest: { VpcEndpointId: 'vpce-0a1b2c3d4e5f60718', PolicyDocument: '{}' } },
    { ModifyVpcEndpointResponse: { return: true } },
    `changed ${ENDPOINT}`,
  ],
  [
    'DeleteVpcEndpoints',
    { DeleteVpcEndpointsRequest: { VpcEndpointId: { content: 'vpce-0a1b2c3d4e5f60718', tag: 1 } } },
    { DeleteVpcEndpointsResponse: { unsuccessful: '' } },
    `deleted ${ENDPOINT}`,
  ],
  [
    'ModifyVpcBlockPublicAccessOptions',
    { ModifyVpcBlockPublicAccessOptionsRequest: { InternetGatewayBlockMode: 'off' } },
    null,
    'changed AWS::EC2::VPCBlockPublicAccessOptions 123456789012 [InternetGatewayBlockMode]',
  ],
  [
    'CreateTransitGateway',
    { CreateTransitGatewayRequest: { Options: { AutoAcceptSharedAttachments: 'enable' } } },
    { CreateTransitGatewayResponse: { transitGateway: { transitGatewayId: 'tgw-0a1b2c3d4e5f60718' } } },
    `created ${GATEWAY}`,
  ],
  [
    'ModifyTransitGateway',
    { ModifyTransitGatewayRequest: { TransitGatewayId: 'tgw-0a1b2c3d4e5f60718' } },
    null,
    `changed ${GATEWAY}`,
  ],
  [
    'DeleteTransitGateway',
    { DeleteTransitGatewayRequest: { TransitGatewayId: 'tgw-0a1b2c3d4e5f60718' } },
    null,
    `deleted ${GATEWAY}`,
  ],

  [
    'CreateFlowLogs',
    {
      CreateFlowLogsRequest: {
        ResourceType: 'VPC',
        TrafficType: 'ALL',
        ResourceId: { content: 'vpc-1', tag: 1 },
      },
    },
    { CreateFlowLogsResponse: { flowLogIdSet: { item: 'fl-0ef673ef70c4f07cc' }, unsuccessful: '' } },
    `created ${FLOW_LOG}`,
  ],
  [
    'DeleteFlowLogs',
    { DeleteFlowLogsRequest: { FlowLogId: { content: 'fl-0ef673ef70c4f07cc', tag: 1 } } },
    { DeleteFlowLogsResponse: { unsuccessful: '' } },
    `deleted ${FLOW_LOG}`,
  ],
  [
    'DeleteFlowLogs',
    {
      DeleteFlowLogsRequest: {
        FlowLogId: [
          { content: 'fl-0ef673ef70c4f07cc', tag: 1 },
          { content: 'fl-2', tag: 2 },
        ],
      },
    },
    null,
    `deleted ${FLOW_LOG}`,
    'deleted AWS::EC2::FlowLog fl-2',
  ],

  [
    'CreateNetworkInterface',
    { subnetId: 'subnet-1', groupSet: { items: [group] } },
    { ...done, networkInterface: { networkInterfaceId: 'eni-0a1b2c3d4e5f60718' } },
    `created ${ENI}`,
  ],
  ['DeleteNetworkInterface', { networkInterfaceId: 'eni-0a1b2c3d4e5f60718' }, done, `deleted ${ENI}`],
  [
    'ModifyNetworkInterfaceAttribute',
    { networkInterfaceId: 'eni-0a1b2c3d4e5f60718', groupSet: { items: [group] } },
    done,
    `changed ${ENI} [GroupSet]`,
  ],
  [
    'AssociateAddress',
    { allocationId: 'eipalloc-1', instanceId: 'i-1' },
    { ...done, associationId: 'eipassoc-1' },
    'created AWS::EC2::EIPAssociation eipassoc-1',
  ],
  [
    'DisassociateAddress',
    { associationId: 'eipassoc-1' },
    done,
    'deleted AWS::EC2::EIPAssociation eipassoc-1',
  ],
]);
