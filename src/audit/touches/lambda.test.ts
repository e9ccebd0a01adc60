import { proveTouches } from '../../../test/touches.ts';
import { LAMBDA } from './lambda.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:export';
const FUNCTION = 'AWS::Lambda::Function export';
const OF = `(of ${FUNCTION})`;
const PERMISSION = 'AWS::Lambda::Permission export|backdoor';
const URL = `AWS::Lambda::Url ${ARN}`;
const ALIAS = `AWS::Lambda::Alias ${ARN}:live`;
const LAYER_ARN = 'arn:aws:lambda:eu-west-1:123456789012:layer:tools';
const LAYER = `AWS::Lambda::LayerVersion ${LAYER_ARN}:3`;
const LAYER_PERMISSION = `AWS::Lambda::LayerVersionPermission ${LAYER_ARN}:3#world`;
const MAPPING = 'AWS::Lambda::EventSourceMapping a1b2c3d4-5678-90ab-cdef-11111EXAMPLE';
const SIGNING_ARN = 'arn:aws:lambda:eu-west-1:123456789012:code-signing-config:csc-0f6c334abcdea4d8b';
const SIGNING = `AWS::Lambda::CodeSigningConfig ${SIGNING_ARN}`;
const fn = { functionName: 'export' };
const byArn = { functionName: ARN };
const layer = { layerName: 'tools', versionNumber: 3 };
const mapping = { uUID: 'a1b2c3d4-5678-90ab-cdef-11111EXAMPLE' };
const grant = { statementId: 'backdoor', action: 'lambda:InvokeFunction', principal: '*' };

proveTouches(LAMBDA, [
  [
    'CreateFunction20150331',
    { ...fn, runtime: 'nodejs22.x' },
    { ...fn, functionArn: ARN },
    `created ${FUNCTION}`,
  ],
  [
    'UpdateFunctionCode20150331v2',
    { ...byArn, publish: false, dryRun: false },
    fn,
    `changed ${FUNCTION} [Code Architectures]`,
  ],
  [
    'UpdateFunctionConfiguration20150331v2',
    { ...fn, layers: [`${LAYER_ARN}:3`], role: 'arn:aws:iam::123456789012:role/admin', environment: {} },
    { ...fn, functionArn: ARN },
    `changed ${FUNCTION} [Role Environment Layers]`,
  ],
  ['DeleteFunction20150331', { functionName: '123456789012:function:export' }, null, `deleted ${FUNCTION}`],
  [
    'AddPermission20150331v2',
    { ...fn, ...grant },
    { statement: '{"Sid":"backdoor"}' },
    `created ${PERMISSION} ${OF}`,
  ],
  ['AddPermission20150331', { ...byArn, ...grant }, null, `created ${PERMISSION} ${OF}`],
  ['RemovePermission20150331v2', { ...fn, statementId: 'backdoor' }, null, `deleted ${PERMISSION} ${OF}`],
  [
    'CreateFunctionUrlConfig',
    { ...fn, authType: 'NONE' },
    { functionArn: ARN, authType: 'NONE' },
    `created ${URL} ${OF}`,
  ],
  [
    'UpdateFunctionUrlConfig',
    { ...fn, authType: 'NONE' },
    { functionArn: ARN },
    `changed ${URL} [AuthType Cors InvokeMode] ${OF}`,
  ],
  ['DeleteFunctionUrlConfig', fn, null, `deleted ${URL} ${OF}`],
  ['DeleteFunctionUrlConfig', { ...fn, qualifier: 'live' }, null, `deleted ${URL}:live ${OF}`],
  [
    'PutFunctionConcurrency20171031',
    { ...fn, reservedConcurrentExecutions: 0 },
    null,
    `changed ${FUNCTION} [ReservedConcurrentExecutions]`,
  ],
  ['DeleteFunctionConcurrency20171031', fn, null, `changed ${FUNCTION} [ReservedConcurrentExecutions]`],
  [
    'PutFunctionCodeSigningConfig',
    { ...fn, codeSigningConfigArn: SIGNING_ARN },
    null,
    `changed ${FUNCTION} [CodeSigningConfigArn]`,
  ],
  ['DeleteFunctionCodeSigningConfig', fn, null, `changed ${FUNCTION} [CodeSigningConfigArn]`],
  ['UpdateCodeSigningConfig', { codeSigningConfigArn: SIGNING_ARN }, null, `changed ${SIGNING}`],
  ['DeleteCodeSigningConfig', { codeSigningConfigArn: SIGNING_ARN }, null, `deleted ${SIGNING}`],
  [
    'CreateAlias20150331',
    { ...fn, name: 'live', functionVersion: '1' },
    { aliasArn: `${ARN}:live` },
    `created ${ALIAS} ${OF}`,
  ],
  [
    'UpdateAlias20150331',
    { ...fn, name: 'live' },
    { aliasArn: `${ARN}:live` },
    `changed ${ALIAS} [FunctionVersion RoutingConfig] ${OF}`,
  ],
  ['DeleteAlias20150331', { ...fn, name: 'live' }, null, `deleted ${ALIAS} ${OF}`],
  [
    'PublishLayerVersion20181031',
    { layerName: 'tools' },
    { layerVersionArn: `${LAYER_ARN}:3` },
    `created ${LAYER}`,
  ],
  ['DeleteLayerVersion20181031', { layerName: LAYER_ARN, versionNumber: 3 }, null, `deleted ${LAYER}`],
  [
    'AddLayerVersionPermission20181031',
    { ...layer, statementId: 'world', principal: '*' },
    null,
    `created ${LAYER_PERMISSION}`,
  ],
  [
    'RemoveLayerVersionPermission20181031',
    { ...layer, statementId: 'world' },
    null,
    `deleted ${LAYER_PERMISSION}`,
  ],
  [
    'CreateEventSourceMapping20150331',
    { ...fn, eventSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:q' },
    mapping,
    `created ${MAPPING} ${OF}`,
  ],
  ['UpdateEventSourceMapping20150331', { ...mapping, enabled: false }, mapping, `changed ${MAPPING}`],
  ['DeleteEventSourceMapping20150331', mapping, mapping, `deleted ${MAPPING}`],
]);
