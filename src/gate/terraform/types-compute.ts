import { each, json, type Mapping, tags } from './mapping.ts';

const BLOCK_DEVICES = each('ebs_block_device', {
  DeviceName: 'device_name',
  'Ebs.Encrypted': 'encrypted',
  'Ebs.KmsKeyId': 'kms_key_id',
  'Ebs.VolumeSize': 'volume_size',
  'Ebs.VolumeType': 'volume_type',
});

/** Source: Terraform AWS provider documentation and the CloudFormation template reference. */
export const COMPUTE_AND_NETWORK: Readonly<Record<string, Mapping>> = {
  aws_instance: {
    type: 'AWS::EC2::Instance',
    properties: {
      ImageId: 'ami',
      InstanceType: 'instance_type',
      SubnetId: 'subnet_id',
      SecurityGroupIds: 'vpc_security_group_ids',
      IamInstanceProfile: 'iam_instance_profile',
      Monitoring: 'monitoring',
      EbsOptimized: 'ebs_optimized',
      UserData: 'user_data',
      'MetadataOptions.HttpTokens': 'metadata_options.http_tokens',
      'MetadataOptions.HttpEndpoint': 'metadata_options.http_endpoint',
      'MetadataOptions.HttpPutResponseHopLimit': 'metadata_options.http_put_response_hop_limit',
      BlockDeviceMappings: BLOCK_DEVICES,
      DisableApiTermination: 'disable_api_termination',
      Tags: tags,
    },
  },
  aws_launch_template: {
    type: 'AWS::EC2::LaunchTemplate',
    properties: {
      LaunchTemplateName: 'name',
      'LaunchTemplateData.ImageId': 'image_id',
      'LaunchTemplateData.InstanceType': 'instance_type',
      'LaunchTemplateData.SecurityGroupIds': 'vpc_security_group_ids',
      'LaunchTemplateData.UserData': 'user_data',
      'LaunchTemplateData.Monitoring.Enabled': 'monitoring.enabled',
      'LaunchTemplateData.MetadataOptions.HttpTokens': 'metadata_options.http_tokens',
      'LaunchTemplateData.MetadataOptions.HttpEndpoint': 'metadata_options.http_endpoint',
      'LaunchTemplateData.MetadataOptions.HttpPutResponseHopLimit':
        'metadata_options.http_put_response_hop_limit',
      'LaunchTemplateData.BlockDeviceMappings': each('block_device_mappings', {
        DeviceName: 'device_name',
        'Ebs.Encrypted': 'ebs.encrypted',
        'Ebs.KmsKeyId': 'ebs.kms_key_id',
      }),
      'LaunchTemplateData.NetworkInterfaces': each('network_interfaces', {
        AssociatePublicIpAddress: 'associate_public_ip_address',
        Groups: 'security_groups',
        SubnetId: 'subnet_id',
      }),
    },
  },
  aws_ebs_volume: {
    type: 'AWS::EC2::Volume',
    properties: {
      Encrypted: 'encrypted',
      KmsKeyId: 'kms_key_id',
      Size: 'size',
      VolumeType: 'type',
      Tags: tags,
    },
  },
  aws_security_group: {
    type: 'AWS::EC2::SecurityGroup',
    properties: {
      GroupName: 'name',
      GroupDescription: 'description',
      VpcId: 'vpc_id',
      SecurityGroupIngress: { from: 'ingress', as: 'rules' },
      SecurityGroupEgress: { from: 'egress', as: 'rules' },
      Tags: tags,
    },
  },
  aws_security_group_rule: { rule: 'by-type' },
  aws_vpc_security_group_ingress_rule: { rule: 'ingress' },
  aws_vpc_security_group_egress_rule: { rule: 'egress' },
  aws_vpc: {
    type: 'AWS::EC2::VPC',
    properties: { CidrBlock: 'cidr_block', EnableDnsHostnames: 'enable_dns_hostnames', Tags: tags },
  },
  aws_subnet: {
    type: 'AWS::EC2::Subnet',
    properties: {
      VpcId: 'vpc_id',
      CidrBlock: 'cidr_block',
      AvailabilityZone: 'availability_zone',
      MapPublicIpOnLaunch: 'map_public_ip_on_launch',
      AssignIpv6AddressOnCreation: 'assign_ipv6_address_on_creation',
      Tags: tags,
    },
  },
  aws_flow_log: {
    type: 'AWS::EC2::FlowLog',
    properties: {
      TrafficType: 'traffic_type',
      LogDestinationType: 'log_destination_type',
      LogDestination: 'log_destination',
      DeliverLogsPermissionArn: 'iam_role_arn',
      ResourceId: 'vpc_id',
    },
  },
  aws_ec2_transit_gateway: {
    type: 'AWS::EC2::TransitGateway',
    properties: { AutoAcceptSharedAttachments: 'auto_accept_shared_attachments', Tags: tags },
  },
  aws_lambda_function: {
    type: 'AWS::Lambda::Function',
    properties: {
      FunctionName: 'function_name',
      Handler: 'handler',
      Runtime: 'runtime',
      Role: 'role',
      Timeout: 'timeout',
      MemorySize: 'memory_size',
      PackageType: 'package_type',
      KmsKeyArn: 'kms_key_arn',
      CodeSigningConfigArn: 'code_signing_config_arn',
      ReservedConcurrentExecutions: 'reserved_concurrent_executions',
      'Environment.Variables': 'environment.variables',
      'VpcConfig.SubnetIds': 'vpc_config.subnet_ids',
      'VpcConfig.SecurityGroupIds': 'vpc_config.security_group_ids',
      'TracingConfig.Mode': 'tracing_config.mode',
      'DeadLetterConfig.TargetArn': 'dead_letter_config.target_arn',
      Tags: tags,
    },
  },
  aws_lambda_permission: {
    type: 'AWS::Lambda::Permission',
    properties: {
      Action: 'action',
      FunctionName: 'function_name',
      Principal: 'principal',
      SourceArn: 'source_arn',
      SourceAccount: 'source_account',
      PrincipalOrgID: 'principal_org_id',
      FunctionUrlAuthType: 'function_url_auth_type',
    },
  },
  aws_lambda_function_url: {
    type: 'AWS::Lambda::Url',
    properties: {
      AuthType: 'authorization_type',
      TargetFunctionArn: 'function_name',
      'Cors.AllowOrigins': 'cors.allow_origins',
      'Cors.AllowCredentials': 'cors.allow_credentials',
    },
  },
  aws_lb: {
    type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    properties: {
      Name: 'name',
      Scheme: { from: 'internal', words: { true: 'internal', false: 'internet-facing' } },
      Type: 'load_balancer_type',
      SecurityGroups: 'security_groups',
      Subnets: 'subnets',
      LoadBalancerAttributes: {
        pairs: {
          'access_logs.s3.enabled': 'access_logs.enabled',
          'access_logs.s3.bucket': 'access_logs.bucket',
          'connection_logs.s3.enabled': 'connection_logs.enabled',
          'deletion_protection.enabled': 'enable_deletion_protection',
          'routing.http.drop_invalid_header_fields.enabled': 'drop_invalid_header_fields',
          'routing.http.desync_mitigation_mode': 'desync_mitigation_mode',
        },
      },
      Tags: tags,
    },
  },
  aws_lb_listener: {
    type: 'AWS::ElasticLoadBalancingV2::Listener',
    properties: {
      LoadBalancerArn: 'load_balancer_arn',
      Port: 'port',
      Protocol: 'protocol',
      SslPolicy: 'ssl_policy',
      Certificates: each('certificate_arn', { CertificateArn: '' }),
      DefaultActions: each('default_action', {
        Type: 'type',
        TargetGroupArn: 'target_group_arn',
        'RedirectConfig.Protocol': 'redirect.protocol',
        'RedirectConfig.Port': 'redirect.port',
        'RedirectConfig.StatusCode': 'redirect.status_code',
      }),
    },
  },
  aws_elb: {
    type: 'AWS::ElasticLoadBalancing::LoadBalancer',
    properties: {
      Scheme: { from: 'internal', words: { true: 'internal', false: 'internet-facing' } },
      SecurityGroups: 'security_groups',
      Subnets: 'subnets',
      CrossZone: 'cross_zone_load_balancing',
      'AccessLoggingPolicy.Enabled': 'access_logs.enabled',
      'AccessLoggingPolicy.S3BucketName': 'access_logs.bucket',
      'ConnectionDrainingPolicy.Enabled': 'connection_draining',
      Listeners: each('listener', {
        InstancePort: 'instance_port',
        InstanceProtocol: 'instance_protocol',
        LoadBalancerPort: 'lb_port',
        Protocol: 'lb_protocol',
        SSLCertificateId: 'ssl_certificate_id',
      }),
      Tags: tags,
    },
  },
  aws_cloudfront_distribution: {
    type: 'AWS::CloudFront::Distribution',
    properties: {
      'DistributionConfig.Enabled': 'enabled',
      'DistributionConfig.WebACLId': 'web_acl_id',
      'DistributionConfig.DefaultRootObject': 'default_root_object',
      'DistributionConfig.Logging.Bucket': 'logging_config.bucket',
      'DistributionConfig.ViewerCertificate.MinimumProtocolVersion':
        'viewer_certificate.minimum_protocol_version',
      'DistributionConfig.ViewerCertificate.AcmCertificateArn': 'viewer_certificate.acm_certificate_arn',
      'DistributionConfig.ViewerCertificate.SslSupportMethod': 'viewer_certificate.ssl_support_method',
      'DistributionConfig.ViewerCertificate.CloudFrontDefaultCertificate':
        'viewer_certificate.cloudfront_default_certificate',
      'DistributionConfig.DefaultCacheBehavior.ViewerProtocolPolicy':
        'default_cache_behavior.viewer_protocol_policy',
      'DistributionConfig.DefaultCacheBehavior.TargetOriginId': 'default_cache_behavior.target_origin_id',
      'DistributionConfig.DefaultCacheBehavior.FieldLevelEncryptionId':
        'default_cache_behavior.field_level_encryption_id',
      'DistributionConfig.CacheBehaviors': each('ordered_cache_behavior', {
        PathPattern: 'path_pattern',
        ViewerProtocolPolicy: 'viewer_protocol_policy',
        TargetOriginId: 'target_origin_id',
      }),
      'DistributionConfig.Origins': each('origin', {
        Id: 'origin_id',
        DomainName: 'domain_name',
        OriginAccessControlId: 'origin_access_control_id',
        'S3OriginConfig.OriginAccessIdentity': 's3_origin_config.origin_access_identity',
        'CustomOriginConfig.OriginProtocolPolicy': 'custom_origin_config.origin_protocol_policy',
        'CustomOriginConfig.OriginSSLProtocols': 'custom_origin_config.origin_ssl_protocols',
      }),
      Tags: tags,
    },
  },
  aws_ecs_cluster: {
    type: 'AWS::ECS::Cluster',
    properties: {
      ClusterName: 'name',
      ClusterSettings: each('setting', { Name: 'name', Value: 'value' }),
      'Configuration.ExecuteCommandConfiguration.Logging':
        'configuration.execute_command_configuration.logging',
      Tags: tags,
    },
  },
  aws_ecs_service: {
    type: 'AWS::ECS::Service',
    properties: {
      LaunchType: 'launch_type',
      PlatformVersion: 'platform_version',
      EnableExecuteCommand: 'enable_execute_command',
      'NetworkConfiguration.AwsvpcConfiguration.Subnets': 'network_configuration.subnets',
      'NetworkConfiguration.AwsvpcConfiguration.SecurityGroups': 'network_configuration.security_groups',
      'NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp': {
        from: 'network_configuration.assign_public_ip',
        words: { true: 'ENABLED', false: 'DISABLED' },
      },
      Tags: tags,
    },
  },
  aws_ecs_task_definition: {
    type: 'AWS::ECS::TaskDefinition',
    properties: {
      Family: 'family',
      NetworkMode: 'network_mode',
      PidMode: 'pid_mode',
      IpcMode: 'ipc_mode',
      TaskRoleArn: 'task_role_arn',
      ExecutionRoleArn: 'execution_role_arn',
      RequiresCompatibilities: 'requires_compatibilities',
      ContainerDefinitions: { from: 'container_definitions', as: 'json-pascal' },
      Volumes: each('volume', {
        Name: 'name',
        'EFSVolumeConfiguration.FilesystemId': 'efs_volume_configuration.file_system_id',
        'EFSVolumeConfiguration.TransitEncryption': 'efs_volume_configuration.transit_encryption',
      }),
      Tags: tags,
    },
  },
  aws_eks_cluster: {
    type: 'AWS::EKS::Cluster',
    properties: {
      Name: 'name',
      Version: 'version',
      RoleArn: 'role_arn',
      'ResourcesVpcConfig.EndpointPublicAccess': 'vpc_config.endpoint_public_access',
      'ResourcesVpcConfig.EndpointPrivateAccess': 'vpc_config.endpoint_private_access',
      'ResourcesVpcConfig.PublicAccessCidrs': 'vpc_config.public_access_cidrs',
      'ResourcesVpcConfig.SubnetIds': 'vpc_config.subnet_ids',
      'ResourcesVpcConfig.SecurityGroupIds': 'vpc_config.security_group_ids',
      EncryptionConfig: each('encryption_config', {
        Resources: 'resources',
        'Provider.KeyArn': 'provider.key_arn',
      }),
      'Logging.ClusterLogging.EnabledTypes': each('enabled_cluster_log_types', { Type: '' }),
      Tags: tags,
    },
  },
  aws_ecr_repository: {
    type: 'AWS::ECR::Repository',
    properties: {
      RepositoryName: 'name',
      ImageTagMutability: 'image_tag_mutability',
      'ImageScanningConfiguration.ScanOnPush': 'image_scanning_configuration.scan_on_push',
      'EncryptionConfiguration.EncryptionType': 'encryption_configuration.encryption_type',
      'EncryptionConfiguration.KmsKey': 'encryption_configuration.kms_key',
      Tags: tags,
    },
  },
  aws_ecr_repository_policy: {
    into: ['aws_ecr_repository'],
    by: 'repository',
    properties: { RepositoryPolicyText: json('policy') },
  },
  aws_ecr_lifecycle_policy: {
    into: ['aws_ecr_repository'],
    by: 'repository',
    properties: { 'LifecyclePolicy.LifecyclePolicyText': 'policy' },
  },
  aws_api_gateway_rest_api: {
    type: 'AWS::ApiGateway::RestApi',
    properties: {
      Name: 'name',
      Policy: json('policy'),
      DisableExecuteApiEndpoint: 'disable_execute_api_endpoint',
      'EndpointConfiguration.Types': 'endpoint_configuration.types',
      Tags: tags,
    },
  },
  aws_api_gateway_stage: {
    type: 'AWS::ApiGateway::Stage',
    properties: {
      StageName: 'stage_name',
      RestApiId: 'rest_api_id',
      TracingEnabled: 'xray_tracing_enabled',
      CacheClusterEnabled: 'cache_cluster_enabled',
      ClientCertificateId: 'client_certificate_id',
      'AccessLogSetting.DestinationArn': 'access_log_settings.destination_arn',
      'AccessLogSetting.Format': 'access_log_settings.format',
      Tags: tags,
    },
  },
  aws_api_gateway_method: {
    type: 'AWS::ApiGateway::Method',
    properties: {
      AuthorizationType: 'authorization',
      AuthorizerId: 'authorizer_id',
      HttpMethod: 'http_method',
      ApiKeyRequired: 'api_key_required',
    },
  },
  aws_api_gateway_domain_name: {
    type: 'AWS::ApiGateway::DomainName',
    properties: { DomainName: 'domain_name', SecurityPolicy: 'security_policy' },
  },
  aws_apigatewayv2_stage: {
    type: 'AWS::ApiGatewayV2::Stage',
    properties: {
      StageName: 'name',
      ApiId: 'api_id',
      'AccessLogSettings.DestinationArn': 'access_log_settings.destination_arn',
      'AccessLogSettings.Format': 'access_log_settings.format',
    },
  },
  aws_apigatewayv2_route: {
    type: 'AWS::ApiGatewayV2::Route',
    properties: {
      AuthorizationType: 'authorization_type',
      RouteKey: 'route_key',
      AuthorizerId: 'authorizer_id',
    },
  },
};
