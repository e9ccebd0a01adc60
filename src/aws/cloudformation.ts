import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { observeCalls } from './calls.ts';
import { type AwsSettings, connectionOf } from './clients.ts';

/** CloudFormation answers few calls a second; a client that waits longer between tries fits it. */
export function cloudFormationClient(settings: AwsSettings): CloudFormation {
  const client = new CloudFormation({ ...connectionOf(settings), maxAttempts: 8, retryMode: 'adaptive' });
  observeCalls(client, 'cloudformation');
  return client;
}
