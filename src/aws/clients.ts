import { EC2 } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import { observeCalls } from './calls.ts';

export interface AwsSettings {
  readonly region: string;
  /** Only for a simulated account: every service is reached there. */
  readonly endpoint?: string | undefined;
}

/** The clients of one account and region: by method, so that who uses them loads nothing of the SDK. */
export interface AwsClients {
  readonly region: string;
  /** Retries what failed in passing: for calls that may be made twice. */
  readonly ec2: EC2;
  /** Never tries again by itself: for calls that AWS cannot make idempotent, such as CreateSnapshots. */
  readonly ec2Once: EC2;
  readonly sts: STSClient;
  close(): void;
}

/** Milliseconds. A long poll of SQS answers after 20 s. */
export const REQUEST_HANDLER = {
  connectionTimeout: 5_000,
  requestTimeout: 60_000,
  throwOnRequestTimeout: true,
};
export const SIMULATED_CREDENTIALS = { accessKeyId: 'AKIASIMULATED0000000', secretAccessKey: 'simulated' };

/** Where a client finds AWS, and how long it waits for an answer. */
export function connectionOf({ region, endpoint }: AwsSettings) {
  return {
    region,
    requestHandler: REQUEST_HANDLER,
    ...(endpoint === undefined ? {} : { endpoint, credentials: SIMULATED_CREDENTIALS }),
  };
}

export function awsClients(settings: AwsSettings): AwsClients {
  const config = connectionOf(settings);
  const ec2 = new EC2({ ...config, maxAttempts: 6 });
  const ec2Once = new EC2({ ...config, maxAttempts: 1 });
  const sts = new STSClient({ ...config, maxAttempts: 6 });
  observeCalls(ec2, 'ec2');
  observeCalls(ec2Once, 'ec2');
  observeCalls(sts, 'sts');
  return {
    region: settings.region,
    ec2,
    ec2Once,
    sts,
    close() {
      for (const client of [ec2, ec2Once, sts]) client.destroy();
    },
  };
}
