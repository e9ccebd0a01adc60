import { changed, created, deleted, type TouchTable } from './touch.ts';

const INSTANCE = 'AWS::EC2::Instance';
const VOLUME = 'AWS::EC2::Volume';
const TEMPLATE = 'AWS::EC2::LaunchTemplate';
/** Not types of CloudFormation, but named as it would: only the service's own calls read them. */
const SNAPSHOT = 'AWS::EC2::Snapshot';
const IMAGE = 'AWS::EC2::Image';
/** With whom they are shared. */
const SHARING = ['Public', 'AccountIds'];

const instances = 'request.instancesSet.items[].instanceId';
const instance = 'request.instanceId';
const profile = (operation: string): string[] => [
  `response.${operation}Response.iamInstanceProfileAssociation.instanceId`,
  `request.${operation}Request.InstanceId`,
];
const template = (operation: string): string[] => [
  `response.${operation}Response.launchTemplate.launchTemplateId`,
  `response.${operation}Response.launchTemplateVersion.launchTemplateId`,
  `request.${operation}Request.LaunchTemplateId`,
];

/** Types of resources that tags are put on, by what their ids begin with. */
const BY_ID: Readonly<Record<string, string>> = {
  'i-': INSTANCE,
  'sg-': 'AWS::EC2::SecurityGroup',
  'vol-': VOLUME,
  'vpc-': 'AWS::EC2::VPC',
  'subnet-': 'AWS::EC2::Subnet',
  'eni-': 'AWS::EC2::NetworkInterface',
  'acl-': 'AWS::EC2::NetworkAcl',
  'rtb-': 'AWS::EC2::RouteTable',
  'igw-': 'AWS::EC2::InternetGateway',
  'nat-': 'AWS::EC2::NatGateway',
  'tgw-0': 'AWS::EC2::TransitGateway',
  'fl-': 'AWS::EC2::FlowLog',
  'vpce-': 'AWS::EC2::VPCEndpoint',
  'lt-': TEMPLATE,
  'snap-': SNAPSHOT,
  'ami-': IMAGE,
};

/** Instances, volumes, images. Source: Amazon EC2 API Reference, "Log Amazon EC2 API calls using AWS CloudTrail". */
export const EC2_COMPUTE: TouchTable = {
  source: 'ec2.amazonaws.com',
  calls: {
    RunInstances: [created(INSTANCE, 'response.instancesSet.items[].instanceId')],
    TerminateInstances: [deleted(INSTANCE, [instances, 'response.instancesSet.items[].instanceId'])],
    ModifyInstanceAttribute: [
      changed(INSTANCE, instance, {
        of: 'request',
        names: {
          disableApiTermination: 'DisableApiTermination',
          ebsOptimized: 'EbsOptimized',
          groupSet: 'SecurityGroupIds',
          instanceInitiatedShutdownBehavior: 'InstanceInitiatedShutdownBehavior',
          instanceType: 'InstanceType',
          sourceDestCheck: 'SourceDestCheck',
          userData: 'UserData',
        },
      }),
    ],
    ModifyInstanceMetadataOptions: [
      changed(
        INSTANCE,
        ['request.ModifyInstanceMetadataOptionsRequest.InstanceId', instance],
        ['MetadataOptions'],
      ),
    ],
    AssociateIamInstanceProfile: [
      changed(INSTANCE, profile('AssociateIamInstanceProfile'), ['IamInstanceProfile']),
    ],
    ReplaceIamInstanceProfileAssociation: [
      changed(INSTANCE, profile('ReplaceIamInstanceProfileAssociation'), ['IamInstanceProfile']),
    ],
    DisassociateIamInstanceProfile: [
      changed(INSTANCE, profile('DisassociateIamInstanceProfile'), ['IamInstanceProfile']),
    ],
    MonitorInstances: [changed(INSTANCE, instances, ['Monitoring'])],
    UnmonitorInstances: [changed(INSTANCE, instances, ['Monitoring'])],

    CreateVolume: [created(VOLUME, 'response.volumeId')],
    ModifyVolume: [
      changed(VOLUME, 'request.ModifyVolumeRequest.VolumeId', ['Size', 'VolumeType', 'Iops', 'Throughput']),
    ],
    DeleteVolume: [deleted(VOLUME, 'request.volumeId')],
    AttachVolume: [created('AWS::EC2::VolumeAttachment', '{request.volumeId}|{request.instanceId}')],
    DetachVolume: [
      deleted('AWS::EC2::VolumeAttachment', [
        '{request.volumeId}|{request.instanceId}',
        '{request.volumeId}|{response.instanceId}',
      ]),
    ],

    ModifySnapshotAttribute: [changed(SNAPSHOT, 'request.snapshotId', SHARING)],
    DeleteSnapshot: [deleted(SNAPSHOT, 'request.snapshotId')],
    ModifyImageAttribute: [
      changed(IMAGE, 'request.imageId', SHARING, { when: { at: 'request.launchPermission' } }),
    ],
    DeregisterImage: [deleted(IMAGE, 'request.imageId')],
    EnableSnapshotBlockPublicAccess: [changed('AWS::EC2::SnapshotBlockPublicAccess', 'account', ['State'])],
    DisableSnapshotBlockPublicAccess: [deleted('AWS::EC2::SnapshotBlockPublicAccess', 'account')],

    CreateKeyPair: [created('AWS::EC2::KeyPair', ['response.keyName', 'request.keyName'])],
    ImportKeyPair: [created('AWS::EC2::KeyPair', ['response.keyName', 'request.keyName'])],
    DeleteKeyPair: [deleted('AWS::EC2::KeyPair', 'request.keyName')],

    CreateLaunchTemplate: [created(TEMPLATE, template('CreateLaunchTemplate'))],
    CreateLaunchTemplateVersion: [
      changed(TEMPLATE, template('CreateLaunchTemplateVersion'), ['LaunchTemplateData']),
    ],
    ModifyLaunchTemplate: [changed(TEMPLATE, template('ModifyLaunchTemplate'), ['LaunchTemplateData'])],
    DeleteLaunchTemplate: [deleted(TEMPLATE, template('DeleteLaunchTemplate'))],

    CreateTags: [changed(BY_ID, 'request.resourcesSet.items[].resourceId', ['Tags'])],
    DeleteTags: [changed(BY_ID, 'request.resourcesSet.items[].resourceId', ['Tags'])],
  },
};
