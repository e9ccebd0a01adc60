import { changed, created, deleted, type TouchTable } from './touch.ts';

const TABLE = 'AWS::DynamoDB::Table';
/** Every operation takes an ARN for the name. */
const table = '{request.tableName:table-name}';
const byArn = '{request.resourceArn:table-name}';

/** Source: Amazon DynamoDB Developer Guide, "Logging DynamoDB operations by using AWS CloudTrail". */
export const DYNAMODB: TouchTable = {
  source: 'dynamodb.amazonaws.com',
  calls: {
    CreateTable: [created(TABLE, table)],
    UpdateTable: [
      changed(TABLE, table, {
        of: 'request',
        names: {
          billingMode: 'BillingMode',
          deletionProtectionEnabled: 'DeletionProtectionEnabled',
          globalSecondaryIndexUpdates: 'GlobalSecondaryIndexes',
          provisionedThroughput: 'ProvisionedThroughput',
          sSESpecification: 'SSESpecification',
          streamSpecification: 'StreamSpecification',
          tableClass: 'TableClass',
        },
      }),
    ],
    DeleteTable: [deleted(TABLE, table)],
    UpdateContinuousBackups: [changed(TABLE, table, ['PointInTimeRecoverySpecification'])],
    UpdateTimeToLive: [changed(TABLE, table, ['TimeToLiveSpecification'])],
    EnableKinesisStreamingDestination: [changed(TABLE, table, ['KinesisStreamSpecification'])],
    DisableKinesisStreamingDestination: [changed(TABLE, table, ['KinesisStreamSpecification'])],
    PutResourcePolicy: [changed(TABLE, byArn, ['ResourcePolicy'])],
    DeleteResourcePolicy: [changed(TABLE, byArn, ['ResourcePolicy'])],
    TagResource: [changed(TABLE, byArn, ['Tags'])],
    UntagResource: [changed(TABLE, byArn, ['Tags'])],
  },
};
