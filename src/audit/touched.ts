import type { Subject } from '../model/subject.ts';

/** What a call did to one resource. */
export interface Touched {
  /** Named by its CloudFormation type and its Cloud Control identifier. */
  readonly subject: Subject;
  /** The resource that it is a part of and that has the tags, e.g. the bucket of a bucket policy. */
  readonly partOf?: Subject;
  readonly change: 'created' | 'changed' | 'deleted';
  /** Properties of the CloudFormation schema that the call may have changed; all, when it is empty. */
  readonly attributes: readonly string[];
}
