import { proveInverses } from '../../../test/inverses.ts';
import { CLOUDTRAIL_INVERSES } from './cloudtrail.ts';

const Name = 'management-events';
const request = { name: Name };
const TrailName = Name;
const selectors = [{ ReadWriteType: 'All', IncludeManagementEvents: true }];
const advanced = [{ Name: 'all', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }];
const insights = [{ InsightType: 'ApiCallRateInsight' }];
const trail = {
  TrailName,
  S3BucketName: 'trails',
  IsMultiRegionTrail: true,
  EnableLogFileValidation: true,
  KMSKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/1',
  IsLogging: true,
  Tags: [{ Key: 'team', Value: 'security' }],
};
const create = {
  Name,
  S3BucketName: 'trails',
  IsMultiRegionTrail: true,
  EnableLogFileValidation: true,
  KmsKeyId: 'arn:aws:kms:eu-west-1:123456789012:key/1',
  TagsList: [{ Key: 'team', Value: 'security' }],
};
const store = { eventDataStore: 'arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/1' };
const EventDataStore = store.eventDataStore;

proveInverses(CLOUDTRAIL_INVERSES, [
  ['StopLogging', { request }, [['cloudtrail StartLogging', { Name }]]],
  ['StopLogging', { request, before: { IsLogging: false } }, 'nothing: the trail'],
  [
    'DeleteTrail',
    { request, before: { ...trail, AdvancedEventSelectors: advanced, InsightSelectors: insights } },
    [
      ['cloudtrail CreateTrail', create],
      ['cloudtrail PutEventSelectors', { TrailName, AdvancedEventSelectors: advanced }],
      ['cloudtrail PutInsightSelectors', { TrailName, InsightSelectors: insights }],
      ['cloudtrail StartLogging', { Name }],
    ],
  ],
  ['DeleteTrail', { request, before: { ...trail, IsLogging: false } }, [['cloudtrail CreateTrail', create]]],
  ['DeleteTrail', { request }, 'unknown: what the trail'],
  [
    'UpdateTrail',
    { request: { ...request, isMultiRegionTrail: false, kmsKeyId: '', s3BucketName: null }, before: trail },
    [['cloudtrail UpdateTrail', { Name, IsMultiRegionTrail: true, KmsKeyId: trail.KMSKeyId }]],
  ],
  [
    'UpdateTrail',
    {
      request: { ...request, cloudWatchLogsLogGroupArn: 'arn:aws:logs:eu-west-1:9:log-group:x' },
      before: trail,
    },
    [['cloudtrail UpdateTrail', { Name, CloudWatchLogsLogGroupArn: '' }]],
  ],
  ['UpdateTrail', { request, before: trail }, 'nothing: no setting'],
  ['UpdateTrail', { request: { ...request, isMultiRegionTrail: false } }, 'unknown: what the trail'],
  [
    'PutEventSelectors',
    { request: { trailName: Name, eventSelectors: [] }, before: { EventSelectors: selectors } },
    [['cloudtrail PutEventSelectors', { TrailName, EventSelectors: selectors }]],
  ],
  ['PutEventSelectors', { request: { trailName: Name } }, 'unknown: what the trail'],
  [
    'PutInsightSelectors',
    { request: { trailName: Name, insightSelectors: [] }, before: { InsightSelectors: insights } },
    [['cloudtrail PutInsightSelectors', { TrailName, InsightSelectors: insights }]],
  ],
  ['DeleteEventDataStore', { request: store }, [['cloudtrail RestoreEventDataStore', { EventDataStore }]]],
  [
    'StopEventDataStoreIngestion',
    { request: store },
    [['cloudtrail StartEventDataStoreIngestion', { EventDataStore }]],
  ],
]);
