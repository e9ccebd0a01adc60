import type { ApiCall, LedgerEntry } from '../model/journal.ts';
import { ledgerLine, type Tone } from '../report/ledger-line.ts';
import { print, type Style, safe, shortPath, styled } from './terminal.ts';

const STYLES: Readonly<Record<Tone, Style>> = {
  plain: 'bold',
  quiet: 'dim',
  alarm: ['bold', 'red'],
  warning: ['bold', 'yellow'],
  good: ['bold', 'green'],
};
const CLOCK_WIDTH = 8;
const LABEL_WIDTH = 11;
const DETAIL_LIMIT = 400;
const NAMES_WIDTH = 84;

/** Prints what happens, one thing a line, with the time it happened at. */
export interface Timeline {
  entry(entry: LedgerEntry): void;
  note(at: number, label: string, text: string, tone?: Tone, details?: readonly string[]): void;
}

export interface TimelineOptions {
  /** How a time (milliseconds since the epoch) is written. */
  readonly clock: (at: number) => string;
  /** Every call to AWS on a line of its own with its request id, or only the names. */
  readonly calls: 'full' | 'names';
}

export function timeline({ clock, calls: callStyle }: TimelineOptions): Timeline {
  const note: Timeline['note'] = (at, label, text, tone = 'plain', details = []) => {
    const time = styled('dim', clock(at).padStart(CLOCK_WIDTH));
    const words = tone === 'quiet' ? styled('dim', text) : safe(text);
    print(`${time}  ${styled(STYLES[tone], label.padEnd(LABEL_WIDTH))} ${words}`);
    for (const detail of details) {
      print(`${' '.repeat(CLOCK_WIDTH + LABEL_WIDTH + 3)}${styled('dim', safe(detail, DETAIL_LIMIT))}`);
    }
  };
  return {
    note,
    entry(entry) {
      const { label, tone, text, details, calls } = ledgerLine(entry, shortPath);
      const short = callStyle === 'names' && calls !== undefined && calls.length > 0;
      note(entry.at, label, text, tone, short ? callNames(calls) : details);
    },
  };
}

/** The operations in the order they were called, a few on a line. */
function callNames(calls: readonly ApiCall[]): string[] {
  const lines: string[] = [];
  for (const { service, operation, error } of calls) {
    const name = `${service}:${operation}${error === undefined ? '' : ` (${error})`}`;
    const last = lines.at(-1);
    if (last === undefined || last.length + name.length > NAMES_WIDTH) lines.push(name);
    else lines[lines.length - 1] = `${last}  ${name}`;
  }
  return lines;
}
