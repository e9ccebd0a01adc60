import { type Problem, problemAt } from '../model/problem.ts';

/** The content of a list with the name it came by. */
export interface ListBytes {
  /** A path, a URL, or the name of a list in the configuration. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

export interface Fault {
  readonly message: string;
  readonly expected?: string;
}

/** Collects what is wrong with the lines of a list: the first faults with their place, and how many there are. */
export interface LineProblems {
  readonly problems: readonly Problem[];
  readonly count: number;
  /** Whether further faults are only counted, so that their places need not be sought. */
  readonly full: boolean;
  /** Offsets into the bytes; they must not go back from one report to the next. */
  report(start: number, end: number, fault: Fault): void;
  textBetween(start: number, end: number): string;
}

const PROBLEMS_KEPT = 20;
const NEWLINE = 0x0a;
/** A line that is longer is no line of a list; more of it is not shown. */
const LONGEST_LINE = 500;

export function lineProblems({ file, bytes }: ListBytes): LineProblems {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const problems: Problem[] = [];
  let count = 0;
  let line = 1;
  let counted = 0;
  const lineOf = (offset: number): number => {
    for (let at = buffer.indexOf(NEWLINE, counted); at !== -1 && at < offset; ) {
      line++;
      counted = at + 1;
      at = buffer.indexOf(NEWLINE, counted);
    }
    return line;
  };
  return {
    problems,
    get count() {
      return count;
    },
    get full() {
      return problems.length === PROBLEMS_KEPT;
    },
    textBetween: (start, end) => buffer.toString('utf8', start, end),
    report(start, end, { message, expected }) {
      count++;
      if (problems.length === PROBLEMS_KEPT) return;
      const number = lineOf(start);
      const lineStart = Math.max(counted, start - LONGEST_LINE);
      const next = buffer.indexOf(NEWLINE, start);
      const lineEnd = Math.min(next === -1 ? buffer.length : next, start + LONGEST_LINE);
      const text = buffer.toString('utf8', lineStart, lineEnd);
      const column = buffer.toString('utf8', lineStart, start).length;
      const length = buffer.toString('utf8', start, Math.min(end, lineEnd)).length;
      problems.push(
        problemAt({ file, text, firstLine: number }, column, column + length, message, { expected }),
      );
    },
  };
}
