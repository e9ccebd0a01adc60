import { CloudTrail } from '@aws-sdk/client-cloudtrail';
import { afterEach, describe, expect, it } from 'vitest';
import { startRange } from '../range.ts';
import { newBucket } from '../s3/bucket.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function account() {
  const range = await startRange();
  newBucket(range.account, 'logs');
  const cloudtrail = new CloudTrail({
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  open.push(range, { close: () => cloudtrail.destroy() });
  return cloudtrail;
}

const ARN = 'arn:aws:cloudtrail:us-east-1:123456789012:trail/main';

describe('the trails of the simulated CloudTrail', () => {
  it('are made, and record from StartLogging to StopLogging', async () => {
    const cloudtrail = await account();
    const made = await cloudtrail.createTrail({
      Name: 'main',
      S3BucketName: 'logs',
      IsMultiRegionTrail: true,
      TagsList: [{ Key: 'team', Value: 'security' }],
    });
    expect(made).toMatchObject({
      Name: 'main',
      S3BucketName: 'logs',
      TrailARN: ARN,
      IsMultiRegionTrail: true,
    });
    expect(await cloudtrail.getTrailStatus({ Name: 'main' })).toMatchObject({ IsLogging: false });
    await cloudtrail.startLogging({ Name: ARN });
    expect(await cloudtrail.getTrailStatus({ Name: 'main' })).toMatchObject({
      IsLogging: true,
      StartLoggingTime: expect.any(Date),
    });
    await cloudtrail.stopLogging({ Name: 'main' });
    expect(await cloudtrail.getTrailStatus({ Name: 'main' })).toMatchObject({
      IsLogging: false,
      StopLoggingTime: expect.any(Date),
    });
    const { ResourceTagList } = await cloudtrail.listTags({ ResourceIdList: [ARN] });
    expect(ResourceTagList?.[0]?.TagsList).toEqual([{ Key: 'team', Value: 'security' }]);
  });

  it('are changed, described and deleted', async () => {
    const cloudtrail = await account();
    await cloudtrail.createTrail({ Name: 'main', S3BucketName: 'logs', EnableLogFileValidation: true });
    await cloudtrail.updateTrail({ Name: 'main', EnableLogFileValidation: false, S3KeyPrefix: 'org' });
    const described = {
      Name: 'main',
      LogFileValidationEnabled: false,
      S3KeyPrefix: 'org',
      HomeRegion: 'us-east-1',
    };
    expect((await cloudtrail.getTrail({ Name: 'main' })).Trail).toMatchObject(described);
    expect((await cloudtrail.describeTrails({ trailNameList: [ARN, 'other'] })).trailList).toMatchObject([
      described,
    ]);
    expect((await cloudtrail.listTrails({})).Trails).toMatchObject([{ TrailARN: ARN }]);
    await cloudtrail.deleteTrail({ Name: 'main' });
    expect((await cloudtrail.describeTrails({})).trailList).toEqual([]);
  });

  it('have selectors of one kind', async () => {
    const cloudtrail = await account();
    await cloudtrail.createTrail({ Name: 'main', S3BucketName: 'logs' });
    const { EventSelectors } = await cloudtrail.getEventSelectors({ TrailName: 'main' });
    expect(EventSelectors).toMatchObject([{ ReadWriteType: 'All', IncludeManagementEvents: true }]);
    const advanced = [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }];
    await cloudtrail.putEventSelectors({ TrailName: 'main', AdvancedEventSelectors: advanced });
    const now = await cloudtrail.getEventSelectors({ TrailName: 'main' });
    expect(now.AdvancedEventSelectors).toMatchObject(advanced);
    expect(now.EventSelectors).toBeUndefined();
    expect((await cloudtrail.getTrail({ Name: 'main' })).Trail).toMatchObject({
      HasCustomEventSelectors: true,
    });
  });

  it('are refused as AWS refuses them', async () => {
    const cloudtrail = await account();
    const create = (Name: string, S3BucketName = 'logs') => cloudtrail.createTrail({ Name, S3BucketName });
    await create('main');
    await expect(create('main')).rejects.toMatchObject({ name: 'TrailAlreadyExistsException' });
    await expect(create('a..b')).rejects.toMatchObject({ name: 'InvalidTrailNameException' });
    await expect(create('other', 'no-such-bucket')).rejects.toMatchObject({
      name: 'S3BucketDoesNotExistException',
    });
    await expect(cloudtrail.stopLogging({ Name: 'other' })).rejects.toMatchObject({
      name: 'TrailNotFoundException',
      message:
        'Unknown trail: arn:aws:cloudtrail:us-east-1:123456789012:trail/other for the user: 123456789012',
    });
    await expect(cloudtrail.putEventSelectors({ TrailName: 'main' })).rejects.toMatchObject({
      name: 'InvalidEventSelectorsException',
    });
  });
});
