import type { Decoded } from '../formats/decoder.ts';
import { detectingDecoder, jsonDecoder } from '../formats/detected.ts';
import type { Event, Origin } from '../model/event.ts';
import type { Problem } from '../model/problem.ts';
import { type Path, problemAtPath, type YamlDocument } from '../yaml/document.ts';

/** Events as a case writes them: one of the three, and how often it happens. */
export interface WrittenEvents {
  readonly event?: Readonly<Record<string, unknown>> | undefined;
  readonly events?: readonly Readonly<Record<string, unknown>>[] | undefined;
  /** Lines of a log, with its header where it has one. */
  readonly lines?: string | undefined;
  readonly repeat: number;
  /** Between two repetitions: `10s`, `5m` or `1h`. */
  readonly every: string;
}

/** The events at a place of the document; one that no log format knows is a problem. */
export function eventsOf(
  document: YamlDocument,
  { event, events, lines, repeat, every }: WrittenEvents,
  path: Path,
  problems: Problem[],
): Event[] {
  const given = Object.entries({ event, events, lines }).filter(([, value]) => value !== undefined);
  const [kind] = given[0] ?? [];
  if (kind === undefined || given.length > 1) {
    problems.push(
      problemAtPath(
        document,
        [...path, 'name'],
        kind === undefined ? 'no event' : 'more than one kind of event',
        {
          expected: 'one of event, events, lines',
          at: 'key',
        },
      ),
    );
    return [];
  }
  const place = [...path, kind];
  const { line } = problemAtPath(document, place, '', { at: 'key' });
  const origin: Origin = { source: document.source.file, offset: 0, line };
  const found: Event[] = [];
  for (let number = 1; number <= repeat; number++) {
    const later = (number - 1) * milliseconds(every);
    const numbered = (text: string): string => (repeat === 1 ? text : withNumber(text, number));
    const decoded =
      lines === undefined
        ? (events ?? [event]).flatMap((one) => [
            ...jsonDecoder(origin.source)(numbered(JSON.stringify(one)), origin),
          ])
        : decodeLines(numbered(lines), origin);
    for (const one of decoded) {
      if (one.kind === 'event') found.push({ ...one.event, time: one.event.time + later });
      if (one.kind !== 'bad') continue;
      problems.push(problemAtPath(document, place, `the event cannot be read: ${one.record.reason}`));
      return [];
    }
  }
  if (found.length === 0) problems.push(problemAtPath(document, place, 'there is no event in it'));
  return found;
}

function decodeLines(text: string, origin: Origin): Decoded[] {
  const decoder = detectingDecoder(origin.source);
  return text.split('\n').flatMap((line, index) => [...decoder.line(line, 0, index + 1)]);
}

/** `{n}` is the number of the repetition, from 1; `{n+100}` is that number and 100. */
function withNumber(text: string, number: number): string {
  return text.replace(/\{n(?:\+(\d{1,6}))?\}/g, (_, more = '0') => String(number + Number(more)));
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function milliseconds(duration: string): number {
  return Number(duration.slice(0, -1)) * (UNITS[duration.slice(-1)] ?? 0);
}
