import { printable } from '../../model/printable.ts';
import { failed, ok, problemAt, type Result, type SourceText } from '../../model/problem.ts';
import { type MapEntry, type Node, scalar } from './node.ts';

/** Deeper than any template; a bomb of brackets must not fill the stack. */
const MAX_DEPTH = 200;

class Refused extends Error {
  readonly start: number;
  readonly end: number;
  readonly fix: string | undefined;

  constructor(message: string, start: number, end = start + 1, fix?: string) {
    super(message);
    this.start = start;
    this.end = end;
    this.fix = fix;
  }
}

/** Reads JSON (RFC 8259) with the place of every value. Keys that are there twice are refused. */
export function readJson(source: SourceText): Result<Node> {
  try {
    return ok(parse(source.text));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return failed([problemAt(source, error.start, error.end, error.message, { fix: error.fix })]);
  }
}

function parse(text: string): Node {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  function space(): void {
    for (;;) {
      const code = text.charCodeAt(at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      at++;
    }
  }

  function value(depth: number): Node {
    if (depth > MAX_DEPTH) throw new Refused(`more than ${MAX_DEPTH} levels deep`, at);
    switch (text[at]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"': {
        const start = at;
        return scalar(string(), { start, end: at });
      }
      case undefined:
        throw new Refused('the text ends where a value is expected', at);
      default:
        return word();
    }
  }

  function object(depth: number): Node {
    const start = at++;
    const entries: MapEntry[] = [];
    const keys = new Set<string>();
    space();
    while (text[at] !== '}') {
      const keyStart = at;
      if (text[at] !== '"') throw new Refused('a key in double quotes, or }, is expected', at);
      const key = string();
      const keySpan = { start: keyStart, end: at };
      if (keys.has(key)) throw new Refused(`the key ${printable(key, 80)} is there twice`, keyStart, at);
      keys.add(key);
      space();
      if (text[at] !== ':') throw new Refused('a colon is expected', at);
      at++;
      space();
      entries.push({ key, keySpan, value: value(depth + 1) });
      next('}');
    }
    at++;
    return { kind: 'map', entries, flow: true, start, end: at };
  }

  function array(depth: number): Node {
    const start = at++;
    const items: Node[] = [];
    space();
    while (text[at] !== ']') {
      items.push(value(depth + 1));
      next(']');
    }
    at++;
    return { kind: 'list', items, flow: true, start, end: at };
  }

  /** After a value: a comma and another one, or the end. */
  function next(close: string): void {
    space();
    if (text[at] === close) return;
    if (text[at] !== ',') throw new Refused(`a comma or ${close} is expected`, at);
    const comma = at++;
    space();
    if (text[at] === close) throw new Refused(`a comma before ${close}`, comma, comma + 1, 'take it away');
  }

  function string(): string {
    const start = at++;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === 0x22) break;
      if (Number.isNaN(code)) throw new Refused('a string that does not end', start, at);
      if (code < 0x20) throw new Refused('a line break or control character in a string', at);
      at += code === 0x5c ? 2 : 1;
    }
    at++;
    const raw = text.slice(start, at);
    if (!raw.includes('\\')) return raw.slice(1, -1);
    try {
      return JSON.parse(raw) as string;
    } catch {
      throw new Refused('a string with an unknown escape', start, at);
    }
  }

  function word(): Node {
    const start = at;
    while (at < text.length && !/[\s,\]}:[{"]/.test(text[at] ?? '')) at++;
    const raw = text.slice(start, at);
    const span = { start, end: Math.max(at, start + 1) };
    if (raw === 'true' || raw === 'false') return scalar(raw === 'true', span);
    if (raw === 'null') return scalar(null, span);
    if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(raw)) return scalar(Number(raw), span);
    throw new Refused(`${raw === '' ? 'this' : printable(raw, 40)} is no JSON value`, span.start, span.end);
  }

  space();
  const root = value(0);
  space();
  if (at < text.length) throw new Refused('more text after the end of the document', at, text.length);
  return root;
}
