import type { Origin } from '../model/event.ts';
import type { Json } from '../model/json.ts';

/**
 * A call to an AWS API as CloudTrail tells of it.
 * Source: AWS CloudTrail User Guide, "CloudTrail record contents for management, data, and network activity events".
 */
export interface ApiCall {
  /** `eventID`. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Who answered, e.g. `ec2.amazonaws.com`. */
  readonly source: string;
  /** e.g. `AuthorizeSecurityGroupIngress`. */
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** `requestParameters` and `responseElements`; null where there are none. */
  readonly request: Json;
  readonly response: Json;
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
