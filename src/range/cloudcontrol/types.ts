import type { ResourceType } from './resource-type.ts';
import { ALARM } from './types/alarm.ts';
import { QUEUE_POLICY, TOPIC_POLICY } from './types/attached-policies.ts';
import { BUCKET } from './types/bucket.ts';
import { BUCKET_POLICY } from './types/bucket-policy.ts';
import { DB_INSTANCE } from './types/db-instance.ts';
import { DETECTOR } from './types/detector.ts';
import { FLOW_LOG } from './types/flow-log.ts';
import { FUNCTION } from './types/function.ts';
import { FUNCTION_PERMISSION } from './types/function-permission.ts';
import { FUNCTION_URL } from './types/function-url.ts';
import { GROUP } from './types/iam/group.ts';
import { INLINE_POLICY } from './types/iam/inline-policy.ts';
import { INSTANCE_PROFILE } from './types/iam/instance-profile.ts';
import { MANAGED_POLICY } from './types/iam/managed-policy.ts';
import { ROLE } from './types/iam/role.ts';
import { USER } from './types/iam/user.ts';
import { QUEUE_INLINE_POLICY, SECRET_POLICY, TOPIC_INLINE_POLICY } from './types/inline-policies.ts';
import { INSTANCE } from './types/instance.ts';
import { KEY } from './types/key.ts';
import { LOG_GROUP } from './types/log-group.ts';
import { QUEUE } from './types/queue.ts';
import { SECRET } from './types/secret.ts';
import { SECURITY_GROUP } from './types/security-group.ts';
import { TOPIC } from './types/topic.ts';
import { TRAIL } from './types/trail.ts';

/** The types whose resources a service of the range has, by name. */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map<string, ResourceType>([
  ['AWS::CloudTrail::Trail', TRAIL],
  ['AWS::CloudWatch::Alarm', ALARM],
  ['AWS::EC2::FlowLog', FLOW_LOG],
  ['AWS::EC2::Instance', INSTANCE],
  ['AWS::EC2::SecurityGroup', SECURITY_GROUP],
  ['AWS::GuardDuty::Detector', DETECTOR],
  ['AWS::IAM::Group', GROUP],
  ['AWS::IAM::InstanceProfile', INSTANCE_PROFILE],
  ['AWS::IAM::ManagedPolicy', MANAGED_POLICY],
  ['AWS::IAM::Policy', INLINE_POLICY],
  ['AWS::IAM::Role', ROLE],
  ['AWS::IAM::User', USER],
  ['AWS::KMS::Key', KEY],
  ['AWS::Lambda::Function', FUNCTION],
  ['AWS::Lambda::Permission', FUNCTION_PERMISSION],
  ['AWS::Lambda::Url', FUNCTION_URL],
  ['AWS::Logs::LogGroup', LOG_GROUP],
  ['AWS::RDS::DBInstance', DB_INSTANCE],
  ['AWS::S3::Bucket', BUCKET],
  ['AWS::S3::BucketPolicy', BUCKET_POLICY],
  ['AWS::SNS::Topic', TOPIC],
  ['AWS::SNS::TopicInlinePolicy', TOPIC_INLINE_POLICY],
  ['AWS::SNS::TopicPolicy', TOPIC_POLICY],
  ['AWS::SQS::Queue', QUEUE],
  ['AWS::SQS::QueueInlinePolicy', QUEUE_INLINE_POLICY],
  ['AWS::SQS::QueuePolicy', QUEUE_POLICY],
  ['AWS::SecretsManager::ResourcePolicy', SECRET_POLICY],
  ['AWS::SecretsManager::Secret', SECRET],
]);
