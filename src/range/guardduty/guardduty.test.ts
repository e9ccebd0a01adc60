import { GuardDuty } from '@aws-sdk/client-guardduty';
import { afterEach, describe, expect, it } from 'vitest';
import { startRange } from '../range.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function account(): Promise<GuardDuty> {
  const range = await startRange();
  const guardduty = new GuardDuty({
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  open.push(range, { close: () => guardduty.destroy() });
  return guardduty;
}

describe('the simulated GuardDuty', () => {
  it('has one detector, made once for a client token', async () => {
    const guardduty = await account();
    const create = (ClientToken?: string) =>
      guardduty.createDetector({
        Enable: true,
        ClientToken,
        Features: [{ Name: 'S3_DATA_EVENTS', Status: 'ENABLED' }],
        Tags: { team: 'security' },
      });
    const { DetectorId } = await create('once');
    expect((await create('once')).DetectorId).toBe(DetectorId);
    expect((await guardduty.listDetectors()).DetectorIds).toEqual([DetectorId]);
    await expect(create('twice')).rejects.toMatchObject({
      name: 'BadRequestException',
      message: 'The request is rejected because a detector already exists for the current account.',
    });
    const { Status, Features, Tags, FindingPublishingFrequency } = await guardduty.getDetector({
      DetectorId,
    });
    expect({ Status, Tags, FindingPublishingFrequency }).toEqual({
      Status: 'ENABLED',
      Tags: { team: 'security' },
      FindingPublishingFrequency: 'SIX_HOURS',
    });
    expect(Features).toContainEqual({ Name: 'S3_DATA_EVENTS', Status: 'ENABLED' });
    expect(Features).toContainEqual({ Name: 'CLOUD_TRAIL', Status: 'ENABLED' });
  });

  it('suspends and deletes it', async () => {
    const guardduty = await account();
    const { DetectorId } = await guardduty.createDetector({ Enable: true });
    await guardduty.updateDetector({ DetectorId, Enable: false });
    expect((await guardduty.getDetector({ DetectorId })).Status).toBe('DISABLED');
    await guardduty.deleteDetector({ DetectorId });
    expect((await guardduty.listDetectors()).DetectorIds).toEqual([]);
    await expect(guardduty.getDetector({ DetectorId })).rejects.toMatchObject({
      name: 'BadRequestException',
      message: 'The request is rejected because the input detectorId is not owned by the current account.',
    });
  });
});
