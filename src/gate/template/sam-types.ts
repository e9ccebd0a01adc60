import type { Json } from '../../model/json.ts';

export interface SamType {
  readonly type?: 'function';
  readonly makes: readonly Made[];
}

interface Made {
  readonly suffix: string;
  readonly type: string;
  /** Only when this property is there. */
  readonly when?: string;
  /** Property in CloudFormation (one dot: a map in it) to the property in SAM. */
  readonly properties?: Readonly<Record<string, string>>;
  readonly constants?: Readonly<Record<string, Json>>;
}

function same(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}

const FUNCTION_SAME = [
  'Architectures',
  'CodeSigningConfigArn',
  'Description',
  'Environment',
  'EphemeralStorage',
  'FileSystemConfigs',
  'FunctionName',
  'Handler',
  'ImageConfig',
  'KmsKeyArn',
  'Layers',
  'LoggingConfig',
  'MemorySize',
  'PackageType',
  'RecursiveLoop',
  'ReservedConcurrentExecutions',
  'Role',
  'Runtime',
  'RuntimeManagementConfig',
  'SnapStart',
  'Tags',
  'Timeout',
  'VpcConfig',
];

/** What policies can see of the resources that SAM makes. Source: AWS SAM resource and property reference. */
export const SAM_TYPES: Readonly<Record<string, SamType>> = {
  'AWS::Serverless::Function': {
    type: 'function',
    makes: [
      {
        suffix: '',
        type: 'AWS::Lambda::Function',
        properties: {
          ...same(...FUNCTION_SAME),
          'TracingConfig.Mode': 'Tracing',
          'DeadLetterConfig.TargetArn': 'DeadLetterQueue.TargetArn',
          'Code.ZipFile': 'InlineCode',
        },
      },
      {
        suffix: 'Url',
        type: 'AWS::Lambda::Url',
        when: 'FunctionUrlConfig',
        properties: {
          AuthType: 'FunctionUrlConfig.AuthType',
          Cors: 'FunctionUrlConfig.Cors',
          InvokeMode: 'FunctionUrlConfig.InvokeMode',
        },
      },
    ],
  },
  'AWS::Serverless::Api': {
    makes: [
      {
        suffix: '',
        type: 'AWS::ApiGateway::RestApi',
        properties: {
          ...same('ApiKeySourceType', 'BinaryMediaTypes', 'Description', 'DisableExecuteApiEndpoint', 'Name'),
          ...same('MinimumCompressionSize', 'Mode', 'Policy', 'Tags'),
          Body: 'DefinitionBody',
          'EndpointConfiguration.Types': 'EndpointConfiguration.Type',
        },
      },
      {
        suffix: 'Stage',
        type: 'AWS::ApiGateway::Stage',
        properties: same(
          'AccessLogSetting',
          'CacheClusterEnabled',
          'CacheClusterSize',
          'CanarySetting',
          'MethodSettings',
          'StageName',
          'Tags',
          'TracingEnabled',
          'Variables',
        ),
      },
    ],
  },
  'AWS::Serverless::HttpApi': {
    makes: [
      {
        suffix: '',
        type: 'AWS::ApiGatewayV2::Api',
        properties: {
          ...same('CorsConfiguration', 'Description', 'DisableExecuteApiEndpoint', 'Name'),
          Body: 'DefinitionBody',
        },
        constants: { ProtocolType: 'HTTP' },
      },
      {
        suffix: 'Stage',
        type: 'AWS::ApiGatewayV2::Stage',
        properties: same(
          'AccessLogSettings',
          'DefaultRouteSettings',
          'RouteSettings',
          'StageName',
          'StageVariables',
        ),
      },
    ],
  },
  'AWS::Serverless::SimpleTable': {
    makes: [
      {
        suffix: '',
        type: 'AWS::DynamoDB::Table',
        properties: same(
          'PointInTimeRecoverySpecification',
          'ProvisionedThroughput',
          'SSESpecification',
          'TableName',
          'Tags',
        ),
      },
    ],
  },
  'AWS::Serverless::StateMachine': {
    makes: [
      {
        suffix: '',
        type: 'AWS::StepFunctions::StateMachine',
        properties: {
          ...same('Definition', 'Tags'),
          LoggingConfiguration: 'Logging',
          RoleArn: 'Role',
          StateMachineName: 'Name',
          StateMachineType: 'Type',
          TracingConfiguration: 'Tracing',
        },
      },
    ],
  },
  'AWS::Serverless::LayerVersion': {
    makes: [
      {
        suffix: '',
        type: 'AWS::Lambda::LayerVersion',
        properties: same(
          'CompatibleArchitectures',
          'CompatibleRuntimes',
          'Description',
          'LayerName',
          'LicenseInfo',
        ),
      },
    ],
  },
};
