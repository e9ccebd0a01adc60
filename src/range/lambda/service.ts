import * as lambda from '@aws-sdk/client-lambda';
import { AwsError } from '../aws-error.ts';
import { servesScope } from '../protocol/rest.ts';
import { REST_JSON } from '../protocol/rest-json.ts';
import { operation, type Service } from '../service.ts';
import * as access from './access.ts';
import * as concurrency from './concurrency.ts';
import * as functions from './function.ts';

export const LAMBDA: Service = {
  name: 'lambda',
  protocol: REST_JSON,
  serves: servesScope('lambda'),
  faults: {
    throttle: () => new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429),
    'internal-error': () =>
      new AwsError('ServiceException', 'An error occurred and the request cannot be processed.', 500),
    unauthorized: () =>
      new AwsError('AccessDeniedException', 'User is not authorized to perform this operation', 403),
  },
  operations: {
    AddPermission: operation(lambda.AddPermission$, access.addPermission),
    CreateFunction: operation(lambda.CreateFunction$, functions.createFunction),
    CreateFunctionUrlConfig: operation(lambda.CreateFunctionUrlConfig$, access.createFunctionUrlConfig),
    DeleteFunctionConcurrency: operation(
      lambda.DeleteFunctionConcurrency$,
      concurrency.deleteFunctionConcurrency,
    ),
    DeleteFunctionUrlConfig: operation(lambda.DeleteFunctionUrlConfig$, access.deleteFunctionUrlConfig),
    GetFunction: operation(lambda.GetFunction$, functions.getFunction),
    GetFunctionConcurrency: operation(lambda.GetFunctionConcurrency$, concurrency.getFunctionConcurrency),
    GetFunctionConfiguration: operation(lambda.GetFunctionConfiguration$, functions.getFunctionConfiguration),
    GetFunctionUrlConfig: operation(lambda.GetFunctionUrlConfig$, access.getFunctionUrlConfig),
    GetPolicy: operation(lambda.GetPolicy$, access.getPolicy),
    PutFunctionConcurrency: operation(lambda.PutFunctionConcurrency$, concurrency.putFunctionConcurrency),
    RemovePermission: operation(lambda.RemovePermission$, access.removePermission),
    UpdateFunctionConfiguration: operation(
      lambda.UpdateFunctionConfiguration$,
      functions.updateFunctionConfiguration,
    ),
  },
};
