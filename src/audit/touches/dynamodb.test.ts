import { proveTouches } from '../../../test/touches.ts';
import { DYNAMODB } from './dynamodb.ts';

const ARN = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders';
const TABLE = 'AWS::DynamoDB::Table Orders';
const table = { tableName: 'Orders' };
const byArn = { resourceArn: ARN };

proveTouches(DYNAMODB, [
  [
    'CreateTable',
    { ...table, billingMode: 'PAY_PER_REQUEST' },
    { tableDescription: table },
    `created ${TABLE}`,
  ],
  [
    'UpdateTable',
    { ...table, deletionProtectionEnabled: false },
    null,
    `changed ${TABLE} [DeletionProtectionEnabled]`,
  ],
  ['DeleteTable', { tableName: ARN }, null, `deleted ${TABLE}`],
  [
    'UpdateContinuousBackups',
    { ...table, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false } },
    null,
    `changed ${TABLE} [PointInTimeRecoverySpecification]`,
  ],
  ['UpdateTimeToLive', table, null, `changed ${TABLE} [TimeToLiveSpecification]`],
  ['EnableKinesisStreamingDestination', table, null, `changed ${TABLE} [KinesisStreamSpecification]`],
  ['DisableKinesisStreamingDestination', table, null, `changed ${TABLE} [KinesisStreamSpecification]`],
  ['PutResourcePolicy', { ...byArn, policy: '{}' }, { revisionId: '1' }, `changed ${TABLE} [ResourcePolicy]`],
  ['DeleteResourcePolicy', byArn, null, `changed ${TABLE} [ResourcePolicy]`],
  ['TagResource', byArn, null, `changed ${TABLE} [Tags]`],
  ['UntagResource', byArn, null, `changed ${TABLE} [Tags]`],
]);
