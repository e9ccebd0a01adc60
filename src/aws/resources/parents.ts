import type { Subject } from '../../model/subject.ts';

/** Types whose resources are a part of another one, with the type of that one. */
const PARENTS: Readonly<Record<string, string>> = {
  'AWS::S3::BucketPolicy': 'AWS::S3::Bucket',
  'AWS::SQS::QueueInlinePolicy': 'AWS::SQS::Queue',
  'AWS::SNS::TopicInlinePolicy': 'AWS::SNS::Topic',
  'AWS::SecretsManager::ResourcePolicy': 'AWS::SecretsManager::Secret',
  'AWS::SecretsManager::RotationSchedule': 'AWS::SecretsManager::Secret',
  'AWS::Lambda::Permission': 'AWS::Lambda::Function',
  'AWS::Lambda::Url': 'AWS::Lambda::Function',
  'AWS::EC2::NetworkAclEntry': 'AWS::EC2::NetworkAcl',
  'AWS::EC2::Route': 'AWS::EC2::RouteTable',
};

/**
 * What a resource without tags of its own is a part of: a bucket policy of its bucket. It is named by the
 * first part of the resource's identifier.
 */
export function parentOf(subject: Subject): Subject | undefined {
  const type = Object.hasOwn(PARENTS, subject.type) ? PARENTS[subject.type] : undefined;
  if (type === undefined) return undefined;
  const [id = ''] = subject.id.split('|');
  const name = /^arn:[^:]*:lambda:[^:]*:[^:]*:function:([^:]+)/.exec(id)?.[1];
  return { ...subject, type, id: name ?? id };
}
