import { proveInverses } from '../../../test/inverses.ts';
import { EC2_COMPUTE_INVERSES } from './ec2-compute.ts';

const InstanceId = 'i-0a1b2c3d4e5f60718';
const instance = { instanceId: InstanceId };
const options = (request: { readonly [member: string]: string | number }) => ({
  ModifyInstanceMetadataOptionsRequest: { InstanceId, ...request },
});
const hardened = {
  MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled', HttpPutResponseHopLimit: 1 },
};
const association = { associationId: 'iip-assoc-1', instanceId: InstanceId };
const answer = (operation: string) => ({
  [`${operation}Response`]: { iamInstanceProfileAssociation: association },
});
const snapshot = (permission: {
  readonly [what: string]: { readonly items: readonly { readonly [who: string]: string }[] };
}) => ({
  snapshotId: 'snap-1',
  attributeType: 'CREATE_VOLUME_PERMISSION',
  createVolumePermission: permission,
});
const image = (items: readonly { readonly [who: string]: string }[]) => ({
  imageId: 'ami-1',
  attributeType: 'launchPermission',
  launchPermission: { add: { items } },
});

proveInverses(EC2_COMPUTE_INVERSES, [
  [
    'ModifyInstanceAttribute',
    {
      request: { ...instance, disableApiTermination: { value: false } },
      before: { DisableApiTermination: true, SourceDestCheck: true },
    },
    [['ec2 ModifyInstanceAttribute', { InstanceId, DisableApiTermination: { Value: true } }]],
  ],
  [
    'ModifyInstanceAttribute',
    {
      request: { ...instance, groupSet: { items: [{ groupId: 'sg-open' }] } },
      before: { SecurityGroupIds: ['sg-1'] },
    },
    [['ec2 ModifyInstanceAttribute', { InstanceId, Groups: ['sg-1'] }]],
  ],
  [
    'ModifyInstanceAttribute',
    { request: { ...instance, sourceDestCheck: { value: false } } },
    'unknown: SourceDestCheck',
  ],
  [
    'ModifyInstanceAttribute',
    { request: { ...instance, userData: '<sensitiveDataRemoved>' }, before: { UserData: '' } },
    'none: UserData is changed only',
  ],
  [
    'ModifyInstanceAttribute',
    { request: { ...instance, attribute: 'kernel', value: '<sensitiveDataRemoved>' } },
    'unknown: the record',
  ],
  [
    'ModifyInstanceMetadataOptions',
    { request: options({ HttpTokens: 'optional', HttpPutResponseHopLimit: 64 }), before: hardened },
    [
      [
        'ec2 ModifyInstanceMetadataOptions',
        { InstanceId, HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      ],
    ],
  ],
  [
    'ModifyInstanceMetadataOptions',
    { request: options({ HttpTokens: 'optional' }) },
    'unknown: the metadata options',
  ],
  [
    'AssociateIamInstanceProfile',
    {
      request: { AssociateIamInstanceProfileRequest: { InstanceId } },
      response: answer('AssociateIamInstanceProfile'),
    },
    [['ec2 DisassociateIamInstanceProfile', { AssociationId: 'iip-assoc-1' }]],
  ],
  [
    'ReplaceIamInstanceProfileAssociation',
    {
      request: {},
      response: answer('ReplaceIamInstanceProfileAssociation'),
      before: { IamInstanceProfile: 'web' },
    },
    [
      [
        'ec2 ReplaceIamInstanceProfileAssociation',
        { AssociationId: 'iip-assoc-1', IamInstanceProfile: { Name: 'web' } },
      ],
    ],
  ],
  [
    'DisassociateIamInstanceProfile',
    {
      request: {},
      response: answer('DisassociateIamInstanceProfile'),
      before: { IamInstanceProfile: 'web' },
    },
    [['ec2 AssociateIamInstanceProfile', { InstanceId, IamInstanceProfile: { Name: 'web' } }]],
  ],
  [
    'DisassociateIamInstanceProfile',
    { request: {}, response: answer('DisassociateIamInstanceProfile') },
    'unknown: the instance profile',
  ],
  [
    'TerminateInstances',
    { request: { instancesSet: { items: [instance] } } },
    'none: an instance that is terminated',
  ],
  [
    'ModifySnapshotAttribute',
    { request: snapshot({ add: { items: [{ group: 'all' }, { userId: '999999999999' }] } }) },
    [
      [
        'ec2 ModifySnapshotAttribute',
        {
          SnapshotId: 'snap-1',
          CreateVolumePermission: { Remove: [{ Group: 'all' }, { UserId: '999999999999' }] },
        },
      ],
    ],
  ],
  // Who had it before keeps it.
  [
    'ModifySnapshotAttribute',
    {
      request: snapshot({ add: { items: [{ userId: '111111111111' }, { userId: '999999999999' }] } }),
      before: { Public: false, AccountIds: ['111111111111'] },
    },
    [
      [
        'ec2 ModifySnapshotAttribute',
        { SnapshotId: 'snap-1', CreateVolumePermission: { Remove: [{ UserId: '999999999999' }] } },
      ],
    ],
  ],
  [
    'ModifySnapshotAttribute',
    { request: snapshot({ remove: { items: [{ userId: '111111111111' }] } }) },
    [
      [
        'ec2 ModifySnapshotAttribute',
        { SnapshotId: 'snap-1', CreateVolumePermission: { Add: [{ UserId: '111111111111' }] } },
      ],
    ],
  ],
  [
    'ModifyImageAttribute',
    {
      request: image([{ group: 'all' }, { organizationArn: 'arn:aws:organizations::9:organization/o-evil' }]),
    },
    [
      [
        'ec2 ModifyImageAttribute',
        {
          ImageId: 'ami-1',
          LaunchPermission: {
            Remove: [{ Group: 'all' }, { OrganizationArn: 'arn:aws:organizations::9:organization/o-evil' }],
          },
        },
      ],
    ],
  ],
  [
    'ModifyImageAttribute',
    { request: image([{ group: 'all' }]), before: { Public: true, AccountIds: [] } },
    'nothing: who may use ami-1',
  ],
  ['DeleteSnapshot', { request: { snapshotId: 'snap-1' } }, 'none: a snapshot'],
  ['DeregisterImage', { request: { imageId: 'ami-1' } }, 'none: an image'],
  [
    'DisableSnapshotBlockPublicAccess',
    { request: {}, before: { State: 'block-all-sharing' } },
    [['ec2 EnableSnapshotBlockPublicAccess', { State: 'block-all-sharing' }]],
  ],
  ['DisableSnapshotBlockPublicAccess', { request: {} }, 'unknown: whether snapshots'],
  [
    'EnableSnapshotBlockPublicAccess',
    { request: {}, before: null },
    [['ec2 DisableSnapshotBlockPublicAccess', {}]],
  ],
  [
    'CreateKeyPair',
    { request: { keyName: 'x' }, response: { keyName: 'x', keyPairId: 'key-1' } },
    [['ec2 DeleteKeyPair', { KeyPairId: 'key-1' }]],
  ],
  [
    'ImportKeyPair',
    { request: { keyName: 'x' }, response: { keyName: 'x', keyPairId: 'key-1' } },
    [['ec2 DeleteKeyPair', { KeyPairId: 'key-1' }]],
  ],
]);
