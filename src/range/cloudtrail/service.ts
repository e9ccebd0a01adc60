import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as selectors from './selectors.ts';
import * as trails from './trails.ts';

export const CLOUDTRAIL: Service = {
  name: 'cloudtrail',
  protocol: awsJson('1.1', 'com.amazonaws.cloudtrail.v20131101'),
  serves: (request) =>
    servesTarget('com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101')(request) ||
    servesTarget('CloudTrail_20131101')(request),
  faults: {
    throttle: () => new AwsError('ThrottlingException', 'Rate exceeded'),
    'internal-error': () => new AwsError('InternalFailure', 'We encountered an internal error.', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    AddTags: operation(cloudtrail.AddTags$, trails.addTags),
    CreateTrail: operation(cloudtrail.CreateTrail$, trails.createTrail),
    DeleteTrail: operation(cloudtrail.DeleteTrail$, trails.deleteTrail),
    DescribeTrails: operation(cloudtrail.DescribeTrails$, trails.describeTrails),
    GetEventSelectors: operation(cloudtrail.GetEventSelectors$, selectors.getEventSelectors),
    GetTrail: operation(cloudtrail.GetTrail$, trails.getTrail),
    GetTrailStatus: operation(cloudtrail.GetTrailStatus$, trails.getTrailStatus),
    ListTags: operation(cloudtrail.ListTags$, trails.listTags),
    ListTrails: operation(cloudtrail.ListTrails$, trails.listTrails),
    PutEventSelectors: operation(cloudtrail.PutEventSelectors$, selectors.putEventSelectors),
    RemoveTags: operation(cloudtrail.RemoveTags$, trails.removeTags),
    StartLogging: operation(cloudtrail.StartLogging$, trails.startLogging),
    StopLogging: operation(cloudtrail.StopLogging$, trails.stopLogging),
    UpdateTrail: operation(cloudtrail.UpdateTrail$, trails.updateTrail),
  },
};
