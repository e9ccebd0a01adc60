import type { Place } from '../model/problem.ts';
import type { Span } from './template/node.ts';

/** The lines of a text, found once; places are then looked up in logarithmic time. */
export interface LineIndex {
  /** Without its line break; empty beyond the end. 1-based. */
  line(number: number): string;
  readonly count: number;
  placeOf(span: Span): Place;
}

export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);

  function line(number: number): string {
    const start = starts[number - 1];
    if (start === undefined) return '';
    const next = starts[number];
    return text.slice(start, next === undefined ? text.length : next - 1).replace(/\r$/, '');
  }

  function placeOf({ start, end }: Span): Place {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    const lineStart = starts[low] ?? 0;
    const length = Math.min(end, lineStart + line(low + 1).length) - start;
    return { line: low + 1, column: start - lineStart + 1, length: Math.max(1, length) };
  }

  return { line, count: starts.length, placeOf };
}
