import { proveInverses } from '../../../test/inverses.ts';
import { LAMBDA_INVERSES } from './lambda.ts';

const FunctionName = 'export';
const fn = { functionName: FunctionName };
const StatementId = 'backdoor';
const statement = { ...fn, statementId: StatementId };
const url = { AuthType: 'AWS_IAM', InvokeMode: 'BUFFERED' };
const layer = { layerName: 'tools', versionNumber: 3, statementId: 'world' };
const SIGNING = 'arn:aws:lambda:eu-west-1:123456789012:code-signing-config:csc-0f6c334abcdea4d8b';

proveInverses(LAMBDA_INVERSES, [
  [
    'AddPermission20150331v2',
    { request: { ...statement, principal: '*' } },
    [['lambda RemovePermission', { FunctionName, StatementId }]],
  ],
  [
    'AddPermission20150331v2',
    { request: { ...statement, qualifier: 'live', principal: '*' } },
    [['lambda RemovePermission', { FunctionName, Qualifier: 'live', StatementId }]],
  ],
  [
    'RemovePermission20150331v2',
    {
      request: statement,
      before: { Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::b' },
    },
    [
      [
        'lambda AddPermission',
        {
          FunctionName,
          StatementId,
          Action: 'lambda:InvokeFunction',
          Principal: 's3.amazonaws.com',
          SourceArn: 'arn:aws:s3:::b',
        },
      ],
    ],
  ],
  ['RemovePermission20150331v2', { request: statement }, 'unknown: the statement backdoor'],
  // Only what was set: the record has no values of the environment, the state has.
  [
    'UpdateFunctionConfiguration20150331v2',
    {
      request: {
        ...fn,
        role: 'arn:aws:iam::123456789012:role/admin',
        environment: {},
        layers: ['arn:aws:lambda:eu-west-1:9:layer:x:1'],
      },
      before: {
        Role: 'arn:aws:iam::123456789012:role/export',
        Environment: { Variables: { STAGE: 'prod' } },
        Timeout: 3,
      },
    },
    [
      [
        'lambda UpdateFunctionConfiguration',
        {
          FunctionName,
          Role: 'arn:aws:iam::123456789012:role/export',
          Environment: { Variables: { STAGE: 'prod' } },
          Layers: [],
        },
      ],
    ],
  ],
  ['UpdateFunctionConfiguration20150331v2', { request: { ...fn, timeout: 900 } }, 'unknown: what export was'],
  [
    'UpdateFunctionConfiguration20150331v2',
    { request: { ...fn, somethingNew: 1 }, before: {} },
    'unknown: what was set',
  ],
  ['UpdateFunctionCode20150331v2', { request: fn }, 'none: AWS does not keep code'],
  [
    'CreateFunctionUrlConfig',
    { request: { ...fn, authType: 'NONE' } },
    [['lambda DeleteFunctionUrlConfig', { FunctionName }]],
  ],
  [
    'UpdateFunctionUrlConfig',
    { request: { ...fn, authType: 'NONE' }, before: url },
    [['lambda UpdateFunctionUrlConfig', { FunctionName, AuthType: 'AWS_IAM' }]],
  ],
  ['UpdateFunctionUrlConfig', { request: { ...fn, authType: 'NONE' } }, 'unknown: what the URL'],
  [
    'DeleteFunctionUrlConfig',
    { request: fn, before: url },
    [['lambda CreateFunctionUrlConfig', { FunctionName, ...url }]],
  ],
  [
    'AddLayerVersionPermission20181031',
    { request: { ...layer, principal: '*' } },
    [['lambda RemoveLayerVersionPermission', { LayerName: 'tools', VersionNumber: 3, StatementId: 'world' }]],
  ],
  [
    'PutFunctionConcurrency20171031',
    { request: { ...fn, reservedConcurrentExecutions: 0 }, before: {} },
    [['lambda DeleteFunctionConcurrency', { FunctionName }]],
  ],
  [
    'DeleteFunctionConcurrency20171031',
    { request: fn, before: { ReservedConcurrentExecutions: 5 } },
    [['lambda PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: 5 }]],
  ],
  ['DeleteFunctionConcurrency20171031', { request: fn }, 'unknown: the reserved concurrency'],
  [
    'DeleteFunctionCodeSigningConfig',
    { request: fn, before: { CodeSigningConfigArn: SIGNING } },
    [['lambda PutFunctionCodeSigningConfig', { FunctionName, CodeSigningConfigArn: SIGNING }]],
  ],
  [
    'CreateEventSourceMapping20150331',
    { request: fn, response: { uUID: 'u-1' } },
    [['lambda DeleteEventSourceMapping', { UUID: 'u-1' }]],
  ],
]);
