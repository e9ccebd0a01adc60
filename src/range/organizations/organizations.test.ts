import { Organizations } from '@aws-sdk/client-organizations';
import { afterEach, describe, expect, it } from 'vitest';
import { startRange } from '../range.ts';
import { joinOrganization } from './service.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function account() {
  const range = await startRange();
  const organizations = new Organizations({
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  open.push(range, { close: () => organizations.destroy() });
  return { range, organizations };
}

describe('the simulated Organizations', () => {
  it('lets a member leave, once', async () => {
    const { range, organizations } = await account();
    joinOrganization(range.account, { managementAccountId: '210987654321' });
    const { Organization } = await organizations.describeOrganization();
    expect(Organization).toMatchObject({ MasterAccountId: '210987654321', FeatureSet: 'ALL' });
    await organizations.leaveOrganization();
    await expect(organizations.leaveOrganization()).rejects.toMatchObject({
      name: 'AWSOrganizationsNotInUseException',
      message: 'Your account is not a member of an organization.',
    });
  });

  it('keeps the management account, and an account that cannot stand alone', async () => {
    const { range, organizations } = await account();
    joinOrganization(range.account);
    await expect(organizations.leaveOrganization()).rejects.toMatchObject({
      name: 'MasterCannotLeaveOrganizationException',
    });
    joinOrganization(range.account, { managementAccountId: '210987654321', isReadyToLeave: false });
    await expect(organizations.leaveOrganization()).rejects.toMatchObject({
      name: 'ConstraintViolationException',
    });
  });
});
