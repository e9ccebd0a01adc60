import { changed, created, deleted, type TouchTable } from './touch.ts';

const FILES = 'AWS::EFS::FileSystem';
const files = 'request.fileSystemId';

/** Source: Amazon EFS User Guide, "Logging Amazon EFS API calls with AWS CloudTrail". */
export const EFS: TouchTable = {
  source: 'elasticfilesystem.amazonaws.com',
  calls: {
    CreateFileSystem: [created(FILES, 'response.fileSystemId')],
    PutFileSystemPolicy: [changed(FILES, files, ['FileSystemPolicy'])],
    DeleteFileSystemPolicy: [changed(FILES, files, ['FileSystemPolicy'])],
    PutBackupPolicy: [changed(FILES, files, ['BackupPolicy'])],
    DeleteFileSystem: [deleted(FILES, files)],
  },
};

const DOMAIN = 'AWS::OpenSearchService::Domain';

/** Source: Amazon OpenSearch Service Developer Guide, "Monitoring Amazon OpenSearch Service API calls with AWS CloudTrail". */
export const OPENSEARCH: TouchTable = {
  source: 'es.amazonaws.com',
  calls: {
    CreateDomain: [created(DOMAIN, 'request.domainName')],
    UpdateDomainConfig: [changed(DOMAIN, 'request.domainName')],
    DeleteDomain: [deleted(DOMAIN, 'request.domainName')],
  },
};

const WAREHOUSE = 'AWS::Redshift::Cluster';
const warehouse = '{request.clusterIdentifier:lower}';

/** Source: Amazon Redshift Management Guide, "Logging with CloudTrail". */
export const REDSHIFT: TouchTable = {
  source: 'redshift.amazonaws.com',
  calls: {
    CreateCluster: [created(WAREHOUSE, warehouse)],
    ModifyCluster: [changed(WAREHOUSE, warehouse)],
    EnableLogging: [changed(WAREHOUSE, warehouse, ['LoggingProperties'])],
    DisableLogging: [changed(WAREHOUSE, warehouse, ['LoggingProperties'])],
    DeleteCluster: [deleted(WAREHOUSE, warehouse)],
  },
};

const STREAM = 'AWS::Kinesis::Stream';
const stream = ['request.streamName', '{request.streamARN:last-part}'];

/** Source: Amazon Kinesis Data Streams Developer Guide, "Logging Amazon Kinesis Data Streams API calls with AWS CloudTrail". */
export const KINESIS: TouchTable = {
  source: 'kinesis.amazonaws.com',
  calls: {
    CreateStream: [created(STREAM, stream)],
    StartStreamEncryption: [changed(STREAM, stream, ['StreamEncryption'])],
    StopStreamEncryption: [changed(STREAM, stream, ['StreamEncryption'])],
    DeleteStream: [deleted(STREAM, stream)],
  },
};
