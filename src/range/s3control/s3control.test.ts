import { S3Control } from '@aws-sdk/client-s3-control';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Range, startRange } from '../range.ts';

let world: Range;
let control: S3Control;

beforeEach(async () => {
  world = await startRange();
  const configuration = {
    endpoint: world.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    // The SDK puts the account before the host's name, which is an address here.
    endpointProvider: () => ({ url: new URL(world.endpoint) }),
    maxAttempts: 1,
  };
  control = new S3Control(configuration);
});
afterEach(async () => {
  control.destroy();
  await world.close();
});

describe('the public access block of an account', () => {
  const AccountId = '123456789012';

  it('is not there until it is put, and says all four once it is', async () => {
    const none = { name: 'NoSuchPublicAccessBlockConfiguration', $metadata: { httpStatusCode: 404 } };
    await expect(control.getPublicAccessBlock({ AccountId })).rejects.toMatchObject(none);
    await control.putPublicAccessBlock({
      AccountId,
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
    });
    expect((await control.getPublicAccessBlock({ AccountId })).PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: false,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: true,
    });
    await control.deletePublicAccessBlock({ AccountId });
    await expect(control.getPublicAccessBlock({ AccountId })).rejects.toMatchObject(none);
  });

  it('is nobody else’s to read', async () => {
    await expect(control.getPublicAccessBlock({ AccountId: '210987654321' })).rejects.toMatchObject({
      name: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
    });
  });
});
