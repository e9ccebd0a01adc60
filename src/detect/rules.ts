import { type Format, fieldAliases } from '../formats/format.ts';
import { FORMATS } from '../formats/registry.ts';
import type { Problem, SourceText } from '../model/problem.ts';
import { type CompiledRule, compileRule } from '../sigma/compile.ts';
import { type PlannedCorrelation, planCorrelations } from '../sigma/correlation-plan.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import { applyFilters, type FilterRule } from '../sigma/filter.ts';
import { parseSigma } from '../sigma/parse.ts';
import type { Placeholders } from '../sigma/placeholder.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { problemAtPath } from '../yaml/document.ts';

/** Rules ready to run, by the format they are for. */
export interface RuleSet {
  readonly byFormat: ReadonlyMap<string, readonly CompiledRule[]>;
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly PlannedCorrelation[];
  /** Ids of the rules and correlations that only serve a correlation: what they match is no finding. */
  readonly quiet: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

export function buildRuleSet(sources: readonly SourceText[], placeholders: Placeholders): RuleSet {
  const parsed: SigmaRule[] = [];
  const correlations: CorrelationRule[] = [];
  const filters: FilterRule[] = [];
  const problems: Problem[] = [];
  const ids = new Map<string, string>();
  const isFirst = (rule: SigmaRule | CorrelationRule): boolean => {
    const twin = ids.get(rule.id);
    if (twin === undefined) {
      ids.set(rule.id, rule.document.source.file);
      return true;
    }
    problems.push(problemAtPath(rule.document, ['id'], `the id ${rule.id} is taken by ${twin}`));
    return false;
  };
  for (const source of sources) {
    const read = parseSigma(source);
    problems.push(...read.problems);
    parsed.push(...read.rules.filter(isFirst));
    correlations.push(...read.correlations.filter(isFirst));
    filters.push(...read.filters);
  }
  const filtered = applyFilters(parsed, filters);
  problems.push(...filtered.problems);
  const byFormat = new Map<string, CompiledRule[]>();
  const rules: SigmaRule[] = [];
  for (const rule of filtered.rules) {
    const format = formatOf(rule);
    if (format === undefined) {
      problems.push(
        problemAtPath(rule.document, ['logsource'], 'no log format of Cordon has this logsource', {
          at: 'key',
          expected: `product: aws, service: ${[...FORMATS.values()].map((known) => known.logsource.service).join(', ')}`,
        }),
      );
      continue;
    }
    const compiled = compileRule(rule, { placeholders, aliases: fieldAliases(format) });
    if (!compiled.ok) {
      problems.push(...compiled.problems);
      continue;
    }
    rules.push(rule);
    byFormat.set(format.name, [...(byFormat.get(format.name) ?? []), compiled.value]);
  }
  const plan = planCorrelations(correlations, rules);
  problems.push(...plan.problems);
  return { byFormat, rules, correlations: plan.correlations, quiet: plan.quiet, problems };
}

function formatOf({ logsource }: SigmaRule): Format | undefined {
  return [...FORMATS.values()].find(
    ({ logsource: known }) => known.product === logsource.product && known.service === logsource.service,
  );
}
