import { ConfigService } from '@aws-sdk/client-config-service';
import { afterEach, describe, expect, it } from 'vitest';
import { startRange } from '../range.ts';
import { newBucket } from '../s3/bucket.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function account(): Promise<ConfigService> {
  const range = await startRange();
  newBucket(range.account, 'config-logs');
  const config = new ConfigService({
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  open.push(range, { close: () => config.destroy() });
  return config;
}

const ConfigurationRecorder = { name: 'default', roleARN: 'arn:aws:iam::123456789012:role/config' };
const byName = { ConfigurationRecorderName: 'default' };

describe('the simulated AWS Config', () => {
  it('records from start to stop', async () => {
    const config = await account();
    await config.putConfigurationRecorder({ ConfigurationRecorder });
    await config.putDeliveryChannel({ DeliveryChannel: { name: 'default', s3BucketName: 'config-logs' } });
    const status = async () =>
      (await config.describeConfigurationRecorderStatus({})).ConfigurationRecordersStatus?.[0];
    expect(await status()).toMatchObject({ name: 'default', recording: false });
    await config.startConfigurationRecorder(byName);
    expect(await status()).toMatchObject({ recording: true, lastStartTime: expect.any(Date) });
    await config.stopConfigurationRecorder(byName);
    expect(await status()).toMatchObject({ recording: false, lastStopTime: expect.any(Date) });
    expect((await config.describeConfigurationRecorders({})).ConfigurationRecorders).toMatchObject([
      { ...ConfigurationRecorder, recordingGroup: { allSupported: true } },
    ]);
    await config.deleteConfigurationRecorder(byName);
    expect((await config.describeConfigurationRecorders({})).ConfigurationRecorders).toEqual([]);
  });

  it('refuses as AWS Config does', async () => {
    const config = await account();
    const channel = { name: 'default', s3BucketName: 'config-logs' };
    await expect(config.putDeliveryChannel({ DeliveryChannel: channel })).rejects.toMatchObject({
      name: 'NoAvailableConfigurationRecorderException',
    });
    await expect(config.startConfigurationRecorder(byName)).rejects.toMatchObject({
      name: 'NoSuchConfigurationRecorderException',
    });
    await config.putConfigurationRecorder({ ConfigurationRecorder });
    await expect(config.startConfigurationRecorder(byName)).rejects.toMatchObject({
      name: 'NoAvailableDeliveryChannelException',
    });
    await expect(
      config.putDeliveryChannel({ DeliveryChannel: { ...channel, s3BucketName: 'none' } }),
    ).rejects.toMatchObject({ name: 'NoSuchBucketException' });
    await expect(
      config.putConfigurationRecorder({ ConfigurationRecorder: { ...ConfigurationRecorder, name: 'other' } }),
    ).rejects.toMatchObject({ name: 'MaxNumberOfConfigurationRecordersExceededException' });
    await config.putDeliveryChannel({ DeliveryChannel: channel });
    await config.startConfigurationRecorder(byName);
    await expect(config.deleteDeliveryChannel({ DeliveryChannelName: 'default' })).rejects.toMatchObject({
      name: 'LastDeliveryChannelDeleteFailedException',
    });
    await config.stopConfigurationRecorder(byName);
    await config.deleteDeliveryChannel({ DeliveryChannelName: 'default' });
    expect((await config.describeDeliveryChannels({})).DeliveryChannels).toEqual([]);
    await expect(config.deleteDeliveryChannel({ DeliveryChannelName: 'default' })).rejects.toMatchObject({
      name: 'NoSuchDeliveryChannelException',
    });
  });
});
