import { proveTouches } from '../../../test/touches.ts';
import { CONFIG } from './config.ts';

const RECORDER = 'AWS::Config::ConfigurationRecorder default';
const CHANNEL = 'AWS::Config::DeliveryChannel default';
const RULE = 'AWS::Config::ConfigRule encrypted-volumes';
const FIX = 'AWS::Config::RemediationConfiguration encrypted-volumes';
const AGGREGATOR = 'AWS::Config::ConfigurationAggregator organization';
const PACK = 'AWS::Config::ConformancePack cis';
const recorder = { configurationRecorderName: 'default' };
const rule = { configRuleName: 'encrypted-volumes' };
const aggregator = { configurationAggregatorName: 'organization' };

proveTouches(CONFIG, [
  [
    'PutConfigurationRecorder',
    {
      configurationRecorder: { name: 'default', recordingGroup: { allSupported: false, resourceTypes: [] } },
    },
    null,
    `changed ${RECORDER} [RecordingGroup RecordingMode RoleARN]`,
  ],
  ['StartConfigurationRecorder', recorder, null, `changed ${RECORDER} [Recording]`],
  ['StopConfigurationRecorder', recorder, null, `changed ${RECORDER} [Recording]`],
  ['DeleteConfigurationRecorder', recorder, null, `deleted ${RECORDER}`],
  [
    'PutDeliveryChannel',
    { deliveryChannel: { name: 'default', s3BucketName: 'x' } },
    null,
    `changed ${CHANNEL}`,
  ],
  ['DeleteDeliveryChannel', { deliveryChannelName: 'default' }, null, `deleted ${CHANNEL}`],
  ['PutConfigRule', { configRule: { ...rule, source: { owner: 'AWS' } } }, null, `changed ${RULE}`],
  ['DeleteConfigRule', rule, null, `deleted ${RULE}`],
  [
    'PutRemediationConfigurations',
    { remediationConfigurations: [{ ...rule, targetId: 'x' }] },
    null,
    `changed ${FIX}`,
  ],
  ['DeleteRemediationConfiguration', rule, null, `deleted ${FIX}`],
  ['PutConfigurationAggregator', aggregator, null, `changed ${AGGREGATOR}`],
  ['DeleteConfigurationAggregator', aggregator, null, `deleted ${AGGREGATOR}`],
  ['PutConformancePack', { conformancePackName: 'cis' }, null, `created ${PACK}`],
  ['DeleteConformancePack', { conformancePackName: 'cis' }, null, `deleted ${PACK}`],
]);
