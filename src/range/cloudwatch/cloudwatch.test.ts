import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { afterEach, describe, expect, it } from 'vitest';
import { startRange } from '../range.ts';

const open: { close(): Promise<void> | void }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function account(): Promise<CloudWatch> {
  const range = await startRange();
  const cloudwatch = new CloudWatch({
    endpoint: range.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    maxAttempts: 1,
  });
  open.push(range, { close: () => cloudwatch.destroy() });
  return cloudwatch;
}

const alarm = (AlarmName: string) => ({
  AlarmName,
  MetricName: 'RootAccountUsage',
  Namespace: 'Security',
  Statistic: 'Sum' as const,
  Period: 300,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold' as const,
  AlarmActions: ['arn:aws:sns:us-east-1:123456789012:alarms'],
});

describe('the alarms of the simulated CloudWatch', () => {
  it('are put, described, disabled and deleted', async () => {
    const cloudwatch = await account();
    for (const name of ['root', 'other']) await cloudwatch.putMetricAlarm(alarm(name));
    const described = async (input: object) => (await cloudwatch.describeAlarms(input)).MetricAlarms;
    expect(await described({ AlarmNames: ['root', 'none'] })).toMatchObject([
      {
        ...alarm('root'),
        ActionsEnabled: true,
        AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:root',
        StateValue: 'INSUFFICIENT_DATA',
      },
    ]);
    await cloudwatch.disableAlarmActions({ AlarmNames: ['root'] });
    expect(await described({ AlarmNamePrefix: 'ro' })).toMatchObject([{ ActionsEnabled: false }]);
    await cloudwatch.deleteAlarms({ AlarmNames: ['root'] });
    expect(await described({})).toMatchObject([{ AlarmName: 'other' }]);
  });

  it('are deleted together or not at all', async () => {
    const cloudwatch = await account();
    await cloudwatch.putMetricAlarm(alarm('root'));
    await expect(cloudwatch.deleteAlarms({ AlarmNames: ['root', 'none'] })).rejects.toMatchObject({
      name: 'ResourceNotFound',
      $metadata: { httpStatusCode: 404 },
    });
    expect((await cloudwatch.describeAlarms({})).MetricAlarms).toHaveLength(1);
  });
});
