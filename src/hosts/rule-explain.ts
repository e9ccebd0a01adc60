import { existsSync } from 'node:fs';
import { correlationMatches } from '../detect/rule-cases-correlate.ts';
import { type DiagnosisLine, diagnosisLines } from '../detect/rule-cases-explain.ts';
import { asDetected, compiledFor, findingRules } from '../detect/rule-cases-run.ts';
import { buildRuleSet, type RuleSet } from '../detect/rules.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { addressSet } from '../intel/address-set.ts';
import type { BadRecord, Event, Origin } from '../model/event.ts';
import { failed, InputError, ok, type Problem, type Result } from '../model/problem.ts';
import type { Placeholders } from '../sigma/placeholder.ts';
import { inputsOf, readInput } from '../sources/inputs.ts';
import { nearest } from '../yaml/nearest.ts';
import { yamlFiles } from './setup.ts';

export interface RuleExplanation {
  readonly id: string;
  readonly title: string;
  readonly correlation: boolean;
  readonly matches: number;
  readonly events: number;
  /** Of a correlation: the rules that feed it. */
  readonly fed: readonly { readonly id: string; readonly matches: number }[];
  readonly explained: readonly ExplainedEvent[];
}

export interface ExplainedEvent {
  readonly rule: string;
  readonly time: number;
  readonly origin: Origin;
  readonly raw: string;
  readonly lines: readonly DiagnosisLine[];
}

/** The rules that a person named: those of a file, or one by its id. */
export interface NamedRules {
  readonly set: RuleSet;
  readonly ids: readonly string[];
}

export function namedRules(
  name: string,
  paths: readonly string[],
  placeholders: Placeholders,
): Result<NamedRules> {
  const problems: Problem[] = [];
  const isFile = existsSync(name);
  const sources = (isFile ? [name] : paths).flatMap((path) => yamlFiles(path, problems));
  const set = buildRuleSet(sources, placeholders);
  problems.push(...set.problems);
  if (problems.length > 0) return failed(problems);
  if (isFile) return ok({ set, ids: findingRules(set).map(({ id }) => id) });
  const ids = [...set.rules, ...set.correlations].map(({ id }) => id);
  if (ids.includes(name)) return ok({ set, ids: [name] });
  const near = nearest(name, ids);
  throw new InputError(`there is no rule ${name}${near === undefined ? '' : `; did you mean ${near}?`}`);
}

export interface ExplainOptions extends DecodeOptions {
  /** Networks that are ours. */
  readonly networks: readonly string[];
  /** Events to explain, at most. */
  readonly limit: number;
  readonly tellBad: (record: BadRecord) => void;
}

/** Reads events and says of each what became of every part of the rules. */
export async function explainRules(
  { set, ids }: NamedRules,
  eventFile: string,
  { networks, limit, tellBad, flowLogFormat }: ExplainOptions,
): Promise<RuleExplanation[]> {
  const context = { ownNetworks: addressSet(networks) };
  const events: Event[] = [];
  for (const path of inputsOf([eventFile])) {
    for await (const chunk of readInput(path, { flowLogFormat })) {
      events.push(...chunk.events.map((event) => asDetected(event, context)));
      chunk.badRecords.forEach(tellBad);
    }
  }
  return ids.map((id) => explain(set, id, events, limit));
}

function explain(set: RuleSet, id: string, events: readonly Event[], limit: number): RuleExplanation {
  const correlation = set.correlations.find((one) => one.id === id);
  const feeding = correlation === undefined ? [id] : feedingRules(set, correlation.rules);
  const countOf = (rule: string): number =>
    events.filter((event) => compiledFor(set, rule, event)?.matches(event) === true).length;
  const explained = events.slice(0, limit).flatMap((event) =>
    feeding.flatMap((rule): ExplainedEvent[] => {
      const compiled = compiledFor(set, rule, event);
      if (compiled === undefined) return [];
      const { time, origin, raw } = event;
      return [{ rule, time, origin, raw, lines: diagnosisLines(compiled.diagnose(event)) }];
    }),
  );
  return {
    id,
    title: correlation?.title ?? set.rules.find((rule) => rule.id === id)?.title ?? id,
    correlation: correlation !== undefined,
    matches: correlation === undefined ? countOf(id) : correlationMatches(set, correlation, events),
    events: events.length,
    fed: correlation === undefined ? [] : feeding.map((rule) => ({ id: rule, matches: countOf(rule) })),
    explained,
  };
}

/** Ids of the rules at the bottom of a correlation of correlations. */
function feedingRules(set: RuleSet, references: readonly string[], above: readonly string[] = []): string[] {
  const found = references.flatMap((reference) => {
    if (above.includes(reference)) return [];
    const named = ({ id, name }: { readonly id: string; readonly name?: string }): boolean =>
      id === reference || name === reference;
    const rule = set.rules.find(named);
    if (rule !== undefined) return [rule.id];
    return feedingRules(set, set.correlations.find(named)?.rules ?? [], [...above, reference]);
  });
  return [...new Set(found)];
}
