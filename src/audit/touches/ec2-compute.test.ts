import { proveTouches } from '../../../test/touches.ts';
import { EC2_COMPUTE } from './ec2-compute.ts';

const done = { requestId: '1dcd7d36-72be-4aad-9e9d-93b88e0135ea', _return: true };
const I = 'AWS::EC2::Instance i-0a1b2c3d4e5f60718';
const I2 = 'AWS::EC2::Instance i-0a1b2c3d4e5f60719';
const VOLUME = 'AWS::EC2::Volume vol-0a1b2c3d4e5f60718';
const ATTACHMENT = 'AWS::EC2::VolumeAttachment vol-0a1b2c3d4e5f60718|i-0a1b2c3d4e5f60718';
const SNAPSHOT = 'AWS::EC2::Snapshot snap-0a1b2c3d4e5f60718';
const IMAGE = 'AWS::EC2::Image ami-0a1b2c3d4e5f60718';
const TEMPLATE = 'AWS::EC2::LaunchTemplate lt-0a1b2c3d4e5f60718';
const BLOCK = 'AWS::EC2::SnapshotBlockPublicAccess 123456789012';
const instance = { instanceId: 'i-0a1b2c3d4e5f60718' };
const both = { items: [instance, { instanceId: 'i-0a1b2c3d4e5f60719' }] };
const volume = { volumeId: 'vol-0a1b2c3d4e5f60718' };
const template = { launchTemplateId: 'lt-0a1b2c3d4e5f60718', launchTemplateName: 'web' };
const association = { associationId: 'iip-assoc-1', ...instance, iamInstanceProfile: { id: 'AIPAEXAMPLE' } };
const tagged = {
  resourcesSet: {
    items: [
      { resourceId: 'i-0a1b2c3d4e5f60718' },
      { resourceId: 'snap-0a1b2c3d4e5f60718' },
      { resourceId: 'xyz-1' },
    ],
  },
  tagSet: { items: [{ key: 'env', value: 'prod' }] },
};

