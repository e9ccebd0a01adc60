import type { Format } from '../formats/format.ts';
import { FORMATS } from '../formats/registry.ts';
import type { Problem } from '../model/problem.ts';
import { type PlannedCorrelation, planCorrelations } from '../sigma/correlation-plan.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import { fieldsBySource } from '../sigma/correlator.ts';
import type { Placeholders } from '../sigma/placeholder.ts';
import type { Logsource, SigmaRule } from '../sigma/rule.ts';
import { compileRules, type RuleIndex } from '../sigma/rule-index.ts';

/** Other names of the fields of formats, by the format's name: rules had theirs replaced when they were read. */
export type FieldAliases = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Rules as they were read, for the logs that are there. */
export interface UncompiledRules {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly aliases: FieldAliases;
}

/** Rules ready to run, by the format they are for. */
export interface RuleSet {
  readonly byFormat: ReadonlyMap<string, RuleIndex>;
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly PlannedCorrelation[];
  readonly aliases: FieldAliases;
  /** Ids of the rules and correlations that only serve a correlation: what they match is no finding. */
  readonly quiet: ReadonlySet<string>;
  /** The fields that correlations look at, by the id of the rule that serves them. */
  readonly serving: ReadonlyMap<string, ReadonlySet<string>>;
  readonly problems: readonly Problem[];
}

/** The format that a logsource means. */
export function formatOf({ product, service }: Logsource): Format | undefined {
  return [...FORMATS.values()].find(
    ({ logsource: known }) => known.product === product && known.service === service,
  );
}

/** Compiles rules; one that cannot be is left out and reported. */
export function compileRuleSet(
  { rules, correlations, aliases }: UncompiledRules,
  placeholders: Placeholders,
): RuleSet {
  const ofFormat = Map.groupBy(rules, ({ logsource }) => formatOf(logsource));
  const byFormat = new Map<string, RuleIndex>();
  for (const [format, those] of ofFormat) {
    if (format === undefined) continue;
    byFormat.set(format.name, compileRules(those, { placeholders, aliases: format.common }));
  }
  const indexes = [...byFormat.values()];
  const compiled = new Set(indexes.flatMap((index) => index.rules.map(({ rule }) => rule)));
  const usable = rules.filter((rule) => compiled.has(rule));
  const plan = planCorrelations(correlations, usable);
  return {
    byFormat,
    rules: usable,
    correlations: plan.correlations,
    aliases,
    quiet: plan.quiet,
    serving: fieldsBySource(plan.correlations),
    problems: [...indexes.flatMap(({ problems }) => problems), ...plan.problems],
  };
}
