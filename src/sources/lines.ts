import type { Content } from './content.ts';

/** Lines of a content that stand one behind the other in its window, from `start` to `end`. */
export interface Lines {
  readonly start: number;
  readonly end: number;
  /**
   * `whole`: every line has its newline; `last`: one line without it, at the end of the content;
   * `long`: the beginning of a line that is longer than {@link LINE_LIMIT}, of which the rest is dropped.
   */
  readonly kind: 'whole' | 'last' | 'long';
}

/** The longest line that is kept whole, in bytes. */
export const LINE_LIMIT = 16 * 1024 * 1024;
export const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Moves the window over the content line by line, as many at a time as are there. */
export async function* linesOf(content: Content): AsyncGenerator<Lines> {
  for (;;) {
    const { start, end } = content;
    const newline = content.bytes.subarray(start, end).lastIndexOf(NEWLINE);
    if (newline !== -1) {
      yield { start, end: start + newline + 1, kind: 'whole' };
      content.start = start + newline + 1;
    } else if (end - start > LINE_LIMIT) {
      yield { start, end: start + LINE_LIMIT, kind: 'long' };
      await dropLine(content);
      continue;
    }
    if (!(await content.more())) break;
  }
  const { start, end, broken } = content;
  // Where the bytes break off, the last line is not as it was written.
  if (start < end && broken === undefined) {
    yield { start, end, kind: 'last' };
    content.start = end;
  }
}

async function dropLine(content: Content): Promise<void> {
  do {
    const newline = content.bytes.subarray(content.start, content.end).indexOf(NEWLINE);
    content.start = newline === -1 ? content.end : content.start + newline + 1;
    if (newline !== -1) return;
  } while (await content.more());
}

/** Where a line ends whose newline, or the end of the text, is at a place: before a carriage return. */
export function lineEnd(bytes: Uint8Array, start: number, newline: number): number {
  return newline > start && bytes[newline - 1] === CARRIAGE_RETURN ? newline - 1 : newline;
}
