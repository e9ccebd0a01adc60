import type { connectionOf } from './clients.ts';

type Configuration = ReturnType<typeof connectionOf> & {
  readonly maxAttempts: number;
  /** Only S3 knows it: the bucket in the path, as a simulated account has no names of hosts. */
  readonly forcePathStyle?: boolean;
  readonly disableHostPrefix?: boolean;
  /** Instead of the rules by which a service makes the host's name of what is asked for. */
  readonly endpointProvider?: () => { readonly url: URL };
};

/**
 * How the client of a service is made, by the service's name in IAM's permissions where it has one of its
 * own. Each part of the SDK is loaded when it is first asked for.
 */
const SERVICES = {
  autoscaling: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-auto-scaling')).AutoScaling(configuration),
  cloudcontrol: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-cloudcontrol')).CloudControl(configuration),
  cloudformation: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-cloudformation')).CloudFormation(configuration),
  cloudtrail: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-cloudtrail')).CloudTrail(configuration),
  cloudwatch: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-cloudwatch')).CloudWatch(configuration),
  config: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-config-service')).ConfigService(configuration),
  ec2: async (configuration: Configuration) => new (await import('@aws-sdk/client-ec2')).EC2(configuration),
  ecs: async (configuration: Configuration) => new (await import('@aws-sdk/client-ecs')).ECS(configuration),
  elasticloadbalancing: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-elastic-load-balancing-v2')).ElasticLoadBalancingV2(configuration),
  guardduty: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-guardduty')).GuardDuty(configuration),
  iam: async (configuration: Configuration) => new (await import('@aws-sdk/client-iam')).IAM(configuration),
  kms: async (configuration: Configuration) => new (await import('@aws-sdk/client-kms')).KMS(configuration),
  lambda: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-lambda')).Lambda(configuration),
  logs: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-cloudwatch-logs')).CloudWatchLogs(configuration),
  'network-firewall': async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-network-firewall')).NetworkFirewall(configuration),
  organizations: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-organizations')).Organizations(configuration),
  rds: async (configuration: Configuration) => new (await import('@aws-sdk/client-rds')).RDS(configuration),
  route53resolver: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-route53resolver')).Route53Resolver(configuration),
  s3: async (configuration: Configuration) => new (await import('@aws-sdk/client-s3')).S3(configuration),
  s3control: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-s3-control')).S3Control(configuration),
  secretsmanager: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-secrets-manager')).SecretsManager(configuration),
  sns: async (configuration: Configuration) => new (await import('@aws-sdk/client-sns')).SNS(configuration),
  sqs: async (configuration: Configuration) => new (await import('@aws-sdk/client-sqs')).SQS(configuration),
  ssm: async (configuration: Configuration) => new (await import('@aws-sdk/client-ssm')).SSM(configuration),
  sts: async (configuration: Configuration) => new (await import('@aws-sdk/client-sts')).STS(configuration),
  wafv2: async (configuration: Configuration) =>
    new (await import('@aws-sdk/client-wafv2')).WAFV2(configuration),
};

export type ServiceName = keyof typeof SERVICES;
export type ServiceClients = { [Name in ServiceName]: Awaited<ReturnType<(typeof SERVICES)[Name]>> };

export function openService<Name extends ServiceName>(
  name: Name,
  configuration: Configuration,
): Promise<ServiceClients[Name]> {
  return SERVICES[name](configuration) as Promise<ServiceClients[Name]>;
}
