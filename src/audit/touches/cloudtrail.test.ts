import { expect, it } from 'vitest';
import { callOf, proveTouches, trailRecord } from '../../../test/touches.ts';
import { CLOUDTRAIL } from './cloudtrail.ts';
import { touchesOf } from './touches-of.ts';

const TRAIL = 'AWS::CloudTrail::Trail management-events';
const STORE_ARN =
  'arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/ee54f254-e4d0-47a9-b9c4-1d7b3c5d9f10';
const STORE = `AWS::CloudTrail::EventDataStore ${STORE_ARN}`;
const arn = 'arn:aws:cloudtrail:eu-west-1:123456789012:trail/management-events';
const name = { name: 'management-events' };
const store = { eventDataStore: STORE_ARN };
const selectors = [{ readWriteType: 'ReadOnly', includeManagementEvents: false, dataResources: [] }];

proveTouches(CLOUDTRAIL, [
  [
    'CreateTrail',
    { ...name, s3BucketName: 'trails', isMultiRegionTrail: true },
    { ...name, trailARN: arn },
    `created ${TRAIL}`,
  ],
  [
    'UpdateTrail',
    { ...name, isMultiRegionTrail: false, kmsKeyId: '' },
    { ...name, trailARN: arn },
    `changed ${TRAIL} [IsMultiRegionTrail KMSKeyId]`,
  ],
  ['DeleteTrail', { name: arn }, null, `deleted ${TRAIL}`],
  ['StartLogging', name, null, `changed ${TRAIL} [IsLogging]`],
  ['StopLogging', { name: arn }, null, `changed ${TRAIL} [IsLogging]`],
  [
    'PutEventSelectors',
    { trailName: 'management-events', eventSelectors: selectors },
    { trailARN: arn, eventSelectors: selectors },
    `changed ${TRAIL} [EventSelectors AdvancedEventSelectors]`,
  ],
  [
    'PutInsightSelectors',
    { trailName: arn, insightSelectors: [] },
    null,
    `changed ${TRAIL} [InsightSelectors]`,
  ],
  ['CreateEventDataStore', { name: 'lake' }, { eventDataStoreArn: STORE_ARN }, `created ${STORE}`],
  [
    'UpdateEventDataStore',
    { ...store, retentionPeriod: 7 },
    { eventDataStoreArn: STORE_ARN },
    `changed ${STORE}`,
  ],
  ['DeleteEventDataStore', { eventDataStore: STORE_ARN.split('/')[1] ?? '' }, null, `deleted ${STORE}`],
  ['RestoreEventDataStore', store, { eventDataStoreArn: STORE_ARN }, `changed ${STORE}`],
  ['StartEventDataStoreIngestion', store, null, `changed ${STORE} [IngestionEnabled]`],
  ['StopEventDataStoreIngestion', store, null, `changed ${STORE} [IngestionEnabled]`],
]);

it('the trail of an organization is the management account’s, in the region of its ARN', () => {
  const name = 'arn:aws:cloudtrail:us-east-1:999999999999:trail/organization';
  const [touched] = touchesOf(callOf(trailRecord('cloudtrail.amazonaws.com', 'StopLogging', { name })));
  expect(touched?.subject).toEqual({
    type: 'AWS::CloudTrail::Trail',
    id: 'organization',
    account: '999999999999',
    region: 'us-east-1',
  });
});
