import * as config from '@aws-sdk/client-config-service';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as channels from './channels.ts';
import * as recorders from './recorders.ts';

export const CONFIG: Service = {
  name: 'config',
  protocol: awsJson('1.1', 'com.amazonaws.configservice'),
  serves: servesTarget('StarlingDoveService'),
  faults: {
    throttle: () => new AwsError('ThrottlingException', 'Rate exceeded'),
    'internal-error': () => new AwsError('InternalFailure', 'We encountered an internal error.', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    DeleteConfigurationRecorder: operation(
      config.DeleteConfigurationRecorder$,
      recorders.deleteConfigurationRecorder,
    ),
    DeleteDeliveryChannel: operation(config.DeleteDeliveryChannel$, channels.deleteDeliveryChannel),
    DescribeConfigurationRecorderStatus: operation(
      config.DescribeConfigurationRecorderStatus$,
      recorders.describeConfigurationRecorderStatus,
    ),
    DescribeConfigurationRecorders: operation(
      config.DescribeConfigurationRecorders$,
      recorders.describeConfigurationRecorders,
    ),
    DescribeDeliveryChannels: operation(config.DescribeDeliveryChannels$, channels.describeDeliveryChannels),
    PutConfigurationRecorder: operation(config.PutConfigurationRecorder$, recorders.putConfigurationRecorder),
    PutDeliveryChannel: operation(config.PutDeliveryChannel$, channels.putDeliveryChannel),
    StartConfigurationRecorder: operation(
      config.StartConfigurationRecorder$,
      recorders.startConfigurationRecorder,
    ),
    StopConfigurationRecorder: operation(
      config.StopConfigurationRecorder$,
      recorders.stopConfigurationRecorder,
    ),
  },
};
