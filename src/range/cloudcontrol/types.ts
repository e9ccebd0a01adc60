import type { ResourceType } from './resource-type.ts';
import { BUCKET } from './types/bucket.ts';
import { QUEUE } from './types/queue.ts';
import { SECURITY_GROUP } from './types/security-group.ts';

/** The types whose resources a service of the range has, by name. */
export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map<string, ResourceType>([
  ['AWS::EC2::SecurityGroup', SECURITY_GROUP],
  ['AWS::S3::Bucket', BUCKET],
  ['AWS::SQS::Queue', QUEUE],
]);
