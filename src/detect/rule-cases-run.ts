import { VPC_FLOW } from '../formats/vpc-flow/record.ts';
import type { AddressSet } from '../intel/address-set.ts';
import type { Event } from '../model/event.ts';
import type { Level } from '../model/finding.ts';
import { failed, ok, type Problem, type Result } from '../model/problem.ts';
import type { CompiledRule } from '../sigma/compile.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { problemAtPath, type YamlDocument } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import { enrichFlow } from './flow.ts';
import type { RuleCase, RuleCases } from './rule-cases.ts';
import { correlationMatches } from './rule-cases-correlate.ts';
import { type DiagnosisLine, decisiveLines } from './rule-cases-explain.ts';
import type { RuleSet } from './rule-set.ts';

export interface CaseContext {
  /** Networks that are ours: they say which way traffic of a flow log went. */
  readonly ownNetworks: AddressSet;
}

export interface CaseResult extends Pick<RuleCase, 'name' | 'expected' | 'line'> {
  readonly rule: string;
  readonly passed: boolean;
  /** How often the rule matched. */
  readonly matches: number;
  readonly events: number;
  /** What was wrong, in one sentence; '' when nothing was. */
  readonly message: string;
  /** The branches that decided on the first event that decided wrongly; empty when the case passed. */
  readonly why: readonly DiagnosisLine[];
}

/** A rule or a correlation that makes findings. */
export interface FindingRule {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly tags: readonly string[];
  readonly description?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly document: YamlDocument;
}

/** What makes findings: rules and correlations that do not only serve others. */
export function findingRules({ rules, correlations, quiet }: RuleSet): FindingRule[] {
  return [...rules, ...correlations.map(({ rule }) => rule)].filter(({ id }) => !quiet.has(id));
}

/** The rule itself, or those at the bottom of a correlation. */
export function servingRules(set: RuleSet, id: string): SigmaRule[] {
  const correlation = set.correlations.find(({ rule }) => rule.id === id);
  if (correlation === undefined) return set.rules.filter((rule) => rule.id === id);
  return [...new Set(correlation.sources.flatMap((source) => servingRules(set, source)))];
}

/** Runs cases on the rules they are beside. A case that does not say which of several rules it is for is a problem. */
export function runRuleCases(
  set: RuleSet,
  candidates: readonly FindingRule[],
  { document, cases }: RuleCases,
  context: CaseContext,
): Result<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const one of cases) {
    const rule =
      one.rule === undefined && candidates.length === 1
        ? candidates[0]
        : candidates.find(({ id }) => id === one.rule);
    if (rule === undefined) return failed([unknownRule(document, one, candidates)]);
    results.push(runCase(set, rule, one, context));
  }
  return ok(results);
}

function runCase(set: RuleSet, rule: FindingRule, one: RuleCase, context: CaseContext): CaseResult {
  const events = one.events.map((event) => asDetected(event, context));
  const { name, expected, line } = one;
  const outcome = isCorrelation(set, rule.id)
    ? correlationOutcome(set, rule.id, events)
    : ruleOutcome(set, rule.id, events, expected);
  const { matches, least } = outcome;
  const wanted = expected === 'no_match' ? 0 : one.count;
  const passed = wanted === undefined ? matches >= least : matches === wanted;
  const should = wanted === 0 ? 'none' : (wanted ?? `at least ${least}`);
  return {
    name,
    expected,
    line,
    rule: rule.id,
    passed,
    matches,
    events: events.length,
    message: passed ? '' : `${rule.id} matched ${outcome.did}, and should match ${should}`,
    why: passed ? [] : outcome.why(),
  };
}

interface Outcome {
  readonly matches: number;
  readonly did: string;
  /** Matches that a case wants which does not count them. */
  readonly least: number;
  readonly why: () => DiagnosisLine[];
}

function ruleOutcome(
  set: RuleSet,
  id: string,
  events: readonly Event[],
  expected: RuleCase['expected'],
): Outcome {
  const matching = events.filter((event) => compiledFor(set, id, event)?.matches(event) === true);
  return {
    matches: matching.length,
    did: `${matching.length} of ${events.length} events`,
    least: events.length,
    why: () => {
      const wrong = events.find((event) => matching.includes(event) === (expected === 'no_match'));
      const compiled = wrong === undefined ? undefined : compiledFor(set, id, wrong);
      if (wrong === undefined) return [];
      if (compiled !== undefined) return decisiveLines(compiled.diagnose(wrong));
      return [{ depth: 0, matched: false, text: `the rule is not for events of the format ${wrong.format}` }];
    },
  };
}

function correlationOutcome(set: RuleSet, id: string, events: readonly Event[]): Outcome {
  const matches = correlationMatches(set, id, events);
  return {
    matches,
    did: `${matches} times on ${events.length} events`,
    least: 1,
    why: () => servingLines(set, events),
  };
}

export function isCorrelation({ correlations }: RuleSet, id: string): boolean {
  return correlations.some(({ rule }) => rule.id === id);
}

/** What each rule that serves the correlation matched. */
function servingLines(set: RuleSet, events: readonly Event[]): DiagnosisLine[] {
  return [...set.byFormat].flatMap(([format, { rules }]) =>
    rules.map((compiled) => {
      const count = events.filter((event) => event.format === format && compiled.matches(event)).length;
      return {
        depth: 0,
        matched: count > 0,
        text: `${compiled.rule.id} matched ${count} of ${events.length} events`,
      };
    }),
  );
}

/** As the watch sees an event of which EC2 knows nothing. */
export function asDetected(event: Event, { ownNetworks }: CaseContext): Event {
  return event.format === VPC_FLOW ? enrichFlow(event, { facts: undefined, ownNetworks }) : event;
}

export function compiledFor(set: RuleSet, id: string, { format }: Event): CompiledRule | undefined {
  return set.byFormat.get(format)?.rules.find(({ rule }) => rule.id === id);
}

function unknownRule(
  document: YamlDocument,
  { rule, path }: RuleCase,
  candidates: readonly FindingRule[],
): Problem {
  const ids = candidates.map(({ id }) => id);
  return rule === undefined
    ? problemAtPath(
        document,
        [...path, 'name'],
        `the case does not say which of ${ids.length} rules it is for`,
        {
          at: 'key',
          expected: `rule: ${ids.join(' or ')}`,
        },
      )
    : problemAtPath(document, [...path, 'rule'], `the rule file makes no findings as ${rule}`, {
        expected: ids.join(', '),
        fix: nearest(rule, ids),
      });
}
