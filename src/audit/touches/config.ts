import { changed, created, deleted, type TouchTable } from './touch.ts';

/** Whether it records is no property of CloudFormation, and is read with the others. */
const RECORDER = 'AWS::Config::ConfigurationRecorder';
const CHANNEL = 'AWS::Config::DeliveryChannel';
const RULE = 'AWS::Config::ConfigRule';

/** Source: AWS Config Developer Guide, "Logging AWS Config API calls with AWS CloudTrail". */
export const CONFIG: TouchTable = {
  source: 'config.amazonaws.com',
  calls: {
    PutConfigurationRecorder: [
      changed(RECORDER, 'request.configurationRecorder.name', ['RecordingGroup', 'RecordingMode', 'RoleARN']),
    ],
    StartConfigurationRecorder: [changed(RECORDER, 'request.configurationRecorderName', ['Recording'])],
    StopConfigurationRecorder: [changed(RECORDER, 'request.configurationRecorderName', ['Recording'])],
    DeleteConfigurationRecorder: [deleted(RECORDER, 'request.configurationRecorderName')],
    PutDeliveryChannel: [changed(CHANNEL, 'request.deliveryChannel.name')],
    DeleteDeliveryChannel: [deleted(CHANNEL, 'request.deliveryChannelName')],
    PutConfigRule: [changed(RULE, 'request.configRule.configRuleName')],
    DeleteConfigRule: [deleted(RULE, 'request.configRuleName')],
    PutRemediationConfigurations: [
      changed('AWS::Config::RemediationConfiguration', 'request.remediationConfigurations[].configRuleName'),
    ],
    DeleteRemediationConfiguration: [
      deleted('AWS::Config::RemediationConfiguration', 'request.configRuleName'),
    ],
    PutConfigurationAggregator: [
      changed('AWS::Config::ConfigurationAggregator', 'request.configurationAggregatorName'),
    ],
    DeleteConfigurationAggregator: [
      deleted('AWS::Config::ConfigurationAggregator', 'request.configurationAggregatorName'),
    ],
    PutConformancePack: [created('AWS::Config::ConformancePack', 'request.conformancePackName')],
    DeleteConformancePack: [deleted('AWS::Config::ConformancePack', 'request.conformancePackName')],
  },
};
