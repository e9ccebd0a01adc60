import type { Json } from '../../model/json.ts';
import { shellWord } from '../../model/shell-word.ts';
import { memberOf, numberOf, present, textOf } from '../members.ts';
import type { Inverse } from '../way-back.ts';
import { backCall, calls, linesOf, noBefore, none, notInRecord, stateBefore, unknown } from './inverse.ts';

const row = linesOf('lambda.amazonaws.com');
const FUNCTION = 'AWS::Lambda::Function';
const PERMISSION = 'AWS::Lambda::Permission';
const URL = 'AWS::Lambda::Url';
const LAYER_PERMISSION = 'AWS::Lambda::LayerVersionPermission';
const NOT_FOUND = ['ResourceNotFoundException'];

/** Members of UpdateFunctionConfiguration in the record, in the schema, and what stands for none. */
const SETTINGS: readonly (readonly [record: string, property: string, input: string, without?: Json])[] = [
  ['role', 'Role', 'Role'],
  ['handler', 'Handler', 'Handler'],
  ['description', 'Description', 'Description', ''],
  ['timeout', 'Timeout', 'Timeout'],
  ['memorySize', 'MemorySize', 'MemorySize'],
  ['runtime', 'Runtime', 'Runtime'],
  ['vpcConfig', 'VpcConfig', 'VpcConfig', { SubnetIds: [], SecurityGroupIds: [] }],
  ['environment', 'Environment', 'Environment', { Variables: {} }],
  ['layers', 'Layers', 'Layers', []],
  ['kMSKeyArn', 'KmsKeyArn', 'KMSKeyArn', ''],
  ['tracingConfig', 'TracingConfig', 'TracingConfig', { Mode: 'PassThrough' }],
  ['deadLetterConfig', 'DeadLetterConfig', 'DeadLetterConfig', { TargetArn: '' }],
  ['loggingConfig', 'LoggingConfig', 'LoggingConfig'],
];

const configuration = row(
  'UpdateFunctionConfiguration',
  FUNCTION,
  ['lambda:UpdateFunctionConfiguration', 'lambda:GetLayerVersion', 'iam:PassRole'],
  (call, states) => {
    const FunctionName = textOf(call.request, 'functionName');
    if (FunctionName === undefined) return notInRecord(call);
    const set = SETTINGS.filter(([record]) => (memberOf(call.request, record) ?? null) !== null);
    if (set.length === 0) return unknown(`what was set of ${FunctionName} is not known here`);
    const before = stateBefore(states);
    if (before === undefined) return noBefore(`what ${FunctionName} was`);
    const input: Record<string, Json> = { FunctionName };
    for (const [, property, member, without] of set) {
      const value = memberOf(before, property) ?? without;
      if (value === undefined) return noBefore(`${property} of ${FunctionName}`);
      input[member] = value;
    }
    const names = set.map(([, property]) => property).join(', ');
    return calls(
      `set ${names} of the function ${FunctionName} as before`,
      backCall('lambda', 'UpdateFunctionConfiguration', input),
    );
  },
);

function target(request: Json): { readonly FunctionName: string; readonly Qualifier?: string } | undefined {
  const FunctionName = textOf(request, 'functionName');
  const Qualifier = textOf(request, 'qualifier');
  if (FunctionName === undefined) return undefined;
  return Qualifier === undefined ? { FunctionName } : { FunctionName, Qualifier };
}

function urlSettings(before: Json | undefined): { readonly [member: string]: Json } | undefined {
  const AuthType = textOf(before, 'AuthType');
  if (AuthType === undefined) return undefined;
  return present({ AuthType, Cors: memberOf(before, 'Cors'), InvokeMode: textOf(before, 'InvokeMode') });
}

const layerOf = (request: Json) => {
  const LayerName = textOf(request, 'layerName');
  const VersionNumber = numberOf(request, 'versionNumber');
  const StatementId = textOf(request, 'statementId');
  return LayerName === undefined || VersionNumber === undefined || StatementId === undefined
    ? undefined
    : { LayerName, VersionNumber, StatementId };
};

