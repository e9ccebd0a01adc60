import type { ActionGroup } from '../../actions/action.ts';

export interface GuardrailSettings {
  /** A subject with one of these tags is never touched; `KEY` or `KEY=VALUE`. */
  readonly protectedTags: readonly string[];
  /** Account ids whose resources are never touched. */
  readonly protectedAccounts: readonly string[];
  /** ARNs, ids and names that are never touched; `*` and `?` stand for any characters and any one. */
  readonly protectedResources: readonly string[];
  /** How many responses may begin within an hour. */
  readonly responsesPerHour: number;
  readonly limits: readonly LimitSettings[];
  /** Percent of the instances of an Auto Scaling group or target group that may be lost within a day. */
  readonly groupShare: number | false;
  /** When nothing that cannot be undone happens by itself. */
  readonly quietHours: readonly QuietHours[];
  /** Whether what cannot be undone needs two people; or only these actions. */
  readonly twoPersons: boolean | readonly string[];
  /** Hours that a person has to answer, and that an answer holds. */
  readonly approvalExpires: number;
  /** When a rule finds so much more than usual that it is asked about. */
  readonly noisyRule: NoisyRuleSettings | false;
}

export const LIMITED = ['responses', 'account', 'rule', 'irreversible', 'group', 'action'] as const;

export interface LimitSettings {
  /**
   * What is counted: responses; responses in each account or by each rule; steps that cannot be undone;
   * steps of each action group or of each action.
   */
  readonly of: (typeof LIMITED)[number];
  /** Only of this account, rule, group or action. */
  readonly only?: ActionGroup | string | undefined;
  readonly per: 'hour' | 'day';
  readonly max: number;
}

/** A window of every day, or of some days, on the clocks of a place. Times are `HH:MM`. */
export interface QuietHours {
  readonly from: string;
  /** Before `from`: the next day. */
  readonly to: string;
  /** An IANA time zone. */
  readonly zone: string;
  /** The days on which it begins; absent: every day. */
  readonly days?: readonly Weekday[] | undefined;
}

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface NoisyRuleSettings {
  /** So many times its usual number, within an hour or a day. */
  readonly factor: number;
  /** Fewer cases than this are never too many. */
  readonly minimum: number;
}
