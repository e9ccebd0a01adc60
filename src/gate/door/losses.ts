import type { ResourceChange } from '@aws-sdk/client-cloudformation';

/** A resource that holds what cannot be made again, and that a change set removes or makes anew. */
export interface Loss {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string | undefined;
  /** `conditional`: CloudFormation says that it depends on what is known later. */
  readonly how: 'removed' | 'replaced' | 'conditional';
  /** Properties whose change makes it anew. */
  readonly because: readonly string[];
}

/** Types whose resources hold data, keys, names or identities that others rely on. */
const STATEFUL = new Set([
  'AWS::ApiGateway::RestApi',
  'AWS::Backup::BackupVault',
  'AWS::CertificateManager::Certificate',
  'AWS::CloudFront::Distribution',
  'AWS::CloudTrail::Trail',
  'AWS::CodeCommit::Repository',
  'AWS::Cognito::IdentityPool',
  'AWS::Cognito::UserPool',
  'AWS::DAX::Cluster',
  'AWS::DocDB::DBCluster',
  'AWS::DocDB::DBInstance',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::EC2::EIP',
  'AWS::EC2::Instance',
  'AWS::EC2::KeyPair',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPC',
  'AWS::EC2::Volume',
  'AWS::ECR::Repository',
  'AWS::EFS::FileSystem',
  'AWS::EKS::Cluster',
  'AWS::ElastiCache::CacheCluster',
  'AWS::ElastiCache::ReplicationGroup',
  'AWS::ElastiCache::ServerlessCache',
  'AWS::Elasticsearch::Domain',
  'AWS::Events::Archive',
  'AWS::Events::EventBus',
  'AWS::FSx::FileSystem',
  'AWS::FSx::Volume',
  'AWS::Glue::Database',
  'AWS::Glue::Table',
  'AWS::IAM::AccessKey',
  'AWS::IAM::User',
  'AWS::KMS::Key',
  'AWS::KMS::ReplicaKey',
  'AWS::Kinesis::Stream',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lightsail::Database',
  'AWS::Lightsail::Disk',
  'AWS::Logs::LogGroup',
  'AWS::MSK::Cluster',
  'AWS::MemoryDB::Cluster',
  'AWS::Neptune::DBCluster',
  'AWS::Neptune::DBInstance',
  'AWS::OpenSearchServerless::Collection',
  'AWS::OpenSearchService::Domain',
  'AWS::QLDB::Ledger',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::RDS::GlobalCluster',
  'AWS::Redshift::Cluster',
  'AWS::RedshiftServerless::Namespace',
  'AWS::Route53::HostedZone',
  'AWS::S3::Bucket',
  'AWS::S3Express::DirectoryBucket',
  'AWS::S3Tables::TableBucket',
  'AWS::SDB::Domain',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
  'AWS::SSM::Parameter',
  'AWS::SageMaker::Domain',
  'AWS::SageMaker::NotebookInstance',
  'AWS::SecretsManager::Secret',
  'AWS::Timestream::Database',
  'AWS::Timestream::Table',
  'AWS::WorkSpaces::Workspace',
  // All that is in it goes with it.
  'AWS::CloudFormation::Stack',
]);

/** What is kept or saved by its own policies is no loss. */
export function lossesOf(changes: readonly ResourceChange[]): Loss[] {
  return changes.flatMap((change) => {
    const { LogicalResourceId: logicalId = '', ResourceType: type = '', PolicyAction: policy } = change;
    if (!STATEFUL.has(type) || /Retain|Snapshot/.test(policy ?? '')) return [];
    const how = fateOf(change);
    if (how === undefined) return [];
    const because = (change.Details ?? []).flatMap(({ Target }) =>
      Target?.RequiresRecreation === 'Never' || Target?.Name === undefined ? [] : [Target.Name],
    );
    return [{ logicalId, type, physicalId: change.PhysicalResourceId, how, because: [...new Set(because)] }];
  });
}

function fateOf({ Action, Replacement }: ResourceChange): Loss['how'] | undefined {
  if (Action === 'Remove') return 'removed';
  if (Action === 'Dynamic') return 'conditional';
  if (Action !== 'Modify' || Replacement === undefined || Replacement === 'False') return undefined;
  return Replacement === 'True' ? 'replaced' : 'conditional';
}

export function lossText({ logicalId, type, how, because }: Loss): string {
  const reason = because.length === 0 ? '' : `, because ${because.join(' and ')} changes`;
  const fate = {
    removed: 'would be removed',
    replaced: `would be replaced by a new one${reason}`,
    conditional: `may be replaced by a new one${reason}`,
  }[how];
  return `${logicalId} (${type}) ${fate}: what it holds would be lost`;
}
