/**
 * Actions that make, change and remove resources, as short as a service control policy needs them; what
 * applications do with the data in the resources is not among them. Source: AWS Service Authorization
 * Reference.
 */
const WRITES: Readonly<Record<string, string>> = {
  acm: 'Delete* Import* Request*',
  apigateway: 'DELETE PATCH POST PUT',
  autoscaling: 'Attach* Create* Delete* Put* Update*',
  backup: 'Create* Delete* Put* Update*',
  cloudfront: 'Create* Delete* Update*',
  cloudtrail: 'Create* Delete* Put* Stop* Update*',
  'cognito-idp': 'CreateUserPool* DeleteUserPool* UpdateUserPool*',
  config: 'Delete* Put* Stop*',
  dynamodb:
    'CreateTable DeleteTable DeleteResourcePolicy PutResourcePolicy UpdateContinuousBackups UpdateTable',
  ec2: 'Allocate* Associate* Attach* Authorize* Create* Delete* Detach* Disassociate* Modify* Release* Replace* Revoke* RunInstances',
  ecr: 'CreateRepository DeleteRepository* Put*Configuration SetRepositoryPolicy',
  ecs: 'CreateCluster CreateService Delete* RegisterTaskDefinition UpdateCluster* UpdateService',
  eks: 'Associate* Create* Delete* Update*',
  elasticache: 'Create* Delete* Modify*',
  elasticfilesystem: 'Create* Delete* Put* Update*',
  elasticloadbalancing: 'Add* Create* Delete* Modify* Set*',
  es: 'Create* Delete* Update*',
  events: 'CreateEventBus Delete* PutPermission PutRule PutTargets Remove*',
  guardduty: 'Create* Delete* Disassociate* Update*',
  iam: 'Add* Attach* Create* Delete* Detach* Put* Remove* Set* Update* Upload*',
  kinesis: 'CreateStream DeleteStream Stop* Update*',
  kms: 'Create* Disable* Put* Schedule* Update*',
  lambda: 'Add* Create* Delete* Publish* Put* Remove* Update*',
  logs: 'DeleteLogGroup DeleteRetentionPolicy PutResourcePolicy PutRetentionPolicy PutSubscriptionFilter',
  rds: 'Authorize* Create* Delete* Modify* Restore*',
  redshift: 'Authorize* Create* Delete* Modify*',
  route53: 'Associate* Change* Create* Delete* Update*',
  s3: 'CreateAccessPoint* CreateBucket DeleteBucket* PutAccessPointPolicy PutAccountPublicAccessBlock PutBucket* PutEncryptionConfiguration PutLifecycleConfiguration PutReplicationConfiguration',
  secretsmanager: 'CreateSecret DeleteResourcePolicy DeleteSecret PutResourcePolicy UpdateSecret',
  securityhub: 'Delete* Disable* Update*',
  sns: 'AddPermission CreateTopic DeleteTopic SetTopicAttributes',
  sqs: 'AddPermission CreateQueue DeleteQueue SetQueueAttributes',
  ssm: 'CreateDocument DeleteDocument ModifyDocumentPermission UpdateDocument*',
  states: 'CreateStateMachine DeleteStateMachine UpdateStateMachine',
  wafv2: 'Create* Delete* Disassociate* Update*',
};

export const CONTROL_PLANE: readonly string[] = Object.entries(WRITES).flatMap(([service, actions]) =>
  actions.split(' ').map((action) => `${service}:${action}`),
);
