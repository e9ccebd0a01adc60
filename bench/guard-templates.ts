import type { Json } from '../src/model/json.ts';

/** Templates as teams write them: one service with its bucket, queue, database, function and network, in variations. */
export function benchTemplates(count: number): string[] {
  return Array.from({ length: count }, (_, index) => JSON.stringify(template(index)));
}

function template(index: number): Json {
  const strict = index % 2 === 0;
  const name = `service-${index}`;
  const resources: Record<string, Json> = {
    Bucket: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: name,
        ...(strict
          ? {
              PublicAccessBlockConfiguration: {
                BlockPublicAcls: true,
                BlockPublicPolicy: true,
                IgnorePublicAcls: true,
                RestrictPublicBuckets: true,
              },
              BucketEncryption: {
                ServerSideEncryptionConfiguration: [
                  {
                    ServerSideEncryptionByDefault: {
                      SSEAlgorithm: 'aws:kms',
                      KMSMasterKeyID: { Ref: 'Key' },
                    },
                  },
                ],
              },
              VersioningConfiguration: { Status: 'Enabled' },
              LoggingConfiguration: { DestinationBucketName: 'logs' },
            }
          : {}),
      },
    },
    Key: { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: strict, KeyPolicy: policy('kms:*') } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: { QueueName: name, ...(strict ? { KmsMasterKeyId: 'alias/q' } : {}) },
    },
    Database: {
      Type: 'AWS::RDS::DBInstance',
      Properties: {
        Engine: index % 3 === 0 ? 'mysql' : 'postgres',
        DBInstanceClass: 'db.t3.medium',
        StorageEncrypted: strict,
        MultiAZ: strict,
        PubliclyAccessible: !strict,
        BackupRetentionPeriod: 7,
        AutoMinorVersionUpgrade: true,
      },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: policy('sts:AssumeRole'),
        Policies: [{ PolicyName: 'p', PolicyDocument: policy(strict ? 's3:GetObject' : '*') }],
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: strict ? 'nodejs22.x' : 'nodejs12.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      },
    },
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: name,
        SecurityGroupIngress: [
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' },
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: strict ? '10.0.0.0/8' : '0.0.0.0/0' },
        ],
      },
    },
  };
  return { AWSTemplateFormatVersion: '2010-09-09', Resources: resources };
}

function policy(action: string): Json {
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: action, Resource: '*' },
    ],
  };
}
