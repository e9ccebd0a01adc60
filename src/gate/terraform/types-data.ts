import { each, json, type Mapping, tags } from './mapping.ts';

const bucketPart = (properties: Extract<Mapping, { into: unknown }>['properties']): Mapping => ({
  into: ['aws_s3_bucket'],
  by: 'bucket',
  properties,
});

const SEARCH_DOMAIN = {
  DomainName: 'domain_name',
  'EncryptionAtRestOptions.Enabled': 'encrypt_at_rest.enabled',
  'EncryptionAtRestOptions.KmsKeyId': 'encrypt_at_rest.kms_key_id',
  'NodeToNodeEncryptionOptions.Enabled': 'node_to_node_encryption.enabled',
  'DomainEndpointOptions.EnforceHTTPS': 'domain_endpoint_options.enforce_https',
  'DomainEndpointOptions.TLSSecurityPolicy': 'domain_endpoint_options.tls_security_policy',
  'VPCOptions.SubnetIds': 'vpc_options.subnet_ids',
  'VPCOptions.SecurityGroupIds': 'vpc_options.security_group_ids',
  'AdvancedSecurityOptions.Enabled': 'advanced_security_options.enabled',
  AccessPolicies: json('access_policies'),
  Tags: tags,
} as const;

const DB_COMMON = {
  StorageEncrypted: 'storage_encrypted',
  KmsKeyId: 'kms_key_id',
  DeletionProtection: 'deletion_protection',
  BackupRetentionPeriod: 'backup_retention_period',
} as const;

