import type { Json } from '../../model/json.ts';
import { shellWord } from '../../model/shell-word.ts';
import type { ApiCall } from '../api-call.ts';
import { isObject, type JsonObject, listOf, memberOf, present, textOf, textsOf } from '../members.ts';
import type { Inverse, States, WayBack } from '../way-back.ts';
import { backCall, calls, linesOf, noBefore, none, nothing, notInRecord, stateBefore } from './inverse.ts';

const config = linesOf('config.amazonaws.com');
const RECORDER = 'AWS::Config::ConfigurationRecorder';
const CHANNEL = 'AWS::Config::DeliveryChannel';
const RULE = 'AWS::Config::ConfigRule';

/** AWS Config takes the names of the schema with a small first letter: the resource as its input. */
function lowered(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((one) => lowered(one) ?? null);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [lowerFirst(name), lowered(one) ?? null]),
  );
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function recorderInput(before: JsonObject): Json {
  return {
    ConfigurationRecorder: present({
      name: textOf(before, 'Name'),
      roleARN: textOf(before, 'RoleARN'),
      recordingGroup: lowered(memberOf(before, 'RecordingGroup')),
      recordingMode: lowered(memberOf(before, 'RecordingMode')),
    }),
  };
}

const start = (ConfigurationRecorderName: string) =>
  backCall('config', 'StartConfigurationRecorder', { ConfigurationRecorderName });

/** Rules take a part of the schema's names, and the parameters as text. */
function ruleInput(before: JsonObject): Json {
  const parameters = memberOf(before, 'InputParameters');
  return {
    ConfigRule: present({
      ConfigRuleName: textOf(before, 'ConfigRuleName'),
      Description: textOf(before, 'Description'),
      Scope: memberOf(before, 'Scope'),
      Source: memberOf(before, 'Source'),
      InputParameters: isObject(parameters) ? JSON.stringify(parameters) : parameters,
      MaximumExecutionFrequency: textOf(before, 'MaximumExecutionFrequency'),
      EvaluationModes: memberOf(before, 'EvaluationModes'),
    }),
  };
}

export const CONFIG_INVERSES: readonly Inverse[] = [
  config('StopConfigurationRecorder', RECORDER, ['config:StartConfigurationRecorder'], (call, states) => {
    const name = textOf(call.request, 'configurationRecorderName');
    if (name === undefined) return notInRecord(call);
    if (memberOf(stateBefore(states), 'Recording') === false)
      return nothing(`the configuration recorder ${name} did not record before`);
    return calls(`start the configuration recorder ${name} again`, start(name));
  }),
  config(
    'PutConfigurationRecorder',
    RECORDER,
    ['config:PutConfigurationRecorder', 'iam:PassRole'],
    (call, states) => {
      const name = textOf(call.request, 'configurationRecorder.name');
      if (name === undefined) return notInRecord(call);
      const before = stateBefore(states);
      if (before === undefined) return noBefore(`what the configuration recorder ${name} recorded`);
      return calls(
        `record with ${name} what it recorded before`,
        backCall('config', 'PutConfigurationRecorder', recorderInput(before)),
      );
    },
  ),
  config(
    'DeleteConfigurationRecorder',
    RECORDER,
    ['config:PutConfigurationRecorder', 'config:StartConfigurationRecorder', 'iam:PassRole'],
    (call, states) => {
      const name = textOf(call.request, 'configurationRecorderName');
      if (name === undefined) return notInRecord(call);
      const before = stateBefore(states);
      if (before === undefined) return noBefore(`what the configuration recorder ${name} recorded`);
      return calls(
        `make the configuration recorder ${name} again`,
        backCall('config', 'PutConfigurationRecorder', recorderInput(before)),
        ...(memberOf(before, 'Recording') === false ? [] : [start(name)]),
      );
    },
  ),
  config('DeleteDeliveryChannel', CHANNEL, ['config:PutDeliveryChannel'], (call, states) => {
    const name = textOf(call.request, 'deliveryChannelName');
    if (name === undefined) return notInRecord(call);
    const before = stateBefore(states);
    if (before === undefined) return noBefore(`where the delivery channel ${name} delivered`);
    return calls(
      `make the delivery channel ${name} again`,
      backCall('config', 'PutDeliveryChannel', {
        DeliveryChannel: present({
          name: textOf(before, 'Name') ?? name,
          s3BucketName: textOf(before, 'S3BucketName'),
          s3KeyPrefix: textOf(before, 'S3KeyPrefix'),
          s3KmsKeyArn: textOf(before, 'S3KmsKeyArn'),
          snsTopicARN: textOf(before, 'SnsTopicARN'),
          configSnapshotDeliveryProperties: lowered(memberOf(before, 'ConfigSnapshotDeliveryProperties')),
        }),
      }),
    );
  }),
  config('DeleteConfigRule', RULE, ['config:PutConfigRule'], (call, states) => {
    const name = textOf(call.request, 'configRuleName');
    if (name === undefined) return notInRecord(call);
    const before = stateBefore(states);
    if (!isObject(memberOf(before, 'Source')) || before === undefined)
      return noBefore(`what the rule ${name} was`);
    return calls(`make the rule ${name} again`, backCall('config', 'PutConfigRule', ruleInput(before)));
  }),
];

