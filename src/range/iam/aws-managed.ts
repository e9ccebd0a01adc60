/**
 * Policies that AWS keeps in every account, by ARN: the ones that attackers attach, responders use and
 * examples name. Others do not exist in the range.
 * Source: AWS Managed Policy Reference Guide.
 */
export const AWS_MANAGED: ReadonlyMap<string, AwsManagedPolicy> = new Map(
  [
    managed('/', 'AdministratorAccess', 'v1', [allow('*')]),
    managed('/', 'PowerUserAccess', 'v12', [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      allow(
        'account:GetAccountInformation',
        'account:GetGovCloudAccountInformation',
        'account:GetPrimaryEmail',
        'account:ListRegions',
        'iam:CreateServiceLinkedRole',
        'iam:DeleteServiceLinkedRole',
        'iam:ListRoles',
        'organizations:DescribeEffectivePolicy',
        'organizations:DescribeOrganization',
      ),
    ]),
    managed('/', 'AWSDenyAll', 'v2', [{ Sid: 'DenyAll', Effect: 'Deny', Action: ['*'], Resource: '*' }]),
    managed('/', 'AWSCompromisedKeyQuarantineV3', 'v2', [
      { Effect: 'Deny', Action: quarantined(), Resource: ['*'] },
    ]),
    managed('/', 'IAMFullAccess', 'v2', [
      allow(
        'iam:*',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribePolicy',
        'organizations:ListChildren',
        'organizations:ListParents',
        'organizations:ListPoliciesForTarget',
        'organizations:ListRoots',
        'organizations:ListPolicies',
        'organizations:ListTargetsForPolicy',
      ),
    ]),
    managed('/', 'IAMReadOnlyAccess', 'v4', [
      allow(
        'iam:GenerateCredentialReport',
        'iam:GenerateServiceLastAccessedDetails',
        'iam:Get*',
        'iam:List*',
        'iam:SimulateCustomPolicy',
        'iam:SimulatePrincipalPolicy',
      ),
    ]),
    managed('/', 'IAMUserChangePassword', 'v2', [
      {
        Effect: 'Allow',
        Action: ['iam:ChangePassword'],
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
        Resource: ['arn:aws:iam::*:user/${aws:username}'],
      },
      allow('iam:GetAccountPasswordPolicy'),
    ]),
    managed('/', 'AmazonEC2ReadOnlyAccess', 'v2', [
      allow('ec2:Describe*', 'ec2:Get*'),
      allow('elasticloadbalancing:Describe*'),
      allow('cloudwatch:ListMetrics', 'cloudwatch:GetMetricStatistics', 'cloudwatch:Describe*'),
      allow('autoscaling:Describe*'),
    ]),
    managed('/', 'AmazonS3FullAccess', 'v2', [allow('s3:*', 's3-object-lambda:*')]),
    managed('/', 'AmazonS3ReadOnlyAccess', 'v3', [
      allow('s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'),
    ]),
    managed('/', 'AmazonSSMManagedInstanceCore', 'v2', [
      allow(
        'ssm:DescribeAssociation',
        'ssm:GetDeployablePatchSnapshotForInstance',
        'ssm:GetDocument',
        'ssm:DescribeDocument',
        'ssm:GetManifest',
        'ssm:GetParameter',
        'ssm:GetParameters',
        'ssm:ListAssociations',
        'ssm:ListInstanceAssociations',
        'ssm:PutInventory',
        'ssm:PutComplianceItems',
        'ssm:PutConfigurePackageResult',
        'ssm:UpdateAssociationStatus',
        'ssm:UpdateInstanceAssociationStatus',
        'ssm:UpdateInstanceInformation',
      ),
      allow(
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ),
      allow(
        'ec2messages:AcknowledgeMessage',
        'ec2messages:DeleteMessage',
        'ec2messages:FailMessage',
        'ec2messages:GetEndpoint',
        'ec2messages:GetMessages',
        'ec2messages:SendReply',
      ),
    ]),
    managed('/service-role/', 'AWSLambdaBasicExecutionRole', 'v1', [
      allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'),
    ]),
  ].map((policy) => [policy.arn, policy]),
);

export interface AwsManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly version: string;
  readonly document: string;
}

export function isAwsManaged(arn: string): boolean {
  return arn.startsWith('arn:aws:iam::aws:policy/');
}

function managed(path: string, name: string, version: string, statement: object[]): AwsManagedPolicy {
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statement });
  return { arn: `arn:aws:iam::aws:policy${path}${name}`, name, path, version, document };
}

function allow(...actions: string[]): object {
  return { Effect: 'Allow', Action: actions, Resource: '*' };
}

/** By service: it stops what costs money and what keeps an attacker in, and lets the rest go on. */
function quarantined(): string[] {
  const denied: Readonly<Record<string, string>> = {
    amplify: 'CreateBackendEnvironment CreateDeployment',
    bedrock:
      'CreateFoundationModelAgreement CreateModelInvocationJob InvokeModel InvokeModelWithResponseStream PutFoundationModelEntitlement',
    cloudtrail: 'LookupEvents',
    codebuild: 'CreateProject',
    ec2: 'AcceptReservedInstancesExchangeQuote CreateReservedInstancesListing PurchaseReservedInstancesOffering RequestSpotInstances RunInstances StartInstances',
    ecr: 'GetAuthorizationToken',
    ecs: 'CreateCluster CreateService RegisterTaskDefinition',
    glue: 'CreateJob',
    iam: 'AddUserToGroup AttachGroupPolicy AttachRolePolicy AttachUserPolicy ChangePassword CreateAccessKey CreateInstanceProfile CreateLoginProfile CreatePolicyVersion CreateRole CreateUser DeleteAccessKey DeleteRole DetachUserPolicy ListUsers PassRole PutGroupPolicy PutRolePolicy PutUserPermissionsBoundary PutUserPolicy SetDefaultPolicyVersion UpdateAccessKey UpdateAccountPasswordPolicy UpdateAssumeRolePolicy UpdateLoginProfile UpdateUser',
    lambda:
      'AddLayerVersionPermission AddPermission CreateFunction GetEventSourceMapping GetPolicy ListTags PutProvisionedConcurrencyConfig TagResource UntagResource UpdateFunctionCode',
    lightsail: 'Create* Delete* DownloadDefaultKeyPair GetInstanceAccessDetails Start* Update*',
    mediapackagev2: 'CreateChannel',
    organizations: 'CreateAccount CreateOrganization InviteAccountToOrganization',
    s3: 'CreateBucket DeleteBucket DeleteBucketPolicy DeleteObject DeleteObjectVersion GetObject ListAllMyBuckets ListBucket ObjectOwnerOverrideToBucketOwner PutAccountPublicAccessBlock PutBucketAcl PutBucketCors PutBucketOwnershipControls PutBucketPolicy PutLifecycleConfiguration',
    sagemaker: 'CreateEndpointConfig CreateProcessingJob',
    savingsplans: 'CreateSavingsPlan',
    ses: 'GetSendQuota ListIdentities',
    sns: 'GetSMSAttributes',
    sts: 'GetFederationToken GetSessionToken',
  };
  return Object.entries(denied).flatMap(([service, names]) =>
    names.split(' ').map((name) => `${service}:${name}`),
  );
}
