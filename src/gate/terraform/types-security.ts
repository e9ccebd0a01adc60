import { each, json, type Mapping, tags } from './mapping.ts';

const INLINE = each('inline_policy', { PolicyName: 'name', PolicyDocument: json('policy') });

const inlineFor = (holders: string, attribute: string): Mapping => ({
  type: 'AWS::IAM::Policy',
  properties: {
    PolicyName: 'name',
    PolicyDocument: json('policy'),
    [holders]: { from: attribute, as: 'one' },
  },
});

const attachment = (holder: string, by: string): Mapping => ({
  into: [holder],
  by,
  properties: { ManagedPolicyArns: { from: 'policy_arn', as: 'one' } },
});

/** Source: Terraform AWS provider documentation and the CloudFormation template reference. */
export const SECURITY_AND_OPERATIONS: Readonly<Record<string, Mapping>> = {
  aws_iam_policy: {
    type: 'AWS::IAM::ManagedPolicy',
    properties: { ManagedPolicyName: 'name', PolicyDocument: json('policy'), Path: 'path' },
  },
  aws_iam_role: {
    type: 'AWS::IAM::Role',
    properties: {
      RoleName: 'name',
      AssumeRolePolicyDocument: json('assume_role_policy'),
      ManagedPolicyArns: 'managed_policy_arns',
      PermissionsBoundary: 'permissions_boundary',
      MaxSessionDuration: 'max_session_duration',
      Policies: INLINE,
      Tags: tags,
    },
  },
  aws_iam_user: {
    type: 'AWS::IAM::User',
    properties: { UserName: 'name', PermissionsBoundary: 'permissions_boundary', Tags: tags },
  },
  aws_iam_group: { type: 'AWS::IAM::Group', properties: { GroupName: 'name' } },
  aws_iam_role_policy: inlineFor('Roles', 'role'),
  aws_iam_user_policy: inlineFor('Users', 'user'),
  aws_iam_group_policy: inlineFor('Groups', 'group'),
  aws_iam_role_policy_attachment: attachment('aws_iam_role', 'role'),
  aws_iam_user_policy_attachment: attachment('aws_iam_user', 'user'),
  aws_iam_group_policy_attachment: attachment('aws_iam_group', 'group'),
  aws_iam_access_key: { type: 'AWS::IAM::AccessKey', properties: { UserName: 'user', Status: 'status' } },
  aws_kms_key: {
    type: 'AWS::KMS::Key',
    properties: {
      EnableKeyRotation: 'enable_key_rotation',
      KeyPolicy: json('policy'),
      KeySpec: 'customer_master_key_spec',
      KeyUsage: 'key_usage',
      Enabled: 'is_enabled',
      MultiRegion: 'multi_region',
      PendingWindowInDays: 'deletion_window_in_days',
      BypassPolicyLockoutSafetyCheck: 'bypass_policy_lockout_safety_check',
      Tags: tags,
    },
  },
  aws_secretsmanager_secret: {
    type: 'AWS::SecretsManager::Secret',
    properties: { Name: 'name', KmsKeyId: 'kms_key_id', Tags: tags },
  },
  aws_secretsmanager_secret_rotation: {
    type: 'AWS::SecretsManager::RotationSchedule',
    properties: {
      SecretId: 'secret_id',
      RotationLambdaARN: 'rotation_lambda_arn',
      'RotationRules.AutomaticallyAfterDays': 'rotation_rules.automatically_after_days',
    },
  },
  aws_secretsmanager_secret_policy: {
    type: 'AWS::SecretsManager::ResourcePolicy',
    properties: {
      SecretId: 'secret_arn',
      ResourcePolicy: json('policy'),
      BlockPublicPolicy: 'block_public_policy',
    },
  },
  aws_ssm_parameter: {
    type: 'AWS::SSM::Parameter',
    properties: { Name: 'name', Type: 'type', Value: 'value' },
  },
  aws_cloudtrail: {
    type: 'AWS::CloudTrail::Trail',
    properties: {
      TrailName: 'name',
      S3BucketName: 's3_bucket_name',
      IsMultiRegionTrail: 'is_multi_region_trail',
      IsLogging: 'enable_logging',
      IsOrganizationTrail: 'is_organization_trail',
      IncludeGlobalServiceEvents: 'include_global_service_events',
      EnableLogFileValidation: 'enable_log_file_validation',
      KMSKeyId: 'kms_key_id',
      CloudWatchLogsLogGroupArn: 'cloud_watch_logs_group_arn',
      CloudWatchLogsRoleArn: 'cloud_watch_logs_role_arn',
      Tags: tags,
    },
  },
  aws_cloudwatch_log_group: {
    type: 'AWS::Logs::LogGroup',
    properties: {
      LogGroupName: 'name',
      RetentionInDays: 'retention_in_days',
      KmsKeyId: 'kms_key_id',
      Tags: tags,
    },
  },
  aws_guardduty_detector: {
    type: 'AWS::GuardDuty::Detector',
    properties: { Enable: 'enable', FindingPublishingFrequency: 'finding_publishing_frequency' },
  },
  aws_codebuild_project: {
    type: 'AWS::CodeBuild::Project',
    properties: {
      Name: 'name',
      EncryptionKey: 'encryption_key',
      'Environment.PrivilegedMode': 'environment.privileged_mode',
      'Environment.EnvironmentVariables': each('environment.environment_variable', {
        Name: 'name',
        Value: 'value',
        Type: 'type',
      }),
      'Artifacts.EncryptionDisabled': 'artifacts.encryption_disabled',
      'LogsConfig.S3Logs.EncryptionDisabled': 'logs_config.s3_logs.encryption_disabled',
      Tags: tags,
    },
  },
  aws_cognito_identity_pool: {
    type: 'AWS::Cognito::IdentityPool',
    properties: { AllowUnauthenticatedIdentities: 'allow_unauthenticated_identities' },
  },
  aws_mq_broker: {
    type: 'AWS::AmazonMQ::Broker',
    properties: {
      PubliclyAccessible: 'publicly_accessible',
      AutoMinorVersionUpgrade: 'auto_minor_version_upgrade',
      'Logs.Audit': 'logs.audit',
      'Logs.General': 'logs.general',
    },
  },
  aws_msk_cluster: {
    type: 'AWS::MSK::Cluster',
    properties: {
      'EncryptionInfo.EncryptionInTransit.ClientBroker':
        'encryption_info.encryption_in_transit.client_broker',
      'EncryptionInfo.EncryptionInTransit.InCluster': 'encryption_info.encryption_in_transit.in_cluster',
      'EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId': 'encryption_info.encryption_at_rest_kms_key_arn',
    },
  },
  aws_sagemaker_notebook_instance: {
    type: 'AWS::SageMaker::NotebookInstance',
    properties: {
      DirectInternetAccess: 'direct_internet_access',
      RootAccess: 'root_access',
      KmsKeyId: 'kms_key_id',
      SubnetId: 'subnet_id',
      SecurityGroupIds: 'security_groups',
    },
  },
};
