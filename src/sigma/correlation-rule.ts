import type { Level } from '../model/finding.ts';
import type { YamlDocument } from '../yaml/document.ts';
import type { Condition } from './condition.ts';

/** Source: Sigma correlation rules specification, "Correlation Types"; the metrics are of version 2.1. */
export const CORRELATION_TYPES = [
  'event_count',
  'value_count',
  'temporal',
  'temporal_ordered',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export const LIMITS = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;
export type Limit = (typeof LIMITS)[number];

/** A correlation of the matches of other rules. Source: Sigma correlation rules specification. */
export interface CorrelationRule {
  readonly id: string;
  readonly name?: string;
  readonly title: string;
  readonly level: Level;
  readonly status?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly type: CorrelationType;
  /** Ids or names of rules and correlations, in the order that `temporal_ordered` wants. */
  readonly rules: readonly string[];
  /** Fields, or aliases of them. */
  readonly groupBy: readonly string[];
  readonly timespanMs: number;
  /** By alias, and by the rule (id or name) whose events have the field. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Bounds of the count or the metric; all must hold. */
  readonly limits: readonly { readonly limit: Limit; readonly value: number }[];
  /** Which rules must be there together: only of temporal correlations. */
  readonly condition?: Condition;
  /** The fields whose values are counted or measured; several are counted as one. */
  readonly fields: readonly string[];
  /** Of `value_percentile`, between 0 and 100. */
  readonly percentile: number;
  /** Whether the rules it names stay rules of their own. */
  readonly generate: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly document: YamlDocument;
}
