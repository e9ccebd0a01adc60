import { proveInverses } from '../../../test/inverses.ts';
import { CONFIG_INVERSES, GUARDDUTY_INVERSES } from './detection.ts';

const recorder = { configurationRecorderName: 'default' };
const ConfigurationRecorderName = 'default';
const recorded = {
  Name: 'default',
  RoleARN: 'arn:aws:iam::123456789012:role/config',
  RecordingGroup: {
    AllSupported: false,
    ResourceTypes: ['AWS::EC2::Instance'],
    RecordingStrategy: { UseOnly: 'INCLUSION_BY_RESOURCE_TYPES' },
  },
};
const input = {
  ConfigurationRecorder: {
    name: 'default',
    roleARN: 'arn:aws:iam::123456789012:role/config',
    recordingGroup: {
      allSupported: false,
      resourceTypes: ['AWS::EC2::Instance'],
      recordingStrategy: { useOnly: 'INCLUSION_BY_RESOURCE_TYPES' },
    },
  },
};
const rule = {
  ConfigRuleName: 'encrypted',
  Source: { Owner: 'AWS', SourceIdentifier: 'ENCRYPTED_VOLUMES' },
  InputParameters: { kmsId: 'k' },
};

proveInverses(CONFIG_INVERSES, [
  [
    'StopConfigurationRecorder',
    { request: recorder },
    [['config StartConfigurationRecorder', { ConfigurationRecorderName }]],
  ],
  [
    'StopConfigurationRecorder',
    { request: recorder, before: { Recording: false } },
    'nothing: the configuration recorder',
  ],
  [
    'PutConfigurationRecorder',
    { request: { configurationRecorder: { name: 'default' } }, before: recorded },
    [['config PutConfigurationRecorder', input]],
  ],
  [
    'PutConfigurationRecorder',
    { request: { configurationRecorder: { name: 'default' } } },
    'unknown: what the configuration recorder',
  ],
  [
    'DeleteConfigurationRecorder',
    { request: recorder, before: recorded },
    [
      ['config PutConfigurationRecorder', input],
      ['config StartConfigurationRecorder', { ConfigurationRecorderName }],
    ],
  ],
  [
    'DeleteDeliveryChannel',
    {
      request: { deliveryChannelName: 'default' },
      before: {
        Name: 'default',
        S3BucketName: 'config',
        ConfigSnapshotDeliveryProperties: { DeliveryFrequency: 'One_Hour' },
      },
    },
    [
      [
        'config PutDeliveryChannel',
        {
          DeliveryChannel: {
            name: 'default',
            s3BucketName: 'config',
            configSnapshotDeliveryProperties: { deliveryFrequency: 'One_Hour' },
          },
        },
      ],
    ],
  ],
  ['DeleteDeliveryChannel', { request: { deliveryChannelName: 'default' } }, 'unknown: where'],
  [
    'DeleteConfigRule',
    { request: { configRuleName: 'encrypted' }, before: rule },
    [['config PutConfigRule', { ConfigRule: { ...rule, InputParameters: '{"kmsId":"k"}' } }]],
  ],
  ['DeleteConfigRule', { request: { configRuleName: 'encrypted' } }, 'unknown: what the rule'],
]);

const DetectorId = '12abc34d567e8fa901bc2d34e56789f0';
const at = { detectorId: DetectorId };
const Features = [{ Name: 'S3_DATA_EVENTS', Status: 'ENABLED' }];
const members = { ...at, accountIds: ['210987654321', '321098765432'] };

proveInverses(GUARDDUTY_INVERSES, [
  [
    'UpdateDetector',
    { request: { ...at, enable: false }, before: { Enable: true, FindingPublishingFrequency: 'SIX_HOURS' } },
    [['guardduty UpdateDetector', { DetectorId, Enable: true }]],
  ],
  [
    'UpdateDetector',
    {
      request: { ...at, features: [{ name: 'S3_DATA_EVENTS', status: 'DISABLED' }] },
      before: { Enable: true, Features },
    },
    [['guardduty UpdateDetector', { DetectorId, Features }]],
  ],
  ['UpdateDetector', { request: { ...at, enable: false } }, 'unknown: Enable'],
  [
    'DeleteDetector',
    {
      request: at,
      before: { Enable: true, Features, Tags: [{ Key: 'team', Value: 'security' }], DataSources: {} },
    },
    [['guardduty CreateDetector', { Enable: true, Features, Tags: { team: 'security' } }]],
  ],
  ['DeleteDetector', { request: at }, 'unknown: what the detector'],
  [
    'CreateFilter',
    { request: { ...at, name: 'quiet', action: 'ARCHIVE' } },
    [['guardduty DeleteFilter', { DetectorId, FilterName: 'quiet' }]],
  ],
  [
    'CreateIPSet',
    { request: { ...at, name: 'trusted' }, response: { ipSetId: 'i1' } },
    [['guardduty DeleteIPSet', { DetectorId, IpSetId: 'i1' }]],
  ],
  // Each member by itself, as each is a resource.
  [
    'StopMonitoringMembers',
    { request: members, response: { unprocessedAccounts: [] } },
    [['guardduty StartMonitoringMembers', { DetectorId, AccountIds: ['210987654321'] }]],
  ],
  [
    'StopMonitoringMembers',
    { request: members, response: { unprocessedAccounts: [{ accountId: '210987654321', result: 'x' }] } },
    'unknown: the record',
  ],
  ['DeleteMembers', { request: members }, 'none: a member is invited'],
]);
