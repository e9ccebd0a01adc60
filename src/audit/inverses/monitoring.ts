import type { Json } from '../../model/json.ts';
import { shellWord } from '../../model/shell-word.ts';
import type { ApiCall } from '../api-call.ts';
import {
  isObject,
  type JsonObject,
  listOf,
  memberOf,
  numberOf,
  present,
  textOf,
  textsOf,
} from '../members.ts';
import type { Inverse, States, WayBack } from '../way-back.ts';
import {
  backCall,
  calls,
  documentOf,
  linesOf,
  noBefore,
  none,
  nothing,
  notInRecord,
  stateBefore,
} from './inverse.ts';

const cloudwatch = linesOf('monitoring.amazonaws.com');
const ALARM = 'AWS::CloudWatch::Alarm';
/** Properties of an alarm that PutMetricAlarm takes as they are. */
const SETTINGS = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluateLowSampleCountPercentile',
  'EvaluationPeriods',
  'ExtendedStatistic',
  'InsufficientDataActions',
  'MetricName',
  'Metrics',
  'Namespace',
  'OKActions',
  'Period',
  'Statistic',
  'Tags',
  'Threshold',
  'ThresholdMetricId',
  'TreatMissingData',
  'Unit',
];

const alarmInput = (before: JsonObject) =>
  present(Object.fromEntries(SETTINGS.map((name) => [name, before[name]])));

/** Which of the alarms of a call is meant: the one whose states are given. */
function alarmNames(call: ApiCall, states: States, id: string | undefined): string[] {
  const meant = id ?? textOf(stateBefore(states), 'AlarmName');
  const names = textsOf(call.request, 'alarmNames');
  return meant === undefined ? names : names.filter((name) => name === meant);
}

export const CLOUDWATCH_INVERSES: readonly Inverse[] = [
  cloudwatch(
    'DeleteAlarms',
    ALARM,
    ['cloudwatch:PutMetricAlarm', 'cloudwatch:TagResource'],
    (call, states, subject) => {
      const before = stateBefore(states);
      const [AlarmName] = alarmNames(call, states, subject?.id);
      if (AlarmName === undefined) return notInRecord(call);
      if (before === undefined || memberOf(before, 'ComparisonOperator') === undefined)
        return noBefore(`what the alarm ${AlarmName} watched`);
      return calls(
        `make the alarm ${AlarmName} again`,
        backCall('cloudwatch', 'PutMetricAlarm', { ...alarmInput(before), AlarmName }),
      );
    },
  ),
  cloudwatch(
    'PutMetricAlarm',
    ALARM,
    ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
    (call, states) => {
      const AlarmName = textOf(call.request, 'alarmName');
      if (AlarmName === undefined) return notInRecord(call);
      if (states.before === null)
        return calls(
          `delete the alarm ${AlarmName}, which was not there`,
          backCall('cloudwatch', 'DeleteAlarms', { AlarmNames: [AlarmName] }),
        );
      const before = stateBefore(states);
      if (before === undefined) return noBefore(`what the alarm ${AlarmName} watched`);
      // Tags of an alarm that is there are not changed by it.
      const { Tags: _, ...input } = alarmInput(before);
      return calls(
        `put the alarm ${AlarmName} back as it was`,
        backCall('cloudwatch', 'PutMetricAlarm', { ...input, AlarmName }),
      );
    },
  ),
  cloudwatch('DisableAlarmActions', ALARM, ['cloudwatch:EnableAlarmActions'], (call, states, subject) => {
    const AlarmNames = alarmNames(call, states, subject?.id);
    if (AlarmNames.length === 0) return notInRecord(call);
    if (memberOf(stateBefore(states), 'ActionsEnabled') === false)
      return nothing(`${AlarmNames.join(', ')} did nothing before`);
    return calls(
      `let the alarm ${AlarmNames.join(', ')} act again`,
      backCall('cloudwatch', 'EnableAlarmActions', { AlarmNames }),
    );
  }),
];

const logs = linesOf('logs.amazonaws.com');
const GROUP = 'AWS::Logs::LogGroup';
const SUBSCRIPTION = 'AWS::Logs::SubscriptionFilter';
const METRIC = 'AWS::Logs::MetricFilter';
const POLICY = 'AWS::Logs::ResourcePolicy';
const GONE = ['ResourceNotFoundException'];

function retentionBack(call: ApiCall, states: States): WayBack {
  const logGroupName = textOf(call.request, 'logGroupName');
  if (logGroupName === undefined) return notInRecord(call);
  const before = stateBefore(states);
  if (before === undefined) return noBefore(`how long ${logGroupName} kept its events`);
  const retentionInDays = numberOf(before, 'RetentionInDays');
  return retentionInDays === undefined
    ? calls(
        `keep the events of ${logGroupName} for ever, as before`,
        backCall('logs', 'DeleteRetentionPolicy', { logGroupName }, GONE),
      )
    : calls(
        `keep the events of ${logGroupName} for ${retentionInDays} days, as before`,
        backCall('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays }),
      );
}

function keyBack(call: ApiCall, states: States): WayBack {
  const logGroupName = textOf(call.request, 'logGroupName');
  if (logGroupName === undefined) return notInRecord(call);
  const before = stateBefore(states);
  if (before === undefined) return noBefore(`the key of ${logGroupName}`);
  const kmsKeyId = textOf(before, 'KmsKeyId');
  return kmsKeyId === undefined
    ? calls(
        `encrypt ${logGroupName} with no key, as before`,
        backCall('logs', 'DisassociateKmsKey', { logGroupName }),
      )
    : calls(
        `encrypt ${logGroupName} with ${kmsKeyId} again`,
        backCall('logs', 'AssociateKmsKey', { logGroupName, kmsKeyId }),
      );
}

/** The schema's names with a small first letter. */
function lowerFirst(value: Json | undefined): Json | undefined {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name.charAt(0).toLowerCase() + name.slice(1), one]),
  );
}

