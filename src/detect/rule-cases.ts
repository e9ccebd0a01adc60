import { z } from 'zod';
import { decodeJson, detectingDecoder } from '../formats/detected.ts';
import { parseRange } from '../intel/address.ts';
import { addressSet } from '../intel/address-set.ts';
import type { Event, Origin } from '../model/event.ts';
import { failed, ok, type Problem, type Result, type SourceText } from '../model/problem.ts';
import type { Placeholder, Placeholders } from '../sigma/placeholder.ts';
import { type Path, problemAtPath, readYaml, type YamlDocument } from '../yaml/document.ts';
import { validate } from '../yaml/validate.ts';

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

type Step = z.output<typeof step>;

/** Reads the cases beside a rule; an event that no log format knows is a problem with its place. */
export function parseRuleCases(source: SourceText): Result<RuleCases> {
  const read = readYaml(source);
  if (!read.ok) return read;
  const [document] = read.value;
  if (document === undefined || read.value.length > 1)
    return failed([problemAtPath(wholeOf(source), [], 'a file of cases is one YAML document')]);
  const checked = validate(document, schema);
  if (!checked.ok) return checked;
  const problems: Problem[] = [];
  const cases = (['match', 'no_match'] as const).flatMap((expected) =>
    checked.value[expected].map((one, index): RuleCase => {
      const path = [expected, index];
      const { name, rule, count, sequence } = one;
      const { line } = problemAtPath(document, [...path, 'name'], '', { at: 'key' });
      const steps = sequence?.map((part, at) => ({ part, path: [...path, 'sequence', at] }));
      const events = (steps ?? [{ part: one, path }]).flatMap(({ part, path }) =>
        eventsOf(document, part, path, problems),
      );
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

function eventsOf(document: YamlDocument, part: Step, path: Path, problems: Problem[]): Event[] {
  const { event, events, lines, repeat, every } = part;
  const given = [event, events, lines].filter((one) => one !== undefined).length;
  if (given !== 1) {
    problems.push(
      problemAtPath(document, [...path, 'name'], given === 0 ? 'no event' : 'more than one kind of event', {
        expected: 'one of event, events, lines',
        at: 'key',
      }),
    );
    return [];
  }
  const texts = lines === undefined ? (events ?? [event]).map((one) => JSON.stringify(one)) : [lines];
  const key = event !== undefined ? 'event' : events !== undefined ? 'events' : 'lines';
  const origin: Origin = {
    source: document.source.file,
    offset: 0,
    line: problemAtPath(document, [...path, key], '', { at: 'key' }).line,
  };
  const made: Event[] = [];
  for (let number = 1; number <= repeat; number++) {
    for (const text of texts) {
      const numbered = repeat === 1 ? text : withNumber(text, number);
      for (const decoded of decode(numbered, key === 'lines', origin)) {
        if (decoded.kind === 'event')
          made.push({ ...decoded.event, time: decoded.event.time + (number - 1) * milliseconds(every) });
        else if (decoded.kind === 'bad') {
          problems.push(
            problemAtPath(document, [...path, key], `the event cannot be read: ${decoded.record.reason}`),
          );
          return [];
        }
      }
    }
  }
  if (made.length === 0) problems.push(problemAtPath(document, [...path, key], 'there is no event in it'));
  return made;
}

function* decode(text: string, isLines: boolean, origin: Origin) {
  if (!isLines) {
    yield* decodeJson(text, origin);
    return;
  }
  const decoder = detectingDecoder(origin.source);
  for (const [index, line] of text.split('\n').entries()) yield* decoder.line(line, 0, index + 1);
}

/** `{n}` is the number of the repetition, from 1; `{n+100}` is that number and 100. */
function withNumber(text: string, number: number): string {
  return text.replace(/\{n(?:\+(\d{1,6}))?\}/g, (_, more = '0') => String(number + Number(more)));
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function milliseconds(duration: string): number {
  return Number(duration.slice(0, -1)) * (UNITS[duration.slice(-1)] ?? 0);
}

function wholeOf(source: SourceText): YamlDocument {
  return { source, value: undefined, root: null };
}
