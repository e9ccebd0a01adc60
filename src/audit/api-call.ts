import type { Origin } from '../model/event.ts';
import type { Json } from '../model/json.ts';

/**
 * A call to an AWS API as CloudTrail tells of it.
 * Source: AWS CloudTrail User Guide, "CloudTrail record contents for management, data, and network activity events".
 */
export interface ApiCall {
  /** `eventID`. */
  readonly id: string;
  /** `sharedEventID`: the same call in the trails of two accounts has the same one. */
  readonly sharedId?: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Who answered, e.g. `ec2.amazonaws.com`. */
  readonly source: string;
  /** As the record has it, e.g. `AuthorizeSecurityGroupIngress`; `operationName` is without a version. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** `requestParameters` and `responseElements`; null where there are none. */
  readonly request: Json;
  readonly response: Json;
  /** `resources`: ARNs, and the accounts that own them; null where there are none. */
  readonly resources: Json;
  /** Set for a call that failed: it changed nothing. */
  readonly errorCode?: string;
  readonly readOnly: boolean;
  /** `userIdentity` as it came. */
  readonly identity: Json;
  /** Where the call came from: an address, or the name of an AWS service. */
  readonly from?: string;
  readonly userAgent?: string;
  readonly raw: string;
  readonly origin: Origin;
}

/** Sources whose events may carry the version of the API in their name. */
const VERSIONED = new Set(['lambda.amazonaws.com', 'cloudfront.amazonaws.com']);

/** `AddPermission` of `AddPermission20150331v2`. Source: AWS Lambda Developer Guide, "Logging AWS Lambda API calls using AWS CloudTrail". */
export function operationName({ source, name }: Pick<ApiCall, 'source' | 'name'>): string {
  return VERSIONED.has(source) ? name.replace(/20\d\d_?\d\d_?\d\d(?:v\d+)?$/, '') : name;
}
