import { FORMATS } from '../formats/registry.ts';
import type { Problem, SourceText } from '../model/problem.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import { applyFilters, type FilterRule } from '../sigma/filter.ts';
import { parseSigma } from '../sigma/parse.ts';
import { type Pipeline, pipelineAliases, processRules } from '../sigma/pipeline.ts';
import type { Placeholders } from '../sigma/placeholder.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { problemAtPath } from '../yaml/document.ts';
import {
  compileRuleSet,
  type FieldAliases,
  formatOf,
  type RuleSet,
  type UncompiledRules,
} from './rule-set.ts';

/**
 * Reads rule files, makes them into rules for the logs that are there, and compiles them; what is wrong
 * is left out and reported. `pipelines` are taken in the order in which they are given.
 */
export function buildRuleSet(
  sources: readonly SourceText[],
  placeholders: Placeholders,
  pipelines: readonly Pipeline[],
): RuleSet {
  const read = readRules(sources, pipelines);
  const compiled = compileRuleSet(read, placeholders);
  return { ...compiled, problems: [...read.problems, ...compiled.problems] };
}

interface ReadRules extends UncompiledRules {
  readonly problems: readonly Problem[];
}

function readRules(sources: readonly SourceText[], pipelines: readonly Pipeline[]): ReadRules {
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
  let processed = filtered.rules;
  for (const pipeline of pipelines) {
    const step = processRules(processed, [pipeline]);
    problems.push(...step.problems);
    processed = step.rules;
  }
  const rules = processed.filter((rule) => {
    const known = formatOf(rule.logsource) !== undefined;
    if (!known) problems.push(unknownLogsource(rule));
    return known;
  });
  return { rules, correlations, aliases: fieldAliases(pipelines), problems };
}

/**
 * What correlations, and tests of events without a rule, may call the fields of each format: each name
 * goes through all pipelines, and may then be one that all events have.
 */
export function fieldAliases(pipelines: readonly Pipeline[]): FieldAliases {
  return new Map(
    [...FORMATS.values()].map(({ name, common, logsource }) => {
      const steps = pipelines.map((pipeline) => pipelineAliases([pipeline], logsource));
      return [name, [...steps, common].reduce(inTurn, {})];
    }),
  );
}

type Names = Readonly<Record<string, string>>;

function inTurn(first: Names, second: Names): Names {
  const nameOf = (name: string): string => (Object.hasOwn(second, name) ? (second[name] ?? name) : name);
  const renamed = Object.entries(first).map(([name, meant]) => [name, nameOf(meant)]);
  return { ...second, ...Object.fromEntries(renamed) };
}

function unknownLogsource(rule: SigmaRule): Problem {
  const services = [...FORMATS.values()].map(({ logsource }) => logsource.service);
  return problemAtPath(rule.document, ['logsource'], 'no log format of Cordon has this logsource', {
    at: 'key',
    expected: `product: aws, service: ${services.join(', ')}`,
  });
}
