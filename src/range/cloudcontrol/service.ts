import * as cloudcontrol from '@aws-sdk/client-cloudcontrol';
import { AwsError } from '../aws-error.ts';
import { awsJson, servesTarget } from '../protocol/aws-json.ts';
import { operation, type Service } from '../service.ts';
import * as resources from './resources.ts';

export const CLOUD_CONTROL: Service = {
  name: 'cloudcontrol',
  protocol: awsJson('1.0', 'com.amazonaws.cloudapiservice'),
  serves: servesTarget('CloudApiService'),
  faults: {
    throttle: () => new AwsError('ThrottlingException', 'Rate exceeded'),
    'internal-error': () => new AwsError('InternalFailure', 'Internal Failure', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation'),
  },
  operations: {
    CreateResource: operation(cloudcontrol.CreateResource$, resources.createResource),
    DeleteResource: operation(cloudcontrol.DeleteResource$, resources.deleteResource),
    GetResource: operation(cloudcontrol.GetResource$, resources.getResource),
    GetResourceRequestStatus: operation(
      cloudcontrol.GetResourceRequestStatus$,
      resources.getResourceRequestStatus,
    ),
    ListResources: operation(cloudcontrol.ListResources$, resources.listResources),
    UpdateResource: operation(cloudcontrol.UpdateResource$, resources.updateResource),
  },
};