function filterOf(call: ApiCall): { readonly logGroupName: string; readonly filterName: string } | undefined {
  const logGroupName = textOf(call.request, 'logGroupName');
  const filterName = textOf(call.request, 'filterName');
  return logGroupName === undefined || filterName === undefined ? undefined : { logGroupName, filterName };
}

function subscriptionBack(call: ApiCall, states: States): WayBack {
  const filter = filterOf(call);
  if (filter === undefined) return notInRecord(call);
  const text = `the subscription ${filter.filterName} of ${filter.logGroupName}`;
  if (states.before === null)
    return calls(
      `delete ${text}, which was not there`,
      backCall('logs', 'DeleteSubscriptionFilter', filter, GONE),
    );
  const before = stateBefore(states);
  const destinationArn = textOf(before, 'DestinationArn');
  if (destinationArn === undefined) return noBefore(`where ${text} led`);
  const input = present({
    ...filter,
    filterPattern: textOf(before, 'FilterPattern') ?? '',
    destinationArn,
    roleArn: textOf(before, 'RoleArn'),
    distribution: textOf(before, 'Distribution'),
    applyOnTransformedLogs: memberOf(before, 'ApplyOnTransformedLogs'),
  });
  return calls(`put ${text} back as it was`, backCall('logs', 'PutSubscriptionFilter', input));
}

function metricBack(call: ApiCall, states: States): WayBack {
  const filter = filterOf(call);
  if (filter === undefined) return notInRecord(call);
  const text = `the metric filter ${filter.filterName} of ${filter.logGroupName}`;
  if (states.before === null)
    return calls(`delete ${text}, which was not there`, backCall('logs', 'DeleteMetricFilter', filter, GONE));
  const before = stateBefore(states);
  const transformations = listOf(before, 'MetricTransformations').map((one) => {
    const dimensions = listOf(one, 'Dimensions').map((pair): [string, Json] => [
      textOf(pair, 'Key') ?? '',
      textOf(pair, 'Value') ?? '',
    ]);
    const { dimensions: _, ...more } = (lowerFirst(one) ?? {}) as JsonObject;
    return dimensions.length === 0 ? more : { ...more, dimensions: Object.fromEntries(dimensions) };
  });
  if (transformations.length === 0) return noBefore(`what ${text} counted`);
  return calls(
    `put ${text} back as it was`,
    backCall('logs', 'PutMetricFilter', {
      ...filter,
      filterPattern: textOf(before, 'FilterPattern') ?? '',
      metricTransformations: transformations,
    }),
  );
}

function policyBack(call: ApiCall, states: States): WayBack {
  const policyName = textOf(call.request, 'policyName');
  if (policyName === undefined) return notInRecord(call);
  if (states.before === null)
    return calls(
      `delete the policy ${policyName}, which was not there`,
      backCall('logs', 'DeleteResourcePolicy', { policyName }, GONE),
    );
  const policyDocument = documentOf(stateBefore(states), 'PolicyDocument');
  if (policyDocument === undefined) return noBefore(`the policy ${policyName}`);
  return calls(
    `put the policy ${policyName} back as it was`,
    backCall('logs', 'PutResourcePolicy', { policyName, policyDocument }),
  );
}

const retention = ['logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'];
const keys = ['logs:AssociateKmsKey', 'logs:DisassociateKmsKey'];
const subscriptions = ['logs:PutSubscriptionFilter', 'logs:DeleteSubscriptionFilter', 'iam:PassRole'];
const metrics = ['logs:PutMetricFilter', 'logs:DeleteMetricFilter'];
const policies = ['logs:PutResourcePolicy', 'logs:DeleteResourcePolicy'];

export const LOGS_INVERSES: readonly Inverse[] = [
  logs('PutRetentionPolicy', GROUP, retention, retentionBack),
  logs('DeleteRetentionPolicy', GROUP, retention, retentionBack),
  logs('AssociateKmsKey', GROUP, keys, keyBack),
  logs('DisassociateKmsKey', GROUP, keys, keyBack),
  logs('PutSubscriptionFilter', SUBSCRIPTION, subscriptions, subscriptionBack),
  logs('DeleteSubscriptionFilter', SUBSCRIPTION, subscriptions, subscriptionBack),
  logs('PutMetricFilter', METRIC, metrics, metricBack),
  logs('DeleteMetricFilter', METRIC, metrics, metricBack),
  logs('PutResourcePolicy', POLICY, policies, policyBack),
  logs('DeleteResourcePolicy', POLICY, policies, policyBack),
  logs('DeleteLogGroup', GROUP, [], (call) =>
    none(
      'the events of a log group are gone with it',
      `aws logs create-log-group --log-group-name ${shellWord(textOf(call.request, 'logGroupName') ?? 'NAME')}`,
    ),
  ),
];
