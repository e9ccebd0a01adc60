import type { ServiceName } from '../aws/services.ts';
import type { Json } from '../model/json.ts';
import type { Subject } from '../model/subject.ts';
import type { ApiCall } from './api-call.ts';

/** A call that takes something back. */
export interface BackCall {
  readonly service: ServiceName;
  /** As the API names it, e.g. `RevokeSecurityGroupIngress`. */
  readonly operation: string;
  readonly input: Json;
  /** Error codes that mean that it is so already. */
  readonly already?: readonly string[];
}

/** How a change is taken back. */
export type WayBack =
  | {
      readonly kind: 'calls';
      readonly calls: readonly BackCall[];
      /** What they do, for a person. */
      readonly does: string;
    }
  /** It cannot be: `instead` is what a person can do, with commands. */
  | { readonly kind: 'none'; readonly why: string; readonly instead: readonly string[] }
  /** It could be if more were known: a person is asked. */
  | { readonly kind: 'unknown'; readonly why: string };

/** The resource in its CloudFormation schema; absent when it is not known, null when there was none. */
export interface States {
  /** As it was before the call: the last state that the store knows. */
  readonly before?: Json;
  /** As it is now. */
  readonly after?: Json;
}

/** The exact and minimal way back of one API call. */
export interface Inverse {
  readonly source: string;
  /** The operation, without a version. */
  readonly name: string;
  /** CloudFormation type of the resource whose states it is planned from. */
  readonly type: string;
  /** IAM actions that the way back needs. */
  readonly permissions: readonly string[];
  /** `subject` is the one of the touched resources that is meant, where a call touches several. */
  plan(call: ApiCall, states: States, subject?: Subject): WayBack;
}
