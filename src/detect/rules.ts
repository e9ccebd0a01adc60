import { FORMATS } from '../formats/registry.ts';
import type { Problem, SourceText } from '../model/problem.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import { applyFilters, type FilterRule } from '../sigma/filter.ts';
import { parseSigma } from '../sigma/parse.ts';
import type { Placeholders } from '../sigma/placeholder.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { problemAtPath } from '../yaml/document.ts';
import { compileRuleSet, formatOf, type RuleSet, type UncompiledRules } from './rule-set.ts';

/** Reads and compiles rule files; what is wrong is left out and reported. */
export function buildRuleSet(sources: readonly SourceText[], placeholders: Placeholders): RuleSet {
  const read = readRules(sources);
  const compiled = compileRuleSet(read, placeholders);
  return { ...compiled, problems: [...read.problems, ...compiled.problems] };
}

interface ReadRules extends UncompiledRules {
  readonly problems: readonly Problem[];
}

function readRules(sources: readonly SourceText[]): ReadRules {
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
  const rules = filtered.rules.filter((rule) => {
    const known = formatOf(rule.logsource) !== undefined;
    if (!known) problems.push(unknownLogsource(rule));
    return known;
  });
  return { rules, correlations, problems };
}

function unknownLogsource(rule: SigmaRule): Problem {
  const services = [...FORMATS.values()].map(({ logsource }) => logsource.service);
  return problemAtPath(rule.document, ['logsource'], 'no log format of Cordon has this logsource', {
    at: 'key',
    expected: `product: aws, service: ${services.join(', ')}`,
  });
}
