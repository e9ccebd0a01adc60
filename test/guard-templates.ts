import type { Json } from '../src/model/json.ts';

const bucket = (properties: Json): Json => ({
  Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: properties } },
});

/** Documents that rules meet besides tidy templates: payloads of hooks, empty and odd ones. */
export const TEMPLATES: readonly Json[] = [
  {},
  { Resources: {} },
  { Resources: { Odd: { Type: 'AWS::S3::Bucket' } } },
  { Resources: { Odd: { Properties: {} } } },
  { AWSTemplateFormatVersion: '2010-09-09' },
  { 'AWS::S3::Bucket': { resourceProperties: { BucketName: 'b', AccessControl: 'PublicRead' } } },
  { 'AWS::RDS::DBInstance': { resourceProperties: { Engine: 'mysql', StorageEncrypted: 'true' } } },
  {
    'AWS::EC2::SecurityGroup': {
      resourceProperties: { SecurityGroupIngress: [{ CidrIp: '0.0.0.0/0', FromPort: 22, ToPort: 22 }] },
    },
  },
  bucket({}),
  bucket({ PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: 'true' } }),
  bucket({ publicAccessBlockConfiguration: { blockPublicAcls: true } }),
  bucket({
    BucketEncryption: {
      'Fn::If': ['Prod', { ServerSideEncryptionConfiguration: [] }, { Ref: 'AWS::NoValue' }],
    },
  }),
  bucket({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
    },
  }),
  bucket({
    LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 30 }] },
    VersioningConfiguration: { Status: 'Enabled' },
  }),
  {
    Parameters: { Engine: { Type: 'String', Default: 'postgres' } },
    Resources: {
      Database: {
        Type: 'AWS::RDS::DBInstance',
        Properties: {
          Engine: { Ref: 'Engine' },
          MultiAZ: true,
          StorageEncrypted: { Ref: 'Encrypted' },
          DBSubnetGroupName: 'g',
        },
      },
      Cluster: { Type: 'AWS::RDS::DBCluster', Properties: { Engine: 'aurora-mysql', BacktrackWindow: 60 } },
      Group: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          SecurityGroupIngress: { IpProtocol: '-1', CidrIpv6: '::/0' },
          SecurityGroupEgress: [
            { IpProtocol: 'tcp', FromPort: '443', ToPort: 443, CidrIp: { 'Fn::Sub': '10.0.0.0/8' } },
          ],
        },
      },
      Policy: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          PolicyDocument: {
            Statement: {
              Effect: 'Allow',
              Action: ['s3:*', 'ec2:Describe*'],
              Resource: ['*'],
              Condition: { Bool: { 'aws:SecureTransport': 'true' } },
            },
          },
        },
      },
    },
  },
];
