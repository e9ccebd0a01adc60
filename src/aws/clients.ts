import { EC2 } from '@aws-sdk/client-ec2';
import { STSClient } from '@aws-sdk/client-sts';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { RetryStrategyV2 } from '@smithy/types';
import { type HeldBecause, holdCalls, observeCalls } from './calls.ts';
import { openService, type ServiceClients, type ServiceName } from './services.ts';

export interface AwsSettings {
  readonly region: string;
  /** Only for a simulated account: every service is reached there. */
  readonly endpoint?: string | undefined;
  /** Who calls a simulated account, when it is not its owner. */
  readonly simulatedCredentials?: SimulatedCredentials | undefined;
  /** Only for a simulation. */
  readonly simulated?: SimulatedWire | undefined;
}

export interface SimulatedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What makes calls the same whenever they are made again: in the place of the network, of waiting and of time. */
export interface SimulatedWire {
  readonly requestHandler: Pick<
    NodeHttpHandler,
    'handle' | 'destroy' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
  >;
  retryStrategy(maxAttempts: number): RetryStrategyV2;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The clients of one account and region: by method, so that who uses them loads nothing of the SDK. */
export interface AwsClients {
  readonly region: string;
  /** Retries what failed in passing: for calls that may be made twice. */
  readonly ec2: EC2;
  /** Never tries again by itself: for calls that AWS cannot make idempotent, such as CreateSnapshots. */
  readonly ec2Once: EC2;
  readonly sts: STSClient;
  /** The client of any service, loaded when it is first asked for; it retries what failed in passing. */
  use<Name extends ServiceName>(service: Name): Promise<ServiceClients[Name]>;
  /** The same, never trying again by itself: for calls that AWS cannot make idempotent. */
  once<Name extends ServiceName>(service: Name): Promise<ServiceClients[Name]>;
  close(): void;
}

const ATTEMPTS = 6;

/** Milliseconds. A long poll of SQS answers after 20 s. */
export const REQUEST_HANDLER = {
  connectionTimeout: 5_000,
  requestTimeout: 60_000,
  throwOnRequestTimeout: true,
};
export const SIMULATED_CREDENTIALS = { accessKeyId: 'AKIASIMULATED0000000', secretAccessKey: 'simulated' };

/** Where a client finds AWS, and how long it waits for an answer. */
export function connectionOf({ region, endpoint, simulatedCredentials, simulated }: AwsSettings) {
  return {
    region,
    requestHandler: simulated?.requestHandler ?? REQUEST_HANDLER,
    ...(endpoint === undefined
      ? {}
      : { endpoint, credentials: simulatedCredentials ?? SIMULATED_CREDENTIALS }),
  };
}

/** `heldBecause`: asked before every attempt of a call that may change something. */
export function awsClients(settings: AwsSettings, heldBecause?: HeldBecause): AwsClients {
  const { simulated: wire } = settings;
  const connection = connectionOf(settings);
  const trying = (maxAttempts: number) => ({
    ...connection,
    maxAttempts,
    ...(wire === undefined ? {} : { retryStrategy: wire.retryStrategy(maxAttempts) }),
  });
  const ec2 = new EC2(trying(ATTEMPTS));
  const ec2Once = new EC2(trying(1));
  const sts = new STSClient(trying(ATTEMPTS));
  const prepare = (client: { middlewareStack: unknown }, name: string): void => {
    observeCalls(client, name, wire?.now);
    if (heldBecause !== undefined) holdCalls(client, heldBecause);
  };
  prepare(ec2, 'ec2');
  prepare(ec2Once, 'ec2');
  prepare(sts, 'sts');
  const open = new Map<string, Promise<{ destroy(): void }>>();
  const client = <Name extends ServiceName>(
    name: Name,
    maxAttempts: number,
  ): Promise<ServiceClients[Name]> => {
    const key = `${name} ${maxAttempts}`;
    const opened = (open.get(key) as Promise<ServiceClients[Name]> | undefined) ?? made(name, maxAttempts);
    open.set(key, opened);
    return opened;
  };
  const made = async <Name extends ServiceName>(name: Name, maxAttempts: number) => {
    const { endpoint } = settings;
    const simulated = endpoint !== undefined;
    const service = await openService(name, {
      ...trying(maxAttempts),
      ...(simulated && name === 's3' ? { forcePathStyle: true } : {}),
      ...(simulated ? { disableHostPrefix: true } : {}),
      // S3 Control puts the account before the host's name, which may be an address.
      ...(simulated && name === 's3control' ? { endpointProvider: () => ({ url: new URL(endpoint) }) } : {}),
    });
    prepare(service, name);
    return service;
  };
  return {
    region: settings.region,
    ec2,
    ec2Once,
    sts,
    use: (service) => client(service, ATTEMPTS),
    once: (service) => client(service, 1),
    close() {
      for (const one of [ec2, ec2Once, sts]) one.destroy();
      for (const opened of open.values()) opened.then((one) => one.destroy()).catch(() => {});
    },
  };
}
