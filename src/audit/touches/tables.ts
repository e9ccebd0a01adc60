import { CLOUDFRONT } from './cloudfront.ts';
import { CLOUDTRAIL } from './cloudtrail.ts';
import { CONFIG } from './config.ts';
import { ECR, ECS, EKS } from './containers.ts';
import { EFS, KINESIS, OPENSEARCH, REDSHIFT } from './data-stores.ts';
import { DYNAMODB } from './dynamodb.ts';
import { EC2_COMPUTE } from './ec2-compute.ts';
import { EC2_FIREWALL } from './ec2-firewall.ts';
import { EC2_NETWORK } from './ec2-network.ts';
import { ELB } from './elb.ts';
import { GUARDDUTY } from './guardduty.ts';
import { IAM } from './iam.ts';
import { KMS } from './kms.ts';
import { LAMBDA } from './lambda.ts';
import { CLOUD_CONTROL, CODEBUILD, SSM } from './management.ts';
import { SNS, SQS } from './messaging.ts';
import { CLOUDWATCH, EVENTS, LOGS } from './monitoring.ts';
import { ORGANIZATIONS } from './organizations.ts';
import { RDS } from './rds.ts';
import { S3 } from './s3.ts';
import { SECRETS_MANAGER } from './secrets-manager.ts';
import type { TouchTable } from './touch.ts';

/** Every table; those of one source have no call in common. */
export const TOUCH_TABLES: readonly TouchTable[] = [
  IAM,
  EC2_FIREWALL,
  EC2_NETWORK,
  EC2_COMPUTE,
  S3,
  RDS,
  KMS,
  CLOUDTRAIL,
  CONFIG,
  GUARDDUTY,
  LAMBDA,
  ECS,
  EKS,
  ECR,
  SECRETS_MANAGER,
  SNS,
  SQS,
  DYNAMODB,
  ELB,
  CLOUDFRONT,
  ORGANIZATIONS,
  CLOUDWATCH,
  LOGS,
  EVENTS,
  EFS,
  OPENSEARCH,
  REDSHIFT,
  KINESIS,
  CLOUD_CONTROL,
  SSM,
  CODEBUILD,
];