/** Source: Terraform AWS provider documentation and the CloudFormation template reference. */
export const STORAGE_AND_DATA: Readonly<Record<string, Mapping>> = {
  aws_s3_bucket: {
    type: 'AWS::S3::Bucket',
    properties: {
      BucketName: 'bucket',
      ObjectLockEnabled: 'object_lock_enabled',
      // Bucket blocks of provider versions before 4, and what a newer one reads back.
      'VersioningConfiguration.Status': {
        from: 'versioning.enabled',
        words: { true: 'Enabled', false: 'Suspended' },
      },
      'LoggingConfiguration.DestinationBucketName': 'logging.target_bucket',
      Tags: tags,
    },
  },
  aws_s3_bucket_public_access_block: bucketPart({
    'PublicAccessBlockConfiguration.BlockPublicAcls': 'block_public_acls',
    'PublicAccessBlockConfiguration.BlockPublicPolicy': 'block_public_policy',
    'PublicAccessBlockConfiguration.IgnorePublicAcls': 'ignore_public_acls',
    'PublicAccessBlockConfiguration.RestrictPublicBuckets': 'restrict_public_buckets',
  }),
  aws_s3_bucket_versioning: bucketPart({
    'VersioningConfiguration.Status': 'versioning_configuration.status',
  }),
  aws_s3_bucket_logging: bucketPart({
    'LoggingConfiguration.DestinationBucketName': 'target_bucket',
    'LoggingConfiguration.LogFilePrefix': 'target_prefix',
  }),
  aws_s3_bucket_server_side_encryption_configuration: bucketPart({
    'BucketEncryption.ServerSideEncryptionConfiguration': each('rule', {
      BucketKeyEnabled: 'bucket_key_enabled',
      'ServerSideEncryptionByDefault.SSEAlgorithm': 'apply_server_side_encryption_by_default.sse_algorithm',
      'ServerSideEncryptionByDefault.KMSMasterKeyID':
        'apply_server_side_encryption_by_default.kms_master_key_id',
    }),
  }),
  aws_s3_bucket_acl: bucketPart({
    AccessControl: {
      from: 'acl',
      words: {
        private: 'Private',
        'public-read': 'PublicRead',
        'public-read-write': 'PublicReadWrite',
        'authenticated-read': 'AuthenticatedRead',
        'log-delivery-write': 'LogDeliveryWrite',
        'bucket-owner-read': 'BucketOwnerRead',
        'bucket-owner-full-control': 'BucketOwnerFullControl',
        'aws-exec-read': 'AwsExecRead',
      },
    },
  }),
  aws_s3_bucket_ownership_controls: bucketPart({
    'OwnershipControls.Rules': each('rule', { ObjectOwnership: 'object_ownership' }),
  }),
  aws_s3_bucket_lifecycle_configuration: bucketPart({
    'LifecycleConfiguration.Rules': each('rule', {
      Id: 'id',
      Status: 'status',
      ExpirationInDays: 'expiration.days',
      'NoncurrentVersionExpiration.NoncurrentDays': 'noncurrent_version_expiration.noncurrent_days',
      'AbortIncompleteMultipartUpload.DaysAfterInitiation':
        'abort_incomplete_multipart_upload.days_after_initiation',
    }),
  }),
  aws_s3_bucket_policy: {
    type: 'AWS::S3::BucketPolicy',
    properties: { Bucket: 'bucket', PolicyDocument: json('policy') },
  },
  aws_db_instance: {
    type: 'AWS::RDS::DBInstance',
    properties: {
      ...DB_COMMON,
      DBInstanceIdentifier: 'identifier',
      DBInstanceClass: 'instance_class',
      Engine: 'engine',
      EngineVersion: 'engine_version',
      PubliclyAccessible: 'publicly_accessible',
      MultiAZ: 'multi_az',
      AutoMinorVersionUpgrade: 'auto_minor_version_upgrade',
      CopyTagsToSnapshot: 'copy_tags_to_snapshot',
      EnableIAMDatabaseAuthentication: 'iam_database_authentication_enabled',
      EnableCloudwatchLogsExports: 'enabled_cloudwatch_logs_exports',
      EnablePerformanceInsights: 'performance_insights_enabled',
      MonitoringInterval: 'monitoring_interval',
      MasterUsername: 'username',
      MasterUserPassword: 'password',
      ManageMasterUserPassword: 'manage_master_user_password',
      VPCSecurityGroups: 'vpc_security_group_ids',
      DBClusterIdentifier: 'cluster_identifier',
      Port: 'port',
      Tags: tags,
    },
  },
  aws_rds_cluster: {
    type: 'AWS::RDS::DBCluster',
    properties: {
      ...DB_COMMON,
      Engine: 'engine',
      EngineVersion: 'engine_version',
      MasterUsername: 'master_username',
      MasterUserPassword: 'master_password',
      ManageMasterUserPassword: 'manage_master_user_password',
      EnableIAMDatabaseAuthentication: 'iam_database_authentication_enabled',
      EnableCloudwatchLogsExports: 'enabled_cloudwatch_logs_exports',
      CopyTagsToSnapshot: 'copy_tags_to_snapshot',
      VpcSecurityGroupIds: 'vpc_security_group_ids',
      Tags: tags,
    },
  },
  aws_rds_cluster_instance: {
    type: 'AWS::RDS::DBInstance',
    properties: {
      DBClusterIdentifier: 'cluster_identifier',
      DBInstanceClass: 'instance_class',
      Engine: 'engine',
      PubliclyAccessible: 'publicly_accessible',
      AutoMinorVersionUpgrade: 'auto_minor_version_upgrade',
      EnablePerformanceInsights: 'performance_insights_enabled',
      MonitoringInterval: 'monitoring_interval',
    },
  },
  aws_db_proxy: { type: 'AWS::RDS::DBProxy', properties: { DBProxyName: 'name', RequireTLS: 'require_tls' } },
  aws_docdb_cluster: {
    type: 'AWS::DocDB::DBCluster',
    properties: { ...DB_COMMON, EnableCloudwatchLogsExports: 'enabled_cloudwatch_logs_exports', Tags: tags },
  },
  aws_neptune_cluster: {
    type: 'AWS::Neptune::DBCluster',
    properties: {
      ...DB_COMMON,
      IamAuthEnabled: 'iam_database_authentication_enabled',
      EnableCloudwatchLogsExports: 'enable_cloudwatch_logs_exports',
      Tags: tags,
    },
  },
  aws_redshift_cluster: {
    type: 'AWS::Redshift::Cluster',
    properties: {
      Encrypted: 'encrypted',
      KmsKeyId: 'kms_key_id',
      PubliclyAccessible: 'publicly_accessible',
      AllowVersionUpgrade: 'allow_version_upgrade',
      EnhancedVpcRouting: 'enhanced_vpc_routing',
      AutomatedSnapshotRetentionPeriod: 'automated_snapshot_retention_period',
      MasterUsername: 'master_username',
      MasterUserPassword: 'master_password',
      DBName: 'database_name',
      'LoggingProperties.BucketName': 'logging.bucket_name',
      VpcSecurityGroupIds: 'vpc_security_group_ids',
      Tags: tags,
    },
  },
  aws_elasticache_replication_group: {
    type: 'AWS::ElastiCache::ReplicationGroup',
    properties: {
      AtRestEncryptionEnabled: 'at_rest_encryption_enabled',
      TransitEncryptionEnabled: 'transit_encryption_enabled',
      AuthToken: 'auth_token',
      KmsKeyId: 'kms_key_id',
      AutoMinorVersionUpgrade: 'auto_minor_version_upgrade',
      AutomaticFailoverEnabled: 'automatic_failover_enabled',
      SnapshotRetentionLimit: 'snapshot_retention_limit',
      SecurityGroupIds: 'security_group_ids',
      Tags: tags,
    },
  },
  aws_dynamodb_table: {
    type: 'AWS::DynamoDB::Table',
    properties: {
      TableName: 'name',
      BillingMode: 'billing_mode',
      DeletionProtectionEnabled: 'deletion_protection_enabled',
      'SSESpecification.SSEEnabled': 'server_side_encryption.enabled',
      'SSESpecification.KMSMasterKeyId': 'server_side_encryption.kms_key_arn',
      'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': 'point_in_time_recovery.enabled',
      Tags: tags,
    },
  },
  aws_dax_cluster: {
    type: 'AWS::DAX::Cluster',
    properties: {
      ClusterEndpointEncryptionType: 'cluster_endpoint_encryption_type',
      'SSESpecification.SSEEnabled': 'server_side_encryption.enabled',
    },
  },
  aws_efs_file_system: {
    type: 'AWS::EFS::FileSystem',
    properties: { Encrypted: 'encrypted', KmsKeyId: 'kms_key_id', FileSystemTags: tags },
  },
  aws_efs_access_point: {
    type: 'AWS::EFS::AccessPoint',
    properties: {
      'PosixUser.Uid': 'posix_user.uid',
      'PosixUser.Gid': 'posix_user.gid',
      'RootDirectory.Path': 'root_directory.path',
    },
  },
  aws_opensearch_domain: { type: 'AWS::OpenSearchService::Domain', properties: SEARCH_DOMAIN },
  aws_elasticsearch_domain: { type: 'AWS::Elasticsearch::Domain', properties: SEARCH_DOMAIN },
  aws_kinesis_stream: {
    type: 'AWS::Kinesis::Stream',
    properties: {
      'StreamEncryption.EncryptionType': 'encryption_type',
      'StreamEncryption.KeyId': 'kms_key_id',
      RetentionPeriodHours: 'retention_period',
      Tags: tags,
    },
  },
  aws_sqs_queue: {
    type: 'AWS::SQS::Queue',
    properties: {
      QueueName: 'name',
      KmsMasterKeyId: 'kms_master_key_id',
      SqsManagedSseEnabled: 'sqs_managed_sse_enabled',
      RedrivePolicy: json('redrive_policy'),
      MessageRetentionPeriod: 'message_retention_seconds',
      Tags: tags,
    },
  },
  aws_sqs_queue_policy: {
    type: 'AWS::SQS::QueuePolicy',
    properties: { Queues: { from: 'queue_url', as: 'one' }, PolicyDocument: json('policy') },
  },
  aws_sns_topic: {
    type: 'AWS::SNS::Topic',
    properties: { TopicName: 'name', KmsMasterKeyId: 'kms_master_key_id', Tags: tags },
  },
  aws_sns_topic_policy: {
    type: 'AWS::SNS::TopicPolicy',
    properties: { Topics: { from: 'arn', as: 'one' }, PolicyDocument: json('policy') },
  },
  aws_sns_topic_subscription: {
    type: 'AWS::SNS::Subscription',
    properties: { Protocol: 'protocol', Endpoint: 'endpoint', TopicArn: 'topic_arn' },
  },
  aws_athena_workgroup: {
    type: 'AWS::Athena::WorkGroup',
    properties: {
      Name: 'name',
      'WorkGroupConfiguration.EnforceWorkGroupConfiguration': 'configuration.enforce_workgroup_configuration',
      'WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.EncryptionOption':
        'configuration.result_configuration.encryption_configuration.encryption_option',
    },
  },
};
