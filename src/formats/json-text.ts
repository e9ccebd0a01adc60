const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const SPACE = 0x20;

/** The first byte from a place on that is no white space. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  while (at < end && (bytes[at] as number) <= SPACE) at++;
  return at;
}

/**
 * Finds the end of the value that begins at a place, by its brackets and quotes alone: whether it is
 * JSON is for the parser to say. Answers -1 when the value goes on behind `end`.
 */
export function endOfValue(bytes: Uint8Array, start: number, end: number): number {
  return endAtDepth(bytes, start, end, 0);
}

/** The same for the rest of an object or a list that is open at a place. */
export function endOfRest(bytes: Uint8Array, start: number, end: number): number {
  return endAtDepth(bytes, start, end, 1);
}

function endAtDepth(bytes: Uint8Array, start: number, end: number, openBefore: number): number {
  let depth = openBefore;
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1, end);
      if (at === -1) return -1;
      if (depth === 0) return at;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 0) return at;
      if (--depth === 0) return at + 1;
    } else if (depth === 0 && (byte === COMMA || byte <= SPACE)) return at;
    at++;
  }
  return -1;
}

/** Behind the closing quote. */
function endOfString(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return -1;
}

/** `{"Records": [`, as the files of CloudTrail begin. */
const RECORDS_HEAD = /^\s*\{\s*"Records"\s*:\s*\[/;
const LIST_HEAD = /^\s*\[/;
/** More white space than any writer puts there. */
const HEAD_BYTES = 256;

/** Where the elements of a list begin, and whether the list is a member of an object. */
export interface ListStart {
  readonly at: number;
  readonly inObject: boolean;
}

/**
 * Finds the list in a text that is one, or an object that holds nothing before a list of records;
 * nothing for any other text.
 */
export function listStart(bytes: Buffer, start: number, end: number): ListStart | undefined {
  const head = bytes.toString('latin1', start, Math.min(end, start + HEAD_BYTES));
  const records = RECORDS_HEAD.exec(head);
  const match = records ?? LIST_HEAD.exec(head);
  return match === null ? undefined : { at: start + match[0].length, inObject: records !== null };
}

/** What stands at a place in a list: an element, its end, or nothing yet. */
export type ListPlace =
  | { readonly kind: 'element'; readonly start: number; readonly end: number }
  | { readonly kind: 'closed'; readonly end: number }
  /** The element begins at `start` and goes on behind the end of the buffer. */
  | { readonly kind: 'open'; readonly start: number };

/** Behind the comma that stands before an element, and the white space round it. */
export function startOfElement(bytes: Uint8Array, from: number, end: number): number {
  const at = skipSpace(bytes, from, end);
  return at < end && bytes[at] === COMMA ? skipSpace(bytes, at + 1, end) : at;
}

export function nextElement(bytes: Uint8Array, from: number, end: number): ListPlace {
  const at = startOfElement(bytes, from, end);
  if (at >= end) return { kind: 'open', start: at };
  if (bytes[at] === CLOSE_BRACKET) return { kind: 'closed', end: at + 1 };
  const stop = endOfValue(bytes, at, end);
  // A stray comma or bracket would be an element without a byte: it is one byte that is no JSON.
  return stop === -1
    ? { kind: 'open', start: at }
    : { kind: 'element', start: at, end: Math.max(stop, at + 1) };
}

/** Guesses where an element of a list ends; answers -1 where it cannot. */
export interface ElementGuess {
  endOf(start: number, bytes: Buffer, end: number): number;
  /** A guess was wrong: the list is not as it seemed, and no more are made. */
  wasWrong(): void;
}

/** More than the name of a first member takes. */
const FIRST_NAME_BYTES = 64;

/**
 * The elements of a list that one program wrote begin alike, with the same first member: so the next
 * such beginning is where an element ends, and is found without looking at every byte. Only when the
 * text up to there is JSON was the guess right, and then it is certain: no JSON value is the
 * beginning of another one that goes on behind a comma.
 */
export function elementGuess(): ElementGuess {
  let boundary: Buffer | undefined;
  let gaveUp = false;
  return {
    endOf(start, bytes, end) {
      if (gaveUp) return -1;
      if (boundary === undefined) {
        const head = /^\{"[^"\\]+"/.exec(
          bytes.toString('latin1', start, Math.min(end, start + FIRST_NAME_BYTES)),
        );
        if (head === null) return -1;
        boundary = Buffer.from(`},${head[0]}`, 'latin1');
      }
      const found = bytes.indexOf(boundary, start);
      return found === -1 || found + boundary.length > end ? -1 : found + 1;
    },
    wasWrong() {
      gaveUp = true;
    },
  };
}