proveTouches(EC2_COMPUTE, [
  [
    'RunInstances',
    { instancesSet: { items: [{ imageId: 'ami-1', minCount: 2, maxCount: 2 }] }, instanceType: 't3.micro' },
    { requestId: '1', reservationId: 'r-1', instancesSet: both },
    `created ${I}`,
    `created ${I2}`,
  ],
  ['TerminateInstances', { instancesSet: both }, { instancesSet: both }, `deleted ${I}`, `deleted ${I2}`],
  [
    'ModifyInstanceAttribute',
    { ...instance, disableApiTermination: { value: false } },
    done,
    `changed ${I} [DisableApiTermination]`,
  ],
  [
    'ModifyInstanceAttribute',
    { ...instance, userData: '<sensitiveDataRemoved>' },
    done,
    `changed ${I} [UserData]`,
  ],
  [
    'ModifyInstanceAttribute',
    { ...instance, attribute: 'kernel', value: '<sensitiveDataRemoved>' },
    done,
    `changed ${I}`,
  ],
  [
    'ModifyInstanceMetadataOptions',
    { ModifyInstanceMetadataOptionsRequest: { HttpTokens: 'optional', InstanceId: 'i-0a1b2c3d4e5f60718' } },
    { ModifyInstanceMetadataOptionsResponse: { instanceId: 'i-0a1b2c3d4e5f60718' } },
    `changed ${I} [MetadataOptions]`,
  ],
  [
    'AssociateIamInstanceProfile',
    {
      AssociateIamInstanceProfileRequest: {
        InstanceId: 'i-0a1b2c3d4e5f60718',
        IamInstanceProfile: { Name: 'admin' },
      },
    },
    { AssociateIamInstanceProfileResponse: { iamInstanceProfileAssociation: association } },
    `changed ${I} [IamInstanceProfile]`,
  ],
  [
    'ReplaceIamInstanceProfileAssociation',
    {
      ReplaceIamInstanceProfileAssociationRequest: {
        AssociationId: 'iip-assoc-1',
        IamInstanceProfile: { Name: 'admin' },
      },
    },
    { ReplaceIamInstanceProfileAssociationResponse: { iamInstanceProfileAssociation: association } },
    `changed ${I} [IamInstanceProfile]`,
  ],
  [
    'DisassociateIamInstanceProfile',
    { DisassociateIamInstanceProfileRequest: { AssociationId: 'iip-assoc-1' } },
    { DisassociateIamInstanceProfileResponse: { iamInstanceProfileAssociation: association } },
    `changed ${I} [IamInstanceProfile]`,
  ],
  ['MonitorInstances', { instancesSet: { items: [instance] } }, done, `changed ${I} [Monitoring]`],
  ['UnmonitorInstances', { instancesSet: { items: [instance] } }, done, `changed ${I} [Monitoring]`],

  [
    'CreateVolume',
    { size: '8', zone: 'eu-west-1a', encrypted: false },
    { ...volume, size: '8' },
    `created ${VOLUME}`,
  ],
  [
    'ModifyVolume',
    { ModifyVolumeRequest: { VolumeId: volume.volumeId, Size: 16 } },
    null,
    `changed ${VOLUME} [Size VolumeType Iops Throughput]`,
  ],
  ['DeleteVolume', volume, done, `deleted ${VOLUME}`],
  [
    'AttachVolume',
    { ...volume, ...instance, device: '/dev/sdf' },
    { ...volume, ...instance },
    `created ${ATTACHMENT}`,
  ],
  [
    'DetachVolume',
    { ...volume, force: false },
    { ...volume, ...instance, status: 'detaching' },
    `deleted ${ATTACHMENT}`,
  ],

  [
    'ModifySnapshotAttribute',
    {
      snapshotId: 'snap-0a1b2c3d4e5f60718',
      attributeType: 'CREATE_VOLUME_PERMISSION',
      createVolumePermission: { add: { items: [{ group: 'all' }] } },
    },
    done,
    `changed ${SNAPSHOT} [Public AccountIds]`,
  ],
  ['DeleteSnapshot', { snapshotId: 'snap-0a1b2c3d4e5f60718' }, done, `deleted ${SNAPSHOT}`],
  [
    'ModifyImageAttribute',
    {
      imageId: 'ami-0a1b2c3d4e5f60718',
      attributeType: 'launchPermission',
      launchPermission: { add: { items: [{ userId: '999999999999' }] } },
    },
    done,
    `changed ${IMAGE} [Public AccountIds]`,
  ],
  ['DeregisterImage', { imageId: 'ami-0a1b2c3d4e5f60718' }, done, `deleted ${IMAGE}`],
  [
    'EnableSnapshotBlockPublicAccess',
    { EnableSnapshotBlockPublicAccessRequest: { State: 'block-all-sharing' } },
    { EnableSnapshotBlockPublicAccessResponse: { state: 'block-all-sharing' } },
    `changed ${BLOCK} [State]`,
  ],
  [
    'DisableSnapshotBlockPublicAccess',
    { DisableSnapshotBlockPublicAccessRequest: '' },
    { DisableSnapshotBlockPublicAccessResponse: { state: 'unblocked' } },
    `deleted ${BLOCK}`,
  ],

  [
    'CreateKeyPair',
    { keyName: 'backdoor', keyType: 'rsa' },
    { keyName: 'backdoor', keyPairId: 'key-1' },
    'created AWS::EC2::KeyPair backdoor',
  ],
  [
    'ImportKeyPair',
    { keyName: 'backdoor' },
    { keyName: 'backdoor', keyPairId: 'key-1' },
    'created AWS::EC2::KeyPair backdoor',
  ],
  ['DeleteKeyPair', { keyName: 'backdoor' }, done, 'deleted AWS::EC2::KeyPair backdoor'],

  [
    'CreateLaunchTemplate',
    { CreateLaunchTemplateRequest: { LaunchTemplateName: 'web', LaunchTemplateData: { ImageId: 'ami-1' } } },
    { CreateLaunchTemplateResponse: { launchTemplate: template } },
    `created ${TEMPLATE}`,
  ],
  [
    'CreateLaunchTemplateVersion',
    {
      CreateLaunchTemplateVersionRequest: {
        LaunchTemplateName: 'web',
        LaunchTemplateData: { ImageId: 'ami-1' },
      },
    },
    { CreateLaunchTemplateVersionResponse: { launchTemplateVersion: { ...template, versionNumber: 2 } } },
    `changed ${TEMPLATE} [LaunchTemplateData]`,
  ],
  [
    'ModifyLaunchTemplate',
    { ModifyLaunchTemplateRequest: { LaunchTemplateId: 'lt-0a1b2c3d4e5f60718', SetDefaultVersion: 2 } },
    null,
    `changed ${TEMPLATE} [LaunchTemplateData]`,
  ],
  [
    'DeleteLaunchTemplate',
    { DeleteLaunchTemplateRequest: { LaunchTemplateId: 'lt-0a1b2c3d4e5f60718' } },
    { DeleteLaunchTemplateResponse: { launchTemplate: template } },
    `deleted ${TEMPLATE}`,
  ],

  ['CreateTags', tagged, done, `changed ${I} [Tags]`, `changed ${SNAPSHOT} [Tags]`],
  ['DeleteTags', tagged, done, `changed ${I} [Tags]`, `changed ${SNAPSHOT} [Tags]`],
]);
