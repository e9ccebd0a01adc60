import type { Origin } from './event.ts';
import type { Mode } from './incident.ts';
import type { Json } from './json.ts';
import type { Subject } from './subject.ts';

/** A resource at one moment, in its CloudFormation schema. */
export interface ResourceState {
  readonly subject: Subject;
  /** When it was read, milliseconds since the epoch. */
  readonly at: number;
  /** Null where there was no such resource. */
  readonly properties: Json;
  /** Ids of the policies that it failed; empty when it was compliant. */
  readonly failing: readonly string[];
  /** The changes that were the reason to read it. */
  readonly changes: readonly string[];
}

/** What one API call did to one resource, from when it is heard of until it is judged. */
export interface ResourceChange {
  /** CloudTrail's `eventID`. */
  readonly id: string;
  readonly subject: Subject;
  /** The resource that it is a part of and that has the tags, e.g. the bucket of a bucket policy. */
  readonly partOf?: Subject;
  readonly change: 'created' | 'changed' | 'deleted';
  /** Properties of the schema that it may have changed; all, when it is empty. */
  readonly attributes: readonly string[];
  /** When it happened and when it was heard of, milliseconds since the epoch. */
  readonly at: number;
  readonly notedAt: number;
  /** e.g. `ec2:AuthorizeSecurityGroupIngress`. */
  readonly call: string;
  /** Who did it, for a person. */
  readonly by: string;
  readonly from?: string;
  readonly state: 'waiting' | 'judged' | 'rolled-back';
  /** Once it is judged: the rules and policies that want it undone. */
  readonly against: readonly string[];
  /** The strongest mode in which one of them wants it undone. */
  readonly wanted?: Mode;
  /** The record as CloudTrail wrote it. */
  readonly raw: string;
  readonly origin: Origin;
}