export const LAMBDA_INVERSES: readonly Inverse[] = [
  row('AddPermission', PERMISSION, ['lambda:RemovePermission'], (call) => {
    const of = target(call.request);
    const StatementId = textOf(call.request, 'statementId');
    if (of === undefined || StatementId === undefined) return notInRecord(call);
    return calls(
      `remove the statement ${StatementId} from the policy of ${of.FunctionName}`,
      backCall('lambda', 'RemovePermission', { ...of, StatementId }, NOT_FOUND),
    );
  }),
  row('RemovePermission', PERMISSION, ['lambda:AddPermission'], (call, states) => {
    const of = target(call.request);
    const StatementId = textOf(call.request, 'statementId');
    if (of === undefined || StatementId === undefined) return notInRecord(call);
    const before = stateBefore(states);
    const Action = textOf(before, 'Action');
    const Principal = textOf(before, 'Principal');
    if (Action === undefined || Principal === undefined) return noBefore(`the statement ${StatementId}`);
    const names = [
      'SourceArn',
      'SourceAccount',
      'PrincipalOrgID',
      'EventSourceToken',
      'FunctionUrlAuthType',
      'InvokedViaFunctionUrl',
    ];
    const more = Object.fromEntries(names.map((name) => [name, memberOf(before, name)]));
    return calls(
      `put the statement ${StatementId} back into the policy of ${of.FunctionName}`,
      backCall('lambda', 'AddPermission', { ...of, StatementId, Action, Principal, ...present(more) }, [
        'ResourceConflictException',
      ]),
    );
  }),
  configuration,
  row('UpdateFunctionCode', FUNCTION, [], (call) =>
    none(
      'AWS does not keep code that was not published',
      `aws lambda list-versions-by-function --function-name ${shellWord(textOf(call.request, 'functionName') ?? 'NAME')}`,
      'deploy the function again from its source',
    ),
  ),
  row('CreateFunctionUrlConfig', URL, ['lambda:DeleteFunctionUrlConfig'], (call) => {
    const of = target(call.request);
    if (of === undefined) return notInRecord(call);
    return calls(
      `delete the URL of the function ${of.FunctionName}`,
      backCall('lambda', 'DeleteFunctionUrlConfig', { ...of }, NOT_FOUND),
    );
  }),
  row('UpdateFunctionUrlConfig', URL, ['lambda:UpdateFunctionUrlConfig'], (call, states) => {
    const of = target(call.request);
    if (of === undefined) return notInRecord(call);
    const before = urlSettings(stateBefore(states));
    if (before === undefined) return noBefore(`what the URL of ${of.FunctionName} was`);
    const input = present({
      AuthType: memberOf(call.request, 'authType') === undefined ? undefined : before.AuthType,
      Cors: memberOf(call.request, 'cors') === undefined ? undefined : (before.Cors ?? {}),
      InvokeMode: memberOf(call.request, 'invokeMode') === undefined ? undefined : before.InvokeMode,
    });
    return calls(
      `set ${Object.keys(input).join(', ')} of the URL of ${of.FunctionName} as before`,
      backCall('lambda', 'UpdateFunctionUrlConfig', { ...of, ...input }),
    );
  }),
  row('DeleteFunctionUrlConfig', URL, ['lambda:CreateFunctionUrlConfig'], (call, states) => {
    const of = target(call.request);
    if (of === undefined) return notInRecord(call);
    const before = urlSettings(stateBefore(states));
    if (before === undefined) return noBefore(`what the URL of ${of.FunctionName} was`);
    return calls(
      `make a URL for the function ${of.FunctionName} again; it is another one`,
      backCall('lambda', 'CreateFunctionUrlConfig', { ...of, ...before }, ['ResourceConflictException']),
    );
  }),
  row('AddLayerVersionPermission', LAYER_PERMISSION, ['lambda:RemoveLayerVersionPermission'], (call) => {
    const layer = layerOf(call.request);
    if (layer === undefined) return notInRecord(call);
    return calls(
      `remove the statement ${layer.StatementId} from the policy of ${layer.LayerName}:${layer.VersionNumber}`,
      backCall('lambda', 'RemoveLayerVersionPermission', layer, NOT_FOUND),
    );
  }),
  ...['PutFunctionConcurrency', 'DeleteFunctionConcurrency'].map((name) =>
    row(
      name,
      FUNCTION,
      ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
      (call, states) => {
        const FunctionName = textOf(call.request, 'functionName');
        if (FunctionName === undefined) return notInRecord(call);
        const before = stateBefore(states);
        if (before === undefined) return noBefore(`the reserved concurrency of ${FunctionName}`);
        const reserved = numberOf(before, 'ReservedConcurrentExecutions');
        return reserved === undefined
          ? calls(
              `reserve no concurrency for ${FunctionName}`,
              backCall('lambda', 'DeleteFunctionConcurrency', { FunctionName }),
            )
          : calls(
              `reserve a concurrency of ${reserved} for ${FunctionName} again`,
              backCall('lambda', 'PutFunctionConcurrency', {
                FunctionName,
                ReservedConcurrentExecutions: reserved,
              }),
            );
      },
    ),
  ),
  row(
    'DeleteFunctionCodeSigningConfig',
    FUNCTION,
    ['lambda:PutFunctionCodeSigningConfig'],
    (call, states) => {
      const FunctionName = textOf(call.request, 'functionName');
      const CodeSigningConfigArn = textOf(stateBefore(states), 'CodeSigningConfigArn');
      if (FunctionName === undefined) return notInRecord(call);
      if (CodeSigningConfigArn === undefined)
        return noBefore(`how the code of ${FunctionName} was to be signed`);
      return calls(
        `let ${FunctionName} run only code that is signed again`,
        backCall('lambda', 'PutFunctionCodeSigningConfig', { FunctionName, CodeSigningConfigArn }),
      );
    },
  ),
  row(
    'CreateEventSourceMapping',
    'AWS::Lambda::EventSourceMapping',
    ['lambda:DeleteEventSourceMapping'],
    (call) => {
      const UUID = textOf(call.response, 'uUID') ?? textOf(call.response, 'uuid');
      if (UUID === undefined) return notInRecord(call);
      return calls(
        `delete the event source mapping ${UUID}`,
        backCall('lambda', 'DeleteEventSourceMapping', { UUID }, NOT_FOUND),
      );
    },
  ),
];
