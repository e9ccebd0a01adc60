import { KMS } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatedClock } from '../clock.ts';
import { type Range, startRange } from '../range.ts';

const DAY = 86_400_000;
const clock = simulatedClock({ start: 1_800_000_000_000, speed: 0 });
let world: Range;
let kms: KMS;
let KeyId: string;

beforeEach(async () => {
  world = await startRange({ clock });
  kms = new KMS({
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  const tags = [{ TagKey: 'team', TagValue: 'red' }];
  KeyId = (await kms.createKey({ Description: 'of the logs', Tags: tags })).KeyMetadata?.KeyId ?? '';
});
afterEach(async () => {
  kms.destroy();
  await world.close();
});

const metadata = async () => (await kms.describeKey({ KeyId })).KeyMetadata;

describe('KMS, through the real SDK', () => {
  it('knows a key by its id and by its ARN', async () => {
    const made = await metadata();
    expect(made).toMatchObject({
      Arn: `arn:aws:kms:us-east-1:123456789012:key/${KeyId}`,
      KeyState: 'Enabled',
      KeyManager: 'CUSTOMER',
    });
    expect(KeyId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect((await kms.describeKey({ KeyId: made?.Arn })).KeyMetadata).toEqual(made);
    expect((await kms.listKeys({})).Keys).toEqual([{ KeyId, KeyArn: made?.Arn }]);
    expect((await kms.listResourceTags({ KeyId })).Tags).toEqual([{ TagKey: 'team', TagValue: 'red' }]);
    await expect(kms.describeKey({ KeyId: 'none' })).rejects.toMatchObject({
      name: 'NotFoundException',
      message: "Key 'arn:aws:kms:us-east-1:123456789012:key/none' does not exist",
    });
  });

  it('a key that waits for its deletion can only be looked at and kept; kept, it is disabled', async () => {
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    expect(await metadata()).toMatchObject({
      KeyState: 'PendingDeletion',
      Enabled: false,
      DeletionDate: new Date(clock.now() + 7 * DAY),
    });
    const pending = {
      name: 'KMSInvalidStateException',
      message: expect.stringContaining('is pending deletion.'),
    };
    await expect(kms.enableKey({ KeyId })).rejects.toMatchObject(pending);
    await expect(kms.scheduleKeyDeletion({ KeyId })).rejects.toMatchObject(pending);
    await kms.cancelKeyDeletion({ KeyId });
    expect(await metadata()).toMatchObject({ KeyState: 'Disabled' });
    await expect(kms.cancelKeyDeletion({ KeyId })).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
    await kms.enableKey({ KeyId });
    expect(await metadata()).toMatchObject({ KeyState: 'Enabled' });
  });

  it('a key is gone when its waiting period is over', async () => {
    await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    clock.advance(7 * DAY);
    await expect(metadata()).rejects.toMatchObject({ name: 'NotFoundException' });
    await expect(kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 6 })).rejects.toThrow();
  });

  it('refuses a policy that nobody in the account could change again', async () => {
    const policy = (AWS: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' }],
      });
    const foreign = policy('arn:aws:iam::999999999999:root');
    await expect(kms.putKeyPolicy({ KeyId, Policy: foreign })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    await expect(kms.putKeyPolicy({ KeyId, Policy: '{' })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
    });
    const own = policy('arn:aws:iam::123456789012:user/ada');
    await kms.putKeyPolicy({ KeyId, Policy: own });
    expect((await kms.getKeyPolicy({ KeyId })).Policy).toBe(own);
    await kms.putKeyPolicy({ KeyId, Policy: foreign, BypassPolicyLockoutSafetyCheck: true });
  });

  it('rotates only a key that is enabled', async () => {
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    expect(await kms.getKeyRotationStatus({ KeyId })).toMatchObject({
      KeyRotationEnabled: true,
      NextRotationDate: new Date(clock.now() + 90 * DAY),
    });
    await kms.disableKeyRotation({ KeyId });
    expect(await kms.getKeyRotationStatus({ KeyId })).toMatchObject({ KeyRotationEnabled: false });
    await kms.disableKey({ KeyId });
    await expect(kms.enableKeyRotation({ KeyId })).rejects.toMatchObject({ name: 'DisabledException' });
  });

  it.each([
    ['throttle', 'ThrottlingException'],
    ['internal-error', 'KMSInternalException'],
    ['unauthorized', 'AccessDeniedException'],
  ] as const)('%s is answered as %s', async (kind, name) => {
    world.faults.add({ operation: 'DescribeKey', fault: { kind } });
    await expect(metadata()).rejects.toMatchObject({ name });
  });
});
