import { changed, created, deleted, type TouchTable } from './touch.ts';

const ALARM = 'AWS::CloudWatch::Alarm';
const DASHBOARD = 'AWS::CloudWatch::Dashboard';

/** Source: Amazon CloudWatch User Guide, "Logging Amazon CloudWatch API and console operations with AWS CloudTrail". */
export const CLOUDWATCH: TouchTable = {
  source: 'monitoring.amazonaws.com',
  calls: {
    PutMetricAlarm: [changed(ALARM, 'request.alarmName')],
    PutCompositeAlarm: [changed('AWS::CloudWatch::CompositeAlarm', 'request.alarmName')],
    DeleteAlarms: [deleted(ALARM, 'request.alarmNames[]')],
    DisableAlarmActions: [changed(ALARM, 'request.alarmNames[]', ['ActionsEnabled'])],
    EnableAlarmActions: [changed(ALARM, 'request.alarmNames[]', ['ActionsEnabled'])],
    PutDashboard: [changed(DASHBOARD, 'request.dashboardName', ['DashboardBody'])],
    DeleteDashboards: [deleted(DASHBOARD, 'request.dashboardNames[]')],
  },
};

const GROUP = 'AWS::Logs::LogGroup';
const SUBSCRIPTION = 'AWS::Logs::SubscriptionFilter';
const METRIC = 'AWS::Logs::MetricFilter';
const POLICY = 'AWS::Logs::ResourcePolicy';

const group = [
  'request.logGroupName',
  '{request.logGroupIdentifier:log-group}',
  '{request.resourceIdentifier:log-group}',
];
const ofGroup = { partOf: [GROUP, group] as const };
const subscription = '{request.filterName}|{request.logGroupName}';
const metric = '{request.logGroupName}|{request.filterName}';

/** Source: Amazon CloudWatch Logs User Guide, "Logging CloudWatch Logs API and console operations in AWS CloudTrail". */
export const LOGS: TouchTable = {
  source: 'logs.amazonaws.com',
  calls: {
    CreateLogGroup: [created(GROUP, group)],
    DeleteLogGroup: [deleted(GROUP, group)],
    PutRetentionPolicy: [changed(GROUP, group, ['RetentionInDays'])],
    DeleteRetentionPolicy: [changed(GROUP, group, ['RetentionInDays'])],
    AssociateKmsKey: [changed(GROUP, group, ['KmsKeyId'])],
    DisassociateKmsKey: [changed(GROUP, group, ['KmsKeyId'])],
    PutDataProtectionPolicy: [changed(GROUP, group, ['DataProtectionPolicy'])],
    DeleteDataProtectionPolicy: [changed(GROUP, group, ['DataProtectionPolicy'])],
    PutSubscriptionFilter: [changed(SUBSCRIPTION, subscription, [], ofGroup)],
    DeleteSubscriptionFilter: [deleted(SUBSCRIPTION, subscription, ofGroup)],
    PutMetricFilter: [changed(METRIC, metric, ['FilterPattern', 'MetricTransformations'], ofGroup)],
    DeleteMetricFilter: [deleted(METRIC, metric, ofGroup)],
    PutResourcePolicy: [changed(POLICY, 'request.policyName', ['PolicyDocument'])],
    DeleteResourcePolicy: [deleted(POLICY, 'request.policyName')],
  },
};

const RULE = 'AWS::Events::Rule';
const BUS = 'AWS::Events::EventBus';
const ruleArn = (bus: string, name: string): string =>
  `arn:{partition}:events:{region}:{account}:rule/${bus}{request.${name}}`;
/** The bus has no place in the ARN of a rule when it is the default one. */
const rule = (name: string) => [
  { id: ruleArn('', name), when: [{ at: 'request.eventBusName', is: ['default'] }] },
  { id: ruleArn('', name), when: [{ at: 'request.eventBusName', not: true as const }] },
  {
    id: ruleArn('{request.eventBusName:last-part}/', name),
    when: [
      { at: 'request.eventBusName' },
      { at: 'request.eventBusName', is: ['default'], not: true as const },
    ],
  },
];
const bus = ['{request.eventBusName:last-part}', 'request.name'];

/** Source: Amazon EventBridge User Guide, "Logging Amazon EventBridge API calls using AWS CloudTrail". */
export const EVENTS: TouchTable = {
  source: 'events.amazonaws.com',
  calls: {
    PutRule: [changed(RULE, 'response.ruleArn')],
    DisableRule: rule('name').map(({ id, when }) => changed(RULE, id, ['State'], { when })),
    EnableRule: rule('name').map(({ id, when }) => changed(RULE, id, ['State'], { when })),
    DeleteRule: rule('name').map(({ id, when }) => deleted(RULE, id, { when })),
    PutTargets: rule('rule').map(({ id, when }) => changed(RULE, id, ['Targets'], { when })),
    RemoveTargets: rule('rule').map(({ id, when }) => changed(RULE, id, ['Targets'], { when })),
    CreateEventBus: [created(BUS, 'request.name')],
    PutPermission: [changed(BUS, bus, ['Policy'])],
    DeleteEventBus: [deleted(BUS, 'request.name')],
  },
};
