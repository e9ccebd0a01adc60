import { changed, created, deleted, type TouchTable } from './touch.ts';

const FUNCTION = 'AWS::Lambda::Function';
const PERMISSION = 'AWS::Lambda::Permission';
const URL = 'AWS::Lambda::Url';
const ALIAS = 'AWS::Lambda::Alias';
const LAYER = 'AWS::Lambda::LayerVersion';
const LAYER_PERMISSION = 'AWS::Lambda::LayerVersionPermission';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const SIGNING = 'AWS::Lambda::CodeSigningConfig';

const fn = '{request.functionName:function-name}';
const ofFunction = { partOf: [FUNCTION, fn] as const };
const permission = `${fn}|{request.statementId}`;
const url = [
  'response.functionArn',
  '{request.functionName:function-arn}:{request.qualifier}',
  '{request.functionName:function-arn}',
];
const alias = ['response.aliasArn', '{request.functionName:function-arn}:{request.name}'];
const layer = [
  '{request.layerName:only-arn}:{request.versionNumber}',
  'arn:{partition}:lambda:{region}:{account}:layer:{request.layerName}:{request.versionNumber}',
];
const layerPermission = layer.map((arn) => `${arn}#{request.statementId}`);
const mapping = ['response.uUID', 'response.uuid', 'request.uUID', 'request.uuid'];
const concurrency = ['ReservedConcurrentExecutions'];

/** Source: AWS Lambda Developer Guide, "Logging AWS Lambda API calls using AWS CloudTrail". */
export const LAMBDA: TouchTable = {
  source: 'lambda.amazonaws.com',
  calls: {
    CreateFunction: [created(FUNCTION, ['{response.functionName:function-name}', fn])],
    UpdateFunctionCode: [changed(FUNCTION, fn, ['Code', 'Architectures'])],
    UpdateFunctionConfiguration: [
      changed(FUNCTION, fn, {
        of: 'request',
        names: {
          role: 'Role',
          handler: 'Handler',
          description: 'Description',
          timeout: 'Timeout',
          memorySize: 'MemorySize',
          vpcConfig: 'VpcConfig',
          environment: 'Environment',
          runtime: 'Runtime',
          deadLetterConfig: 'DeadLetterConfig',
          kMSKeyArn: 'KmsKeyArn',
          tracingConfig: 'TracingConfig',
          layers: 'Layers',
          fileSystemConfigs: 'FileSystemConfigs',
          imageConfig: 'ImageConfig',
          ephemeralStorage: 'EphemeralStorage',
          loggingConfig: 'LoggingConfig',
        },
      }),
    ],
    DeleteFunction: [deleted(FUNCTION, fn)],
    AddPermission: [created(PERMISSION, permission, ofFunction)],
    RemovePermission: [deleted(PERMISSION, permission, ofFunction)],
    CreateFunctionUrlConfig: [created(URL, url, ofFunction)],
    UpdateFunctionUrlConfig: [changed(URL, url, ['AuthType', 'Cors', 'InvokeMode'], ofFunction)],
    DeleteFunctionUrlConfig: [deleted(URL, url, ofFunction)],
    PutFunctionConcurrency: [changed(FUNCTION, fn, concurrency)],
    DeleteFunctionConcurrency: [changed(FUNCTION, fn, concurrency)],
    PutFunctionCodeSigningConfig: [changed(FUNCTION, fn, ['CodeSigningConfigArn'])],
    DeleteFunctionCodeSigningConfig: [changed(FUNCTION, fn, ['CodeSigningConfigArn'])],
    UpdateCodeSigningConfig: [changed(SIGNING, 'request.codeSigningConfigArn')],
    DeleteCodeSigningConfig: [deleted(SIGNING, 'request.codeSigningConfigArn')],
    CreateAlias: [created(ALIAS, alias, ofFunction)],
    UpdateAlias: [changed(ALIAS, alias, ['FunctionVersion', 'RoutingConfig'], ofFunction)],
    DeleteAlias: [deleted(ALIAS, alias, ofFunction)],
    PublishLayerVersion: [created(LAYER, 'response.layerVersionArn')],
    DeleteLayerVersion: [deleted(LAYER, layer)],
    AddLayerVersionPermission: [created(LAYER_PERMISSION, layerPermission)],
    RemoveLayerVersionPermission: [deleted(LAYER_PERMISSION, layerPermission)],
    CreateEventSourceMapping: [created(MAPPING, mapping, ofFunction)],
    UpdateEventSourceMapping: [changed(MAPPING, mapping)],
    DeleteEventSourceMapping: [deleted(MAPPING, mapping)],
  },
};
