import type { SourceText } from '../model/problem.ts';

/** What a parser throws inside and {@link parseGuard} turns into a problem; it never leaves this folder. */
export class SyntaxFault extends Error {
  readonly start: number;
  readonly end: number;
  readonly expected: string | undefined;
  readonly fix: string | undefined;

  constructor(
    message: string,
    start: number,
    end: number,
    details: { readonly expected?: string | undefined; readonly fix?: string | undefined } = {},
  ) {
    super(message);
    this.start = start;
    this.end = end;
    this.expected = details.expected;
    this.fix = details.fix;
  }
}

/** Lists, maps, blocks, filters and calls inside each other; real rule files stay under 10. */
const NESTING_LIMIT = 64;

/** A place in the text that moves forward. The language has no tokens of its own: `/` and `<` mean what their place says. */
export class Scanner {
  readonly text: string;
  at = 0;
  private nesting = 0;

  constructor(source: SourceText) {
    this.text = source.text;
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** Passes white space and comments; whether there were any. */
  space(): boolean {
    const begun = this.at;
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code === 32 || code === 10 || code === 9 || code === 13) this.at++;
      else if (code === 35) {
        const newline = this.text.indexOf('\n', this.at);
        this.at = newline === -1 ? this.text.length : newline;
      } else return this.at > begun;
    }
  }

  startsWith(expected: string): boolean {
    return this.text.startsWith(expected, this.at);
  }

  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  /** One of the words, whole: `in` is not the beginning of `instances`. */
  takeWord(...words: readonly string[]): boolean {
    for (const word of words) {
      if (this.text.startsWith(word, this.at) && !isNameCharacter(this.text, this.at + word.length)) {
        this.at += word.length;
        return true;
      }
    }
    return false;
  }

  /** Space, then the text. */
  takeAfterSpace(expected: string): boolean {
    const begun = this.at;
    this.space();
    if (this.take(expected)) return true;
    this.at = begun;
    return false;
  }

  /** A name: an ASCII letter, then letters, digits and `_`. */
  name(): string | undefined {
    const code = this.text.charCodeAt(this.at) | 32;
    if (!(code >= 97 && code <= 122) || this.text.charCodeAt(this.at) > 127) return undefined;
    const begun = this.at;
    while (isNameCharacter(this.text, this.at)) this.at++;
    return this.text.slice(begun, this.at);
  }

  /** Runs something and returns to where it began when it finds nothing. */
  attempt<T>(read: () => T | undefined): T | undefined {
    const begun = this.at;
    const found = read();
    if (found === undefined) this.at = begun;
    return found;
  }

  nested<T>(read: () => T): T {
    if (this.nesting >= NESTING_LIMIT) throw this.fault(`nested more than ${NESTING_LIMIT} levels deep`);
    this.nesting++;
    try {
      return read();
    } finally {
      this.nesting--;
    }
  }

  expect(text: string, where: string): void {
    if (!this.takeAfterSpace(text)) {
      this.space();
      throw this.fault(`${this.found()} where ${where} needs ${text}`, { expected: text });
    }
  }

  /** The word or character that stands here, for messages. */
  found(): string {
    if (this.ended) return 'the end of the file';
    const word =
      /^(?:[\p{L}\p{N}_]+|[^\s])/u.exec(this.text.slice(this.at, this.at + 60))?.[0] ?? 'white space';
    return word;
  }

  fault(
    message: string,
    details: { readonly expected?: string | undefined; readonly fix?: string | undefined } = {},
  ): SyntaxFault {
    const length = this.ended ? 1 : Math.max(1, this.found().length);
    return new SyntaxFault(message, this.at, this.at + length, details);
  }
}

const NAME_BEYOND_ASCII = /^[\p{Alphabetic}\p{N}]/u;

function isNameCharacter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) {
    return (
      (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95
    );
  }
  return code >= 128 && NAME_BEYOND_ASCII.test(text.slice(at, at + 2));
}
