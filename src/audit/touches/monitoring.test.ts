import { proveTouches } from '../../../test/touches.ts';
import { CLOUDWATCH, EVENTS, LOGS } from './monitoring.ts';

const ALARM = 'AWS::CloudWatch::Alarm root-login';
const DASHBOARD = 'AWS::CloudWatch::Dashboard security';
const alarms = { alarmNames: ['root-login'] };

proveTouches(CLOUDWATCH, [
  [
    'PutMetricAlarm',
    { alarmName: 'root-login', threshold: 1e9, actionsEnabled: true },
    null,
    `changed ${ALARM}`,
  ],
  [
    'PutCompositeAlarm',
    { alarmName: 'any', alarmRule: 'FALSE' },
    null,
    'changed AWS::CloudWatch::CompositeAlarm any',
  ],
  [
    'DeleteAlarms',
    { alarmNames: ['root-login', 'no-mfa'] },
    null,
    `deleted ${ALARM}`,
    'deleted AWS::CloudWatch::Alarm no-mfa',
  ],
  ['DisableAlarmActions', alarms, null, `changed ${ALARM} [ActionsEnabled]`],
  ['EnableAlarmActions', alarms, null, `changed ${ALARM} [ActionsEnabled]`],
  [
    'PutDashboard',
    { dashboardName: 'security', dashboardBody: '{}' },
    null,
    `changed ${DASHBOARD} [DashboardBody]`,
  ],
  ['DeleteDashboards', { dashboardNames: ['security'] }, null, `deleted ${DASHBOARD}`],
]);

const GROUP = 'AWS::Logs::LogGroup /aws/lambda/export';
const GROUP_ARN = 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/export';
const OF = `(of ${GROUP})`;
const SUBSCRIPTION = 'AWS::Logs::SubscriptionFilter siem|/aws/lambda/export';
const METRIC = 'AWS::Logs::MetricFilter /aws/lambda/export|errors';
const POLICY = 'AWS::Logs::ResourcePolicy route53';
const group = { logGroupName: '/aws/lambda/export' };
const subscription = { ...group, filterName: 'siem' };
const metric = { ...group, filterName: 'errors' };

proveTouches(LOGS, [
  ['CreateLogGroup', group, null, `created ${GROUP}`],
  ['DeleteLogGroup', group, null, `deleted ${GROUP}`],
  ['PutRetentionPolicy', { ...group, retentionInDays: 1 }, null, `changed ${GROUP} [RetentionInDays]`],
  ['DeleteRetentionPolicy', group, null, `changed ${GROUP} [RetentionInDays]`],
  ['AssociateKmsKey', { ...group, kmsKeyId: 'k' }, null, `changed ${GROUP} [KmsKeyId]`],
  ['DisassociateKmsKey', { resourceIdentifier: `${GROUP_ARN}:*` }, null, `changed ${GROUP} [KmsKeyId]`],
  [
    'PutDataProtectionPolicy',
    { logGroupIdentifier: GROUP_ARN },
    null,
    `changed ${GROUP} [DataProtectionPolicy]`,
  ],
  [
    'DeleteDataProtectionPolicy',
    { logGroupIdentifier: '/aws/lambda/export' },
    null,
    `changed ${GROUP} [DataProtectionPolicy]`,
  ],
  ['PutSubscriptionFilter', { ...subscription, filterPattern: '' }, null, `changed ${SUBSCRIPTION} ${OF}`],
  ['DeleteSubscriptionFilter', subscription, null, `deleted ${SUBSCRIPTION} ${OF}`],
  ['PutMetricFilter', metric, null, `changed ${METRIC} [FilterPattern MetricTransformations] ${OF}`],
  ['DeleteMetricFilter', metric, null, `deleted ${METRIC} ${OF}`],
  [
    'PutResourcePolicy',
    { policyName: 'route53', policyDocument: '{}' },
    null,
    `changed ${POLICY} [PolicyDocument]`,
  ],
  ['DeleteResourcePolicy', { policyName: 'route53' }, null, `deleted ${POLICY}`],
]);

const RULE = 'AWS::Events::Rule arn:aws:events:eu-west-1:123456789012:rule/guardduty';
const ON_BUS = 'AWS::Events::Rule arn:aws:events:eu-west-1:123456789012:rule/security/guardduty';
const BUS = 'AWS::Events::EventBus security';
const BUS_ARN = 'arn:aws:events:eu-west-1:123456789012:event-bus/security';

proveTouches(EVENTS, [
  [
    'PutRule',
    { name: 'guardduty', state: 'ENABLED' },
    { ruleArn: RULE.split(' ')[1] ?? '' },
    `changed ${RULE}`,
  ],
  ['DisableRule', { name: 'guardduty' }, null, `changed ${RULE} [State]`],
  ['DisableRule', { name: 'guardduty', eventBusName: 'default' }, null, `changed ${RULE} [State]`],
  ['EnableRule', { name: 'guardduty', eventBusName: BUS_ARN }, null, `changed ${ON_BUS} [State]`],
  ['DeleteRule', { name: 'guardduty', eventBusName: 'security' }, null, `deleted ${ON_BUS}`],
  ['PutTargets', { rule: 'guardduty', targets: [{ id: '1' }] }, null, `changed ${RULE} [Targets]`],
  ['RemoveTargets', { rule: 'guardduty', ids: ['1'] }, null, `changed ${RULE} [Targets]`],
  ['CreateEventBus', { name: 'security' }, { eventBusArn: BUS_ARN }, `created ${BUS}`],
  ['PutPermission', { eventBusName: 'security', principal: '*' }, null, `changed ${BUS} [Policy]`],
  ['DeleteEventBus', { name: 'security' }, null, `deleted ${BUS}`],
]);
