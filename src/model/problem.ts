import { printable } from './printable.ts';

/** A place in a text, all 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** Characters that the place covers, at least 1. */
  readonly length: number;
}

/** A fault in a file that a person wrote: a rule, a playbook, a configuration, a list. */
export interface Problem extends Place {
  readonly file: string;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  /** What would have been right. */
  readonly expected?: string;
  /** What to change, where it is known. */
  readonly fix?: string;
  /** The lines around the place, with line numbers and a marker. */
  readonly frame: string;
}

/** What a person asked for cannot be: nothing was done. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** A text with the name it came by. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** The number of the text's first line, where the text is only a part of the file. */
  readonly firstLine?: number;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failed(problems: readonly Problem[]): Result<never> {
  return { ok: false, problems };
}

interface ProblemDetails {
  readonly expected?: string | undefined;
  readonly fix?: string | undefined;
}

/** A problem that covers the characters from `start` to `end` (offsets into the text). */
export function problemAt(
  source: SourceText,
  start: number,
  end: number,
  message: string,
  details: ProblemDetails = {},
): Problem {
  const place = placeOf(source.text, start, end);
  const linesBefore = (source.firstLine ?? 1) - 1;
  return {
    file: source.file,
    ...place,
    line: place.line + linesBefore,
    message,
    ...(details.expected === undefined ? {} : { expected: details.expected }),
    ...(details.fix === undefined ? {} : { fix: details.fix }),
    frame: codeFrame(source.text, place, linesBefore),
  };
}

/** A problem of the file as a whole: it cannot be read, or it is empty. */
export function problemOfFile(file: string, message: string, details: ProblemDetails = {}): Problem {
  return { ...problemAt({ file, text: '' }, 0, 0, message, details), frame: '' };
}

/** Line, column and length of the characters from `start` to `end`, within their first line. */
export function placeOf(text: string, start: number, end: number): Place {
  const from = Math.min(Math.max(start, 0), text.length);
  const lineStart = from === 0 ? 0 : text.lastIndexOf('\n', from - 1) + 1;
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < from; at = text.indexOf('\n', at + 1)) line++;
  const newline = text.indexOf('\n', from);
  const lineEnd = newline === -1 ? text.length : newline;
  return { line, column: from - lineStart + 1, length: Math.max(1, Math.min(end, lineEnd) - from) };
}

const FRAME_LINES_BEFORE = 2;
const FRAME_LINES_AFTER = 1;
const FRAME_WIDTH = 160;

function codeFrame(text: string, place: Place, linesBefore: number): string {
  const lines = text.split('\n');
  const first = Math.max(1, place.line - FRAME_LINES_BEFORE);
  const last = Math.min(lines.length, place.line + FRAME_LINES_AFTER);
  const gutter = String(last + linesBefore).length;
  const frame: string[] = [];
  for (let number = first; number <= last; number++) {
    const line = printable((lines[number - 1] ?? '').replace(/\r$/, ''), FRAME_WIDTH, '\t');
    const mark = number === place.line ? '>' : ' ';
    frame.push(`${mark} ${String(number + linesBefore).padStart(gutter)} | ${line}`.trimEnd());
    if (number === place.line) {
      const before = (lines[number - 1] ?? '').slice(0, place.column - 1);
      const indent = printable(before, FRAME_WIDTH, '\t').replace(/[^\t]/g, ' ');
      frame.push(`  ${' '.repeat(gutter)} | ${indent}${'^'.repeat(Math.min(place.length, FRAME_WIDTH))}`);
    }
  }
  return frame.join('\n');
}

/** `file:line:column: message`, the frame, what was expected and the fix. */
export function renderProblem(problem: Problem): string {
  const parts = [`${problem.file}:${problem.line}:${problem.column}: ${problem.message}`];
  if (problem.frame !== '') parts.push(problem.frame);
  if (problem.expected !== undefined) parts.push(`  expected: ${problem.expected}`);
  if (problem.fix !== undefined) parts.push(`  fix: ${problem.fix}`);
  return parts.join('\n');
}
