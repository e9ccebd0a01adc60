import { existsSync } from 'node:fs';
import { correlationMatches } from '../detect/rule-cases-correlate.ts';
import { type DiagnosisLine, diagnosisLines } from '../detect/rule-cases-explain.ts';
import {
  asDetected,
  compiledFor,
  findingRules,
  isCorrelation,
  servingRules,
} from '../detect/rule-cases-run.ts';
import type { RuleSet } from '../detect/rule-set.ts';
import { buildRuleSet } from '../detect/rules.ts';
import type { DecodeOptions } from '../formats/detected.ts';
import { decodedOf } from '../formats/stretch.ts';
import { addressSet } from '../intel/address-set.ts';
import type { BadRecord, Event, Origin } from '../model/event.ts';
import { failed, InputError, ok, type Problem, type Result } from '../model/problem.ts';
import type { Pipeline } from '../sigma/pipeline.ts';
import type { Placeholders } from '../sigma/placeholder.ts';
import { inputsOf, readInput } from '../sources/inputs.ts';
import { nearest } from '../yaml/nearest.ts';
import { yamlFiles } from './yaml-files.ts';

export interface RuleExplanation {
  readonly id: string;
  readonly title: string;
  readonly correlation: boolean;
  readonly matches: number;
  readonly events: number;
  /** Of a correlation: the rules that serve it. */
  readonly served: readonly { readonly id: string; readonly matches: number }[];
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
  pipelines: readonly Pipeline[],
): Result<NamedRules> {
  const problems: Problem[] = [];
  const isFile = existsSync(name);
  const sources = (isFile ? [name] : paths).flatMap((path) => yamlFiles(path, problems));
  const set = buildRuleSet(sources, placeholders, pipelines);
  problems.push(...set.problems);
  if (problems.length > 0) return failed(problems);
  if (isFile) return ok({ set, ids: findingRules(set).map(({ id }) => id) });
  const ids = allRules(set).map(({ id }) => id);
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
    for await (const { stretch } of readInput(path, { flowLogFormat })) {
      for (const decoded of decodedOf(stretch)) {
        if (decoded.kind === 'event') events.push(asDetected(decoded.event, context));
        else if (decoded.kind === 'bad') tellBad(decoded.record);
      }
    }
  }
  return ids.map((id) => explain(set, id, events, limit));
}

function explain(set: RuleSet, id: string, events: readonly Event[], limit: number): RuleExplanation {
  const correlation = isCorrelation(set, id);
  const serving = servingRules(set, id).map((rule) => rule.id);
  const countOf = (rule: string): number =>
    events.filter((event) => compiledFor(set, rule, event)?.matches(event) === true).length;
  const explained = events.slice(0, limit).flatMap((event) =>
    serving.flatMap((rule): ExplainedEvent[] => {
      const compiled = compiledFor(set, rule, event);
      if (compiled === undefined) return [];
      const { time, origin, raw } = event;
      return [{ rule, time, origin, raw, lines: diagnosisLines(compiled.diagnose(event)) }];
    }),
  );
  return {
    id,
    title: allRules(set).find((rule) => rule.id === id)?.title ?? id,
    correlation,
    matches: correlation ? correlationMatches(set, id, events) : countOf(id),
    events: events.length,
    served: correlation ? serving.map((rule) => ({ id: rule, matches: countOf(rule) })) : [],
    explained,
  };
}

function allRules({ rules, correlations }: RuleSet): { readonly id: string; readonly title: string }[] {
  return [...rules, ...correlations.map(({ rule }) => rule)];
}
