import type {
  DeleteAlarmsInput,
  DescribeAlarmsInput,
  DescribeAlarmsOutput,
  DisableAlarmActionsInput,
  ListTagsForResourceInput,
  MetricAlarm,
  PutMetricAlarmInput,
} from '@aws-sdk/client-cloudwatch';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

interface SimulatedAlarm {
  settings: Omit<PutMetricAlarmInput, 'Tags'>;
  configuredAt: number;
  readonly tags: Map<string, string>;
}

export const alarmsOf = accountState(() => new Map<string, SimulatedAlarm>());
const PAGE = 50;

/** An alarm of the same name is replaced, and keeps its tags. */
export function putMetricAlarm(account: Account, { Tags = [], ...settings }: PutMetricAlarmInput): object {
  const { AlarmName = '', EvaluationPeriods = 0, ComparisonOperator, MetricName, Metrics } = settings;
  if (AlarmName === '' || ComparisonOperator === undefined || EvaluationPeriods < 1)
    throw new AwsError(
      'ValidationError',
      'AlarmName, ComparisonOperator and EvaluationPeriods are required.',
    );
  if ((MetricName === undefined) === (Metrics === undefined))
    throw new AwsError('ValidationError', 'Exactly one of MetricName and Metrics must be specified.');
  const alarms = alarmsOf(account);
  const known = alarms.get(AlarmName);
  const tags = known?.tags ?? new Map(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  alarms.set(AlarmName, { settings, configuredAt: account.clock.now(), tags });
  return {};
}

export function describeAlarms(account: Account, input: DescribeAlarmsInput): DescribeAlarmsOutput {
  const { AlarmNames, AlarmNamePrefix = '', ActionPrefix = '', MaxRecords = PAGE, NextToken } = input;
  const found = [...alarmsOf(account).values()].filter(
    ({ settings: { AlarmName = '', AlarmActions = [], OKActions = [], InsufficientDataActions = [] } }) =>
      (AlarmNames === undefined || AlarmNames.includes(AlarmName)) &&
      AlarmName.startsWith(AlarmNamePrefix) &&
      (ActionPrefix === '' ||
        [...AlarmActions, ...OKActions, ...InsufficientDataActions].some((arn) =>
          arn.startsWith(ActionPrefix),
        )),
  );
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0) throw new AwsError('InvalidNextToken', 'The token is invalid.');
  const to = from + MaxRecords;
  return {
    MetricAlarms: found.slice(from, to).map((alarm) => shown(account, alarm)),
    CompositeAlarms: [],
    ...(to < found.length ? { NextToken: Buffer.from(String(to)).toString('base64url') } : {}),
  };
}

/** All or none: an alarm that is not there makes the call fail. */
export function deleteAlarms(account: Account, { AlarmNames = [] }: DeleteAlarmsInput): object {
  const alarms = alarmsOf(account);
  for (const name of AlarmNames) if (!alarms.has(name)) throw noAlarm(name);
  for (const name of AlarmNames) alarms.delete(name);
  return {};
}

export function setActions(enabled: boolean) {
  return (account: Account, { AlarmNames = [] }: DisableAlarmActionsInput): object => {
    for (const name of AlarmNames) {
      const alarm = alarmsOf(account).get(name);
      if (alarm !== undefined) alarm.settings = { ...alarm.settings, ActionsEnabled: enabled };
    }
    return {};
  };
}

export function listTagsForResource(
  account: Account,
  { ResourceARN = '' }: ListTagsForResourceInput,
): object {
  const [, name = ''] = ResourceARN.split(':alarm:');
  const alarm = alarmsOf(account).get(name);
  if (alarm === undefined)
    throw new AwsError('ResourceNotFoundException', `Resource ${ResourceARN} does not exist`, 404);
  return { Tags: [...alarm.tags].map(([Key, Value]) => ({ Key, Value })) };
}

function shown({ region, id }: Account, { settings, configuredAt }: SimulatedAlarm): MetricAlarm {
  const at = new Date(configuredAt);
  return {
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...settings,
    AlarmArn: `arn:aws:cloudwatch:${region}:${id}:alarm:${settings.AlarmName}`,
    AlarmConfigurationUpdatedTimestamp: at,
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
    StateUpdatedTimestamp: at,
  };
}

function noAlarm(name: string): AwsError {
  return new AwsError('ResourceNotFound', `Alarm ${name} does not exist`, 404, 'ResourceNotFound');
}
