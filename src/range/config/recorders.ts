import type {
  ConfigurationRecorder,
  ConfigurationRecorderStatus,
  DescribeConfigurationRecordersRequest,
  PutConfigurationRecorderRequest,
} from '@aws-sdk/client-config-service';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { configOf, type SimulatedRecorder } from './recorder.ts';

interface ByName {
  readonly ConfigurationRecorderName?: string | undefined;
}

/** Source: AWS Config API Reference, "PutConfigurationRecorder": the name is `default` where none is given. */
export function putConfigurationRecorder(
  account: Account,
  { ConfigurationRecorder: given = {} }: PutConfigurationRecorderRequest,
): object {
  const state = configOf(account);
  const { recorder } = state;
  const name = given.name ?? recorder?.configuration.name ?? 'default';
  if (recorder !== undefined && recorder.configuration.name !== name)
    throw new AwsError(
      'MaxNumberOfConfigurationRecordersExceededException',
      `Failed to put configuration recorder '${name}' because the maximum number of configuration recorders: 1 is reached.`,
    );
  if (given.roleARN === undefined && recorder === undefined)
    throw new AwsError('InvalidRoleException', `Invalid role ARN provided for the recorder '${name}'.`);
  const recordingGroup = given.recordingGroup ?? {
    allSupported: true,
    includeGlobalResourceTypes: false,
    resourceTypes: [],
  };
  const recordingMode = given.recordingMode ?? { recordingFrequency: 'CONTINUOUS' as const };
  const configuration = { ...recorder?.configuration, ...given, recordingGroup, recordingMode, name };
  if (recorder !== undefined) recorder.configuration = configuration;
  else
    state.recorder = {
      configuration,
      recording: false,
      startedAt: undefined,
      stoppedAt: undefined,
      changedAt: undefined,
    };
  return {};
}

export function deleteConfigurationRecorder(account: Account, { ConfigurationRecorderName }: ByName): object {
  named(account, ConfigurationRecorderName);
  configOf(account).recorder = undefined;
  return {};
}

export function describeConfigurationRecorders(
  account: Account,
  { ConfigurationRecorderNames }: DescribeConfigurationRecordersRequest,
): { ConfigurationRecorders: ConfigurationRecorder[] } {
  const recorders = asked(account, ConfigurationRecorderNames);
  return {
    ConfigurationRecorders: recorders.map(({ configuration }) => ({
      arn: arnOf(account, configuration.name),
      ...configuration,
    })),
  };
}

export function describeConfigurationRecorderStatus(
  account: Account,
  { ConfigurationRecorderNames }: DescribeConfigurationRecordersRequest,
): { ConfigurationRecordersStatus: ConfigurationRecorderStatus[] } {
  const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at));
  return {
    ConfigurationRecordersStatus: asked(account, ConfigurationRecorderNames).map((recorder) => ({
      arn: arnOf(account, recorder.configuration.name),
      name: recorder.configuration.name,
      recording: recorder.recording,
      lastStartTime: time(recorder.startedAt),
      lastStopTime: time(recorder.stoppedAt),
      lastStatus: recorder.recording ? 'Success' : 'Pending',
      lastStatusChangeTime: time(recorder.changedAt),
    })),
  };
}

export function startConfigurationRecorder(account: Account, { ConfigurationRecorderName }: ByName): object {
  const recorder = named(account, ConfigurationRecorderName);
  if (configOf(account).channel === undefined)
    throw new AwsError(
      'NoAvailableDeliveryChannelException',
      'Delivery channel is not available to start configuration recorder.',
    );
  if (!recorder.recording) recorder.startedAt = recorder.changedAt = account.clock.now();
  recorder.recording = true;
  return {};
}

export function stopConfigurationRecorder(account: Account, { ConfigurationRecorderName }: ByName): object {
  const recorder = named(account, ConfigurationRecorderName);
  if (recorder.recording) recorder.stoppedAt = recorder.changedAt = account.clock.now();
  recorder.recording = false;
  return {};
}

function named(account: Account, name = ''): SimulatedRecorder {
  const { recorder } = configOf(account);
  if (recorder === undefined || recorder.configuration.name !== name)
    throw new AwsError(
      'NoSuchConfigurationRecorderException',
      `Cannot find configuration recorder with the specified name '${name}'.`,
    );
  return recorder;
}

function asked(account: Account, names: readonly string[] | undefined): SimulatedRecorder[] {
  if (names !== undefined && names.length > 0) return names.map((name) => named(account, name));
  const { recorder } = configOf(account);
  return recorder === undefined ? [] : [recorder];
}

function arnOf({ region, id }: Account, name: string): string {
  return `arn:aws:config:${region}:${id}:configuration-recorder/${name}`;
}
