import * as ssm from '@aws-sdk/client-ssm';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as commands from './commands.ts';
import { describeInstanceInformation } from './managed.ts';

/** Systems Manager: Run Command. */
export const SSM: Service = {
  name: 'ssm',
  protocol: awsJson('1.1', 'com.amazonaws.ssm'),
  serves: servesTarget('AmazonSSM'),
  faults: {
    throttle: () => new AwsError('ThrottlingException', 'Rate exceeded'),
    'internal-error': () => new AwsError('InternalServerError', 'An internal error occurred.', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    DescribeInstanceInformation: operation(ssm.DescribeInstanceInformation$, describeInstanceInformation),
    GetCommandInvocation: operation(ssm.GetCommandInvocation$, commands.getCommandInvocation),
    ListCommands: operation(ssm.ListCommands$, commands.listCommands),
    SendCommand: operation(ssm.SendCommand$, commands.sendCommand),
  },
};
