import { z } from 'zod';
import { parseRange } from '../intel/address.ts';
import { addressSet } from '../intel/address-set.ts';
import type { Event } from '../model/event.ts';
import { failed, ok, type Problem, problemOfFile, type Result, type SourceText } from '../model/problem.ts';
import type { Placeholder, Placeholders } from '../sigma/placeholder.ts';
import { type Path, problemAtPath, type YamlDocument } from '../yaml/document.ts';
import { readYaml } from '../yaml/read.ts';
import { validate } from '../yaml/validate.ts';
import { eventsOf } from './rule-cases-events.ts';

/** The ending of a file of cases; the rest of its name is that of the rule file it stands beside. */
export const CASES_SUFFIX = '.events.yml';

/** Events that a rule must find, or must leave alone. */
export interface RuleCase {
  readonly name: string;
  readonly expected: 'match' | 'no_match';
  /** The rule that is meant, where the file has several. */
  readonly rule?: string;
  /** How often the rule must match exactly. */
  readonly count?: number;
  /** In the order of the file. */
  readonly events: readonly Event[];
  /** Where it stands in the document of cases. */
  readonly path: Path;
  /** 1-based line of it. */
  readonly line: number;
}

export interface RuleCases {
  readonly document: YamlDocument;
  readonly cases: readonly RuleCase[];
  /** What `%name%` stands for in these cases, whatever the configuration says. */
  readonly lists: Placeholders;
}

/** A case may make at most so many events, so that a slip of a digit does not fill the memory. */
const MOST_REPETITIONS = 10_000;

const repetition = {
  repeat: z.int().min(1).max(MOST_REPETITIONS).default(1),
  /** Between two repetitions. */
  every: z
    .string()
    .regex(/^\d+(s|m|h)$/, 'a duration such as 10s, 5m or 1h')
    .default('1s'),
};
const record = z.record(z.string(), z.unknown());
const what = {
  event: record.optional(),
  events: z.array(record).min(1).optional(),
  lines: z.string().optional(),
};
const step = z.strictObject({ ...what, ...repetition });
const ruleCase = z.strictObject({
  name: z.string().min(1),
  rule: z.string().optional(),
  count: z.int().min(0).optional(),
  /** Several sorts of events, one after the other. */
  sequence: z.array(step).min(1).optional(),
  ...what,
  ...repetition,
});
const schema = z.strictObject({
  lists: z.record(z.string(), z.array(z.union([z.string(), z.number()]))).default({}),
  match: z.array(ruleCase).min(1),
  no_match: z.array(ruleCase).min(1),
});

const KINDS = ['event', 'events', 'lines'] as const;

/** Reads the cases beside a rule; an event that no log format knows is a problem with its place. */
export function parseRuleCases(source: SourceText): Result<RuleCases> {
  const read = readYaml(source);
  if (!read.ok) return read;
  const [document] = read.value;
  if (document === undefined || read.value.length > 1)
    return failed([problemOfFile(source.file, 'a file of cases is one YAML document')]);
  const checked = validate(document, schema);
  if (!checked.ok) return checked;
  const problems: Problem[] = [];
  const cases = (['match', 'no_match'] as const).flatMap((expected) =>
    checked.value[expected].map((one, index): RuleCase => {
      const path = [expected, index];
      const { name, rule, count, sequence } = one;
      const { line } = problemAtPath(document, [...path, 'name'], '', { at: 'key' });
      const steps = sequence?.map((part, at) => ({ part, path: [...path, 'sequence', at] })) ?? [
        { part: one, path },
      ];
      if (sequence !== undefined && KINDS.some((kind) => one[kind] !== undefined)) {
        problems.push(
          problemAtPath(document, [...path, 'sequence'], 'a sequence has its events in its parts', {
            at: 'key',
          }),
        );
      }
      const events = steps.flatMap(({ part, path: at }) => eventsOf(document, part, at, problems));
      return {
        name,
        expected,
        events,
        path,
        line,
        ...(rule === undefined ? {} : { rule }),
        ...(count === undefined ? {} : { count }),
      };
    }),
  );
  if (problems.length > 0) return failed(problems);
  const lists = new Map(
    Object.entries(checked.value.lists).map(([name, values]) => [name, placeholderOf(values)]),
  );
  return ok({ document, cases, lists });
}

/** A list of addresses and networks is looked up; any other is a list of values. */
function placeholderOf(values: readonly (string | number)[]): Placeholder {
  const networks = values.filter((value) => typeof value === 'string' && parseRange(value) !== undefined);
  return networks.length === values.length && values.length > 0
    ? { kind: 'lookup', find: addressSet(networks.map(String)).find }
    : { kind: 'values', values };
}
