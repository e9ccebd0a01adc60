import * as guardduty from '@aws-sdk/client-guardduty';
import { AwsError } from '../aws-error.ts';
import { servesScope } from '../protocol/rest.ts';
import { REST_JSON } from '../protocol/rest-json.ts';
import { operation, type Service } from '../service.ts';
import * as detectors from './detectors.ts';

export const GUARDDUTY: Service = {
  name: 'guardduty',
  protocol: REST_JSON,
  serves: servesScope('guardduty'),
  faults: {
    throttle: () => new AwsError('TooManyRequestsException', 'Too Many Requests', 429),
    'internal-error': () => new AwsError('InternalServerErrorException', 'Internal server error', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation', 403),
  },
  operations: {
    CreateDetector: operation(guardduty.CreateDetector$, detectors.createDetector),
    DeleteDetector: operation(guardduty.DeleteDetector$, detectors.deleteDetector),
    GetDetector: operation(guardduty.GetDetector$, detectors.getDetector),
    ListDetectors: operation(guardduty.ListDetectors$, detectors.listDetectors),
    ListTagsForResource: operation(guardduty.ListTagsForResource$, detectors.listTagsForResource),
    TagResource: operation(guardduty.TagResource$, detectors.tagResource),
    UntagResource: operation(guardduty.UntagResource$, detectors.untagResource),
    UpdateDetector: operation(guardduty.UpdateDetector$, detectors.updateDetector),
  },
};
