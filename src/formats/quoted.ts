const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x5b;
const BACKSLASH = 0x5c;

interface SplitOptions {
  /** Whether `[…]` is one value, as `"…"` is. */
  readonly brackets?: boolean;
  /** Values to take; what is left of the line then is the last one, as it stands. */
  readonly limit?: number;
}

/** Splits a line at its spaces; `"…"` is one value, and a quote ends it only before a space or the end. */
export function splitQuoted(
  line: string,
  { brackets = false, limit = Number.POSITIVE_INFINITY }: SplitOptions = {},
): string[] {
  const values: string[] = [];
  let at = 0;
  while (at < line.length) {
    const first = line.charCodeAt(at);
    if (first === SPACE) {
      at++;
      continue;
    }
    if (values.length === limit) {
      values.push(line.slice(at));
      break;
    }
    if (first === QUOTE) {
      const end = closingQuote(line, at + 1);
      values.push(unescaped(line.slice(at + 1, end)));
      at = end + 1;
    } else if (brackets && first === OPEN) {
      const close = line.indexOf('] ', at);
      const end = close === -1 ? line.length : close;
      values.push(line.slice(at + 1, end));
      at = end + 1;
    } else {
      const space = line.indexOf(' ', at);
      const end = space === -1 ? line.length : space;
      values.push(line.slice(at, end));
      at = end;
    }
  }
  return values;
}

function closingQuote(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at !== -1; at = line.indexOf('"', at + 1)) {
    const behind = at + 1;
    const escaped = line.charCodeAt(at - 1) === BACKSLASH && line.charCodeAt(at - 2) !== BACKSLASH;
    if (behind === line.length || (line.charCodeAt(behind) === SPACE && !escaped)) return at;
  }
  return line.length;
}

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(["\\])/g, '$1') : text;
}
