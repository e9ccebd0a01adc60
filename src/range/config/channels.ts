import type {
  DeleteDeliveryChannelRequest,
  DeliveryChannel,
  DescribeDeliveryChannelsRequest,
  PutDeliveryChannelRequest,
} from '@aws-sdk/client-config-service';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { configOf } from './recorder.ts';

export function putDeliveryChannel(
  account: Account,
  { DeliveryChannel: given = {} }: PutDeliveryChannelRequest,
): object {
  const state = configOf(account);
  const name = given.name ?? state.channel?.name ?? 'default';
  if (state.recorder === undefined)
    throw new AwsError(
      'NoAvailableConfigurationRecorderException',
      'Configuration recorder is not available to put delivery channel.',
    );
  if (state.channel !== undefined && state.channel.name !== name)
    throw new AwsError(
      'MaxNumberOfDeliveryChannelsExceededException',
      `Failed to put delivery channel '${name}' because the maximum number of delivery channels: 1 is reached.`,
    );
  if (!account.buckets.has(given.s3BucketName ?? ''))
    throw new AwsError(
      'NoSuchBucketException',
      `Cannot find a S3 bucket with an empty bucket name or the name '${given.s3BucketName ?? ''}'.`,
    );
  state.channel = { ...given, name };
  return {};
}

export function describeDeliveryChannels(
  account: Account,
  { DeliveryChannelNames = [] }: DescribeDeliveryChannelsRequest,
): { DeliveryChannels: DeliveryChannel[] } {
  const { channel } = configOf(account);
  for (const name of DeliveryChannelNames) mustBe(account, name);
  return { DeliveryChannels: channel === undefined ? [] : [channel] };
}

export function deleteDeliveryChannel(
  account: Account,
  { DeliveryChannelName = '' }: DeleteDeliveryChannelRequest,
): object {
  mustBe(account, DeliveryChannelName);
  const state = configOf(account);
  if (state.recorder?.recording)
    throw new AwsError(
      'LastDeliveryChannelDeleteFailedException',
      `Failed to delete last specified delivery channel with name '${DeliveryChannelName}', because there is a running configuration recorder.`,
    );
  state.channel = undefined;
  return {};
}

function mustBe(account: Account, name: string): void {
  if (configOf(account).channel?.name !== name)
    throw new AwsError(
      'NoSuchDeliveryChannelException',
      `Cannot find delivery channel with specified name '${name}'.`,
    );
}
