import { proveTouches } from '../../../test/touches.ts';
import { EFS, KINESIS, OPENSEARCH, REDSHIFT } from './data-stores.ts';

const FILES = 'AWS::EFS::FileSystem fs-0a1b2c3d4e5f60718';
const files = { fileSystemId: 'fs-0a1b2c3d4e5f60718' };

proveTouches(EFS, [
  ['CreateFileSystem', { creationToken: 'home', encrypted: false }, files, `created ${FILES}`],
  ['PutFileSystemPolicy', { ...files, policy: '{}' }, null, `changed ${FILES} [FileSystemPolicy]`],
  ['DeleteFileSystemPolicy', files, null, `changed ${FILES} [FileSystemPolicy]`],
  [
    'PutBackupPolicy',
    { ...files, backupPolicy: { status: 'DISABLED' } },
    null,
    `changed ${FILES} [BackupPolicy]`,
  ],
  ['DeleteFileSystem', files, null, `deleted ${FILES}`],
]);

const DOMAIN = 'AWS::OpenSearchService::Domain search';
const domain = { domainName: 'search' };

proveTouches(OPENSEARCH, [
  ['CreateDomain', { ...domain, engineVersion: 'OpenSearch_2.19' }, null, `created ${DOMAIN}`],
  ['UpdateDomainConfig', { ...domain, accessPolicies: '{}' }, null, `changed ${DOMAIN}`],
  ['DeleteDomain', domain, null, `deleted ${DOMAIN}`],
]);

const WAREHOUSE = 'AWS::Redshift::Cluster warehouse';
const warehouse = { clusterIdentifier: 'warehouse' };

proveTouches(REDSHIFT, [
  [
    'CreateCluster',
    { clusterIdentifier: 'Warehouse', publiclyAccessible: true },
    null,
    `created ${WAREHOUSE}`,
  ],
  ['ModifyCluster', { ...warehouse, publiclyAccessible: true }, null, `changed ${WAREHOUSE}`],
  ['EnableLogging', { ...warehouse, bucketName: 'logs' }, null, `changed ${WAREHOUSE} [LoggingProperties]`],
  ['DisableLogging', warehouse, null, `changed ${WAREHOUSE} [LoggingProperties]`],
  ['DeleteCluster', { ...warehouse, skipFinalClusterSnapshot: true }, null, `deleted ${WAREHOUSE}`],
]);

const STREAM = 'AWS::Kinesis::Stream clicks';
const encryption = { streamName: 'clicks', encryptionType: 'KMS', keyId: 'alias/aws/kinesis' };

proveTouches(KINESIS, [
  ['CreateStream', { streamName: 'clicks', shardCount: 1 }, null, `created ${STREAM}`],
  ['StartStreamEncryption', encryption, null, `changed ${STREAM} [StreamEncryption]`],
  ['StopStreamEncryption', encryption, null, `changed ${STREAM} [StreamEncryption]`],
  [
    'DeleteStream',
    { streamARN: 'arn:aws:kinesis:eu-west-1:123456789012:stream/clicks' },
    null,
    `deleted ${STREAM}`,
  ],
]);
