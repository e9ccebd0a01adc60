import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { AwsError } from '../../aws-error.ts';
import { alarmsOf } from '../../cloudwatch/alarms.ts';
import { CLOUDWATCH } from '../../cloudwatch/service.ts';
import { perform } from '../../perform.ts';
import { pick, present } from '../changes.ts';
import type { Properties, ResourceType } from '../resource-type.ts';

const TEXTS = [
  'AlarmDescription',
  'ComparisonOperator',
  'ExtendedStatistic',
  'MetricName',
  'Namespace',
  'Statistic',
  'TreatMissingData',
  'Unit',
];
const NUMBERS = ['DatapointsToAlarm', 'EvaluationPeriods', 'Period', 'Threshold'];
const LISTS = ['AlarmActions', 'Dimensions', 'InsufficientDataActions', 'Metrics', 'OKActions'];

/** Source: AWS CloudFormation Template Reference, "AWS::CloudWatch::Alarm". */
export const ALARM: ResourceType = {
  replacement: ['AlarmName'],
  readOnly: ['Arn'],
  name: 'AlarmName',
  create(account, properties, newName) {
    const name = String(properties.AlarmName ?? newName);
    if (alarmsOf(account).has(name)) throw new AwsError('AlreadyExists', `${name} already exists`, 409);
    this.update(account, name, properties, {});
    return { physicalId: name, attributes: { Arn: this.read?.(account, name)?.Arn } };
  },
  update(account, AlarmName, after) {
    const numbers = Object.entries(pick(after, NUMBERS)).map(([name, value]) => [name, Number(value)]);
    const { ActionsEnabled: enabled } = after;
    perform(account, CLOUDWATCH, 'PutMetricAlarm', {
      AlarmName,
      ...pick(after, [...TEXTS, ...LISTS]),
      ...Object.fromEntries(numbers),
      ...(enabled === undefined ? {} : { ActionsEnabled: enabled === true || enabled === 'true' }),
    });
  },
  delete(account, AlarmName) {
    perform(account, CLOUDWATCH, 'DeleteAlarms', { AlarmNames: [AlarmName] });
  },
  read(account, AlarmName): Properties | undefined {
    const { MetricAlarms } = perform<{ MetricAlarms: MetricAlarm[] }>(account, CLOUDWATCH, 'DescribeAlarms', {
      AlarmNames: [AlarmName],
    });
    const [found] = MetricAlarms;
    if (found === undefined) return undefined;
    return present({
      ...pick(found as Properties, [...TEXTS, ...NUMBERS, ...LISTS, 'ActionsEnabled']),
      AlarmName,
      Arn: found.AlarmArn,
    });
  },
  list: (account) => [...alarmsOf(account).keys()],
};
