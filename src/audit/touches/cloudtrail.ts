import { changed, created, deleted, type TouchTable } from './touch.ts';

const TRAIL = 'AWS::CloudTrail::Trail';
const STORE = 'AWS::CloudTrail::EventDataStore';

const trail = '{request.name:last-part}';
const selected = '{request.trailName:last-part}';
const store = [
  'response.eventDataStoreArn',
  '{request.eventDataStore:only-arn}',
  'arn:{partition}:cloudtrail:{region}:{account}:eventdatastore/{request.eventDataStore}',
];

/** Source: AWS CloudTrail User Guide, "Logging AWS CloudTrail API calls using AWS CloudTrail". */
export const CLOUDTRAIL: TouchTable = {
  source: 'cloudtrail.amazonaws.com',
  calls: {
    CreateTrail: [created(TRAIL, trail)],
    UpdateTrail: [
      changed(TRAIL, trail, {
        of: 'request',
        names: {
          s3BucketName: 'S3BucketName',
          s3KeyPrefix: 'S3KeyPrefix',
          snsTopicName: 'SnsTopicName',
          includeGlobalServiceEvents: 'IncludeGlobalServiceEvents',
          isMultiRegionTrail: 'IsMultiRegionTrail',
          enableLogFileValidation: 'EnableLogFileValidation',
          cloudWatchLogsLogGroupArn: 'CloudWatchLogsLogGroupArn',
          cloudWatchLogsRoleArn: 'CloudWatchLogsRoleArn',
          kmsKeyId: 'KMSKeyId',
          isOrganizationTrail: 'IsOrganizationTrail',
        },
      }),
    ],
    DeleteTrail: [deleted(TRAIL, trail)],
    StartLogging: [changed(TRAIL, trail, ['IsLogging'])],
    StopLogging: [changed(TRAIL, trail, ['IsLogging'])],
    PutEventSelectors: [changed(TRAIL, selected, ['EventSelectors', 'AdvancedEventSelectors'])],
    PutInsightSelectors: [changed(TRAIL, selected, ['InsightSelectors'])],
    CreateEventDataStore: [created(STORE, store)],
    UpdateEventDataStore: [changed(STORE, store)],
    DeleteEventDataStore: [deleted(STORE, store)],
    RestoreEventDataStore: [changed(STORE, store)],
    StartEventDataStoreIngestion: [changed(STORE, store, ['IngestionEnabled'])],
    StopEventDataStoreIngestion: [changed(STORE, store, ['IngestionEnabled'])],
  },
};