const guardduty = linesOf('guardduty.amazonaws.com');
const DETECTOR = 'AWS::GuardDuty::Detector';
const FILTER = 'AWS::GuardDuty::Filter';
const IP_SET = 'AWS::GuardDuty::IPSet';
const MEMBER = 'AWS::GuardDuty::Member';

function updatedDetector(call: ApiCall, states: States): WayBack {
  const DetectorId = textOf(call.request, 'detectorId');
  if (DetectorId === undefined) return notInRecord(call);
  const before = stateBefore(states);
  const names = ['Enable', 'FindingPublishingFrequency', 'Features', 'DataSources'];
  const set = names.filter((name) => (memberOf(call.request, lowerFirst(name)) ?? null) !== null);
  const values = set.map((name) => [name, memberOf(before, name)] as const);
  if (values.length === 0) return notInRecord(call);
  const missing = values.find(([, value]) => value === undefined);
  if (missing !== undefined) return noBefore(`${missing[0]} of the detector ${DetectorId}`);
  return calls(
    `set ${set.join(', ')} of the detector ${DetectorId} as before`,
    backCall('guardduty', 'UpdateDetector', { DetectorId, ...present(Object.fromEntries(values)) }),
  );
}

function tagMap(tags: readonly Json[]): JsonObject | undefined {
  const pairs = tags.flatMap((tag): [string, string][] => {
    const key = textOf(tag, 'Key');
    return key === undefined ? [] : [[key, textOf(tag, 'Value') ?? '']];
  });
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

export const GUARDDUTY_INVERSES: readonly Inverse[] = [
  guardduty('UpdateDetector', DETECTOR, ['guardduty:UpdateDetector'], updatedDetector),
  guardduty(
    'DeleteDetector',
    DETECTOR,
    ['guardduty:CreateDetector', 'guardduty:TagResource', 'iam:CreateServiceLinkedRole'],
    (call, states) => {
      const before = stateBefore(states);
      const Enable = memberOf(before, 'Enable');
      if (typeof Enable !== 'boolean')
        return noBefore(`what the detector ${textOf(call.request, 'detectorId') ?? ''} watched`);
      const features = listOf(before, 'Features');
      return calls(
        'make a new detector that watches what the old one did; the findings, filters, lists and members of the old one are lost',
        backCall(
          'guardduty',
          'CreateDetector',
          present({
            Enable,
            FindingPublishingFrequency: textOf(before, 'FindingPublishingFrequency'),
            Features: features.length === 0 ? undefined : features,
            // GuardDuty takes either of the two.
            DataSources: features.length === 0 ? memberOf(before, 'DataSources') : undefined,
            Tags: tagMap(listOf(before, 'Tags')),
          }),
        ),
      );
    },
  ),
  guardduty('CreateFilter', FILTER, ['guardduty:DeleteFilter'], (call) => {
    const DetectorId = textOf(call.request, 'detectorId');
    const FilterName = textOf(call.request, 'name');
    if (DetectorId === undefined || FilterName === undefined) return notInRecord(call);
    return calls(
      `delete the filter ${FilterName}; what it hid stays archived`,
      backCall('guardduty', 'DeleteFilter', { DetectorId, FilterName }),
    );
  }),
  guardduty('CreateIPSet', IP_SET, ['guardduty:DeleteIPSet'], (call) => {
    const DetectorId = textOf(call.request, 'detectorId');
    const IpSetId = textOf(call.response, 'ipSetId');
    if (DetectorId === undefined || IpSetId === undefined) return notInRecord(call);
    return calls(
      `delete the list ${IpSetId} of trusted addresses`,
      backCall('guardduty', 'DeleteIPSet', { DetectorId, IpSetId }),
    );
  }),
  guardduty('StopMonitoringMembers', MEMBER, ['guardduty:StartMonitoringMembers'], (call, _, subject) => {
    const DetectorId = textOf(call.request, 'detectorId');
    const refused = new Set(
      listOf(call.response, 'unprocessedAccounts').map((one) => textOf(one, 'accountId')),
    );
    const stopped = textsOf(call.request, 'accountIds').filter((account) => !refused.has(account));
    const meant = subject?.id.split('|')[1];
    const AccountIds = meant === undefined ? stopped : stopped.filter((account) => account === meant);
    if (DetectorId === undefined || AccountIds.length === 0) return notInRecord(call);
    return calls(
      `watch the accounts ${AccountIds.join(', ')} again`,
      backCall('guardduty', 'StartMonitoringMembers', { DetectorId, AccountIds }),
    );
  }),
  guardduty('DeleteMembers', MEMBER, [], (call) =>
    none(
      'a member is invited, and its account must accept it',
      `aws guardduty create-members --detector-id ${shellWord(textOf(call.request, 'detectorId') ?? 'ID')} --account-details AccountId=ACCOUNT,Email=EMAIL`,
    ),
  ),
];
