import { type ApiCall, operationName } from '../api-call.ts';
import { memberOf, textOf } from '../members.ts';
import type { Inverse } from '../way-back.ts';
import { CLOUDTRAIL_INVERSES } from './cloudtrail.ts';
import { ELB_INVERSES, SSM_INVERSES } from './delivery.ts';
import { CONFIG_INVERSES, GUARDDUTY_INVERSES } from './detection.ts';
import { EC2_COMPUTE_INVERSES } from './ec2-compute.ts';
import { EC2_FIREWALL_INVERSES } from './ec2-firewall.ts';
import { EC2_NETWORK_INVERSES } from './ec2-network.ts';
import { IAM_CREDENTIALS } from './iam-credentials.ts';
import { IAM_BOUNDARIES, IAM_OWNERS, IAM_ROLES } from './iam-owners.ts';
import { KMS_INVERSES } from './kms.ts';
import { LAMBDA_INVERSES } from './lambda.ts';
import { SNS_INVERSES, SQS_INVERSES } from './messaging.ts';
import { CLOUDWATCH_INVERSES, LOGS_INVERSES } from './monitoring.ts';
import { ORGANIZATIONS_INVERSES } from './organizations.ts';
import { RDS_INVERSES } from './rds.ts';
import { S3_INVERSES } from './s3.ts';
import { SECRETS_MANAGER_INVERSES } from './secrets-manager.ts';

/** Every line; a call that touches resources of two types has a line for each. */
export const INVERSES: readonly Inverse[] = [
  ...IAM_OWNERS,
  ...IAM_BOUNDARIES,
  ...IAM_ROLES,
  ...IAM_CREDENTIALS,
  ...EC2_FIREWALL_INVERSES,
  ...EC2_NETWORK_INVERSES,
  ...EC2_COMPUTE_INVERSES,
  ...S3_INVERSES,
  ...RDS_INVERSES,
  ...KMS_INVERSES,
  ...CLOUDTRAIL_INVERSES,
  ...CONFIG_INVERSES,
  ...GUARDDUTY_INVERSES,
  ...LAMBDA_INVERSES,
  ...SECRETS_MANAGER_INVERSES,
  ...SNS_INVERSES,
  ...SQS_INVERSES,
  ...CLOUDWATCH_INVERSES,
  ...LOGS_INVERSES,
  ...ORGANIZATIONS_INVERSES,
  ...ELB_INVERSES,
  ...SSM_INVERSES,
];

const BY_CALL = Map.groupBy(INVERSES, ({ source, name }) => `${source} ${name}`);

/**
 * The exact way back of a call, for the type of resource that is meant where it is given; undefined for a
 * call that no line knows, or that is none of the kind of resource that its line is for.
 */
export function inverseOf(call: ApiCall, type?: string): Inverse | undefined {
  const lines = BY_CALL.get(`${call.source} ${operationName(call)}`) ?? [];
  if (type !== undefined) return lines.find((line) => line.type === type);
  return lines.length > 1 ? lines.find((line) => line.type === meantType(call)) : lines[0];
}

/** What a call that may be for one of two types is for, by its parameters. */
function meantType({ source, request }: ApiCall): string | undefined {
  switch (source) {
    case 's3.amazonaws.com':
      return textOf(request, 'bucketName') === undefined
        ? 'AWS::S3::AccountPublicAccessBlock'
        : 'AWS::S3::Bucket';
    case 'sns.amazonaws.com':
      return textOf(request, 'attributeName') === 'Policy'
        ? 'AWS::SNS::TopicInlinePolicy'
        : 'AWS::SNS::Topic';
    case 'sqs.amazonaws.com':
      return memberOf(request, 'attributes.Policy') === undefined
        ? 'AWS::SQS::Queue'
        : 'AWS::SQS::QueueInlinePolicy';
    default:
      return undefined;
  }
}
