import { proveInverses } from '../../../test/inverses.ts';
import { CLOUDWATCH_INVERSES, LOGS_INVERSES } from './monitoring.ts';

const alarm = {
  AlarmName: 'root-login',
  ComparisonOperator: 'GreaterThanThreshold',
  EvaluationPeriods: 1,
  MetricName: 'RootLogin',
  Namespace: 'Security',
  Period: 60,
  Statistic: 'Sum',
  Threshold: 0,
  ActionsEnabled: true,
  AlarmActions: ['arn:aws:sns:eu-west-1:123456789012:alerts'],
  Tags: [{ Key: 'team', Value: 'security' }],
};
const { Tags: _, ...untagged } = alarm;
const names = { alarmNames: ['root-login', 'no-mfa'] };

proveInverses(CLOUDWATCH_INVERSES, [
  [
    'DeleteAlarms',
    {
      request: names,
      before: { ...alarm, Arn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:root-login' },
    },
    [['cloudwatch PutMetricAlarm', alarm]],
  ],
  ['DeleteAlarms', { request: names }, 'unknown: what the alarm root-login'],
  [
    'PutMetricAlarm',
    { request: { alarmName: 'root-login', threshold: 1e9 }, before: alarm },
    [['cloudwatch PutMetricAlarm', untagged]],
  ],
  [
    'PutMetricAlarm',
    { request: { alarmName: 'root-login' }, before: null },
    [['cloudwatch DeleteAlarms', { AlarmNames: ['root-login'] }]],
  ],
  [
    'DisableAlarmActions',
    { request: names },
    [['cloudwatch EnableAlarmActions', { AlarmNames: ['root-login'] }]],
  ],
  [
    'DisableAlarmActions',
    { request: names, before: { ActionsEnabled: false } },
    'nothing: root-login did nothing',
  ],
]);

const logGroupName = '/aws/lambda/export';
const group = { logGroupName };
const filter = { logGroupName, filterName: 'siem' };
const destinationArn = 'arn:aws:kinesis:eu-west-1:123456789012:stream/siem';
const subscription = {
  FilterPattern: '',
  DestinationArn: destinationArn,
  RoleArn: 'arn:aws:iam::123456789012:role/logs',
};
const putSubscription = [
  [
    'logs PutSubscriptionFilter',
    { ...filter, filterPattern: '', destinationArn, roleArn: 'arn:aws:iam::123456789012:role/logs' },
  ],
] as const;
const metric = {
  FilterPattern: '{ $.userIdentity.type = "Root" }',
  MetricTransformations: [
    {
      MetricName: 'Root',
      MetricNamespace: 'Security',
      MetricValue: '1',
      Dimensions: [{ Key: 'region', Value: '$.awsRegion' }],
    },
  ],
};
const putMetric = [
  [
    'logs PutMetricFilter',
    {
      ...filter,
      filterPattern: '{ $.userIdentity.type = "Root" }',
      metricTransformations: [
        {
          metricName: 'Root',
          metricNamespace: 'Security',
          metricValue: '1',
          dimensions: { region: '$.awsRegion' },
        },
      ],
    },
  ],
] as const;
const kmsKeyId = 'arn:aws:kms:eu-west-1:123456789012:key/1';

proveInverses(LOGS_INVERSES, [
  [
    'PutRetentionPolicy',
    { request: { ...group, retentionInDays: 1 }, before: { RetentionInDays: 365 } },
    [['logs PutRetentionPolicy', { logGroupName, retentionInDays: 365 }]],
  ],
  ['PutRetentionPolicy', { request: group, before: {} }, [['logs DeleteRetentionPolicy', group]]],
  ['PutRetentionPolicy', { request: group }, 'unknown: how long'],
  [
    'DeleteRetentionPolicy',
    { request: group, before: { RetentionInDays: 365 } },
    [['logs PutRetentionPolicy', { logGroupName, retentionInDays: 365 }]],
  ],
  [
    'AssociateKmsKey',
    { request: { ...group, kmsKeyId: 'evil' }, before: {} },
    [['logs DisassociateKmsKey', group]],
  ],
  [
    'DisassociateKmsKey',
    { request: group, before: { KmsKeyId: kmsKeyId } },
    [['logs AssociateKmsKey', { logGroupName, kmsKeyId }]],
  ],
  ['PutSubscriptionFilter', { request: filter, before: null }, [['logs DeleteSubscriptionFilter', filter]]],
  ['PutSubscriptionFilter', { request: filter, before: subscription }, putSubscription],
  ['PutSubscriptionFilter', { request: filter }, 'unknown: where the subscription siem'],
  ['DeleteSubscriptionFilter', { request: filter, before: subscription }, putSubscription],
  ['PutMetricFilter', { request: filter, before: null }, [['logs DeleteMetricFilter', filter]]],
  ['PutMetricFilter', { request: filter, before: metric }, putMetric],
  ['DeleteMetricFilter', { request: filter, before: metric }, putMetric],
  ['DeleteMetricFilter', { request: filter }, 'unknown: what the metric filter'],
  [
    'PutResourcePolicy',
    { request: { policyName: 'open' }, before: null },
    [['logs DeleteResourcePolicy', { policyName: 'open' }]],
  ],
  [
    'DeleteResourcePolicy',
    { request: { policyName: 'route53' }, before: { PolicyDocument: '{}' } },
    [['logs PutResourcePolicy', { policyName: 'route53', policyDocument: '{}' }]],
  ],
  ['DeleteResourcePolicy', { request: { policyName: 'route53' } }, 'unknown: the policy route53'],
  ['DeleteLogGroup', { request: group }, 'none: the events'],
]);
