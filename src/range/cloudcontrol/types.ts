import type { ResourceType } from './resource-type.ts';
import { BUCKET } from './types/bucket.ts';
import { BUCKET_POLICY } from './types/bucket-policy.ts';
import { DETECTOR } from './types/detector.ts';
import { LOG_GROUP } from './types/log-group.ts';
import { QUEUE } from './types/queue.ts';
import { SECURITY_GROUP } from './types/security-group.ts';
import { TOPIC } from './types/topic.ts';
import { TRAIL } from './types/trail.ts';

/** The types whose resources a service of the range has, by name. */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map<string, ResourceType>([
  ['AWS::CloudTrail::Trail', TRAIL],
  ['AWS::EC2::SecurityGroup', SECURITY_GROUP],
  ['AWS::GuardDuty::Detector', DETECTOR],
  ['AWS::Logs::LogGroup', LOG_GROUP],
  ['AWS::S3::Bucket', BUCKET],
  ['AWS::S3::BucketPolicy', BUCKET_POLICY],
  ['AWS::SNS::Topic', TOPIC],
  ['AWS::SQS::Queue', QUEUE],
]);
