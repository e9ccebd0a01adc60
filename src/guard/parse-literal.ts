import { regexFault } from './regex.ts';
import { type Scanner, SyntaxFault } from './scanner.ts';
import type { Literal } from './syntax.ts';

/** A value as a rule writes it; nothing where something else stands. */
export function parseLiteral(scanner: Scanner): Literal | undefined {
  switch (scanner.text[scanner.at]) {
    case '"':
    case "'":
      return { kind: 'string', value: parseString(scanner) ?? '' };
    case '/':
      return parseRegex(scanner);
    case '[':
      return parseList(scanner);
    case '{':
      return parseMap(scanner);
    case 'r':
      return parseRange(scanner);
    default:
      return parseWord(scanner) ?? parseNumber(scanner);
  }
}

function parseWord(scanner: Scanner): Literal | undefined {
  if (scanner.takeWord('true', 'True', 'TRUE')) return { kind: 'bool', value: true };
  if (scanner.takeWord('false', 'False', 'FALSE')) return { kind: 'bool', value: false };
  if (scanner.takeWord('null', 'NULL')) return { kind: 'null' };
  return undefined;
}

/**
 * A string in either kind of quotes. A backslash means itself, except before the closing quote,
 * which it makes part of the string.
 */
export function parseString(scanner: Scanner): string | undefined {
  const quote = scanner.text[scanner.at];
  if (quote !== '"' && quote !== "'") return undefined;
  const begun = scanner.at;
  let value = '';
  let from = begun + 1;
  for (;;) {
    const end = scanner.text.indexOf(quote, from);
    if (end === -1) {
      const line = scanner.text.indexOf('\n', begun);
      throw new SyntaxFault('a string is not closed', begun, line === -1 ? scanner.text.length : line, {
        expected: quote,
      });
    }
    if (end > from && scanner.text[end - 1] === '\\') {
      value += scanner.text.slice(from, end - 1) + quote;
      from = end + 1;
      continue;
    }
    scanner.at = end + 1;
    return value + scanner.text.slice(from, end);
  }
}

function parseRegex(scanner: Scanner): Literal {
  const begun = scanner.at;
  let value = '';
  let from = begun + 1;
  for (;;) {
    const end = scanner.text.indexOf('/', from);
    const line = scanner.text.indexOf('\n', begun);
    const stop = line === -1 ? scanner.text.length : line;
    if (end === -1)
      throw new SyntaxFault('a regular expression is not closed', begun, stop, { expected: '/' });
    if (end > from && scanner.text[end - 1] === '\\') {
      value += `${scanner.text.slice(from, end - 1)}/`;
      from = end + 1;
      continue;
    }
    value += scanner.text.slice(from, end);
    scanner.at = end + 1;
    const fault = value === '' ? 'it is empty' : regexFault(value);
    if (fault !== undefined) {
      throw new SyntaxFault(`the regular expression is refused: ${fault}`, begun, end + 1, {
        expected: 'RE2 syntax, which runs in linear time',
      });
    }
    return { kind: 'regex', value };
  }
}

const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

export function parseNumber(scanner: Scanner): (Literal & { kind: 'int' | 'float' }) | undefined {
  NUMBER.lastIndex = scanner.at;
  const text = NUMBER.exec(scanner.text)?.[0];
  if (text === undefined) return undefined;
  const begun = scanner.at;
  scanner.at += text.length;
  const value = Number(text);
  if (/[\p{L}\p{N}_]/u.test(scanner.text[scanner.at] ?? '')) {
    throw new SyntaxFault(`${text}${scanner.found()} is no number`, begun, scanner.at + 1, {
      expected: 'a number such as 443, -1 or 0.5',
    });
  }
  if (!Number.isFinite(value)) throw new SyntaxFault(`${text} is too large`, begun, scanner.at);
  const whole = /^-?[0-9]+$/.test(text);
  if (whole && !Number.isSafeInteger(value)) {
    throw new SyntaxFault(`${text} is too large to compare exactly`, begun, scanner.at, {
      expected: `a number up to ${Number.MAX_SAFE_INTEGER}`,
    });
  }
  return whole ? { kind: 'int', value: value === 0 ? 0 : value } : { kind: 'float', value };
}

/** An index: digits only, so that `L.0.1` is not a float. */
export function parseIndex(scanner: Scanner): number | undefined {
  const text = /^-?[0-9]{1,9}(?![0-9\p{L}_])/u.exec(scanner.text.slice(scanner.at, scanner.at + 12))?.[0];
  if (text === undefined) return undefined;
  scanner.at += text.length;
  return Number(text);
}

/** `r[1,10)`, `r(0.5,1.0]`, `r[a,f]`. */
function parseRange(scanner: Scanner): Literal | undefined {
  const open = scanner.text[scanner.at + 1];
  if (open !== '[' && open !== '(') return undefined;
  const begun = scanner.at;
  return scanner.attempt(() => {
    scanner.at += 2;
    const lower = parseBound(scanner);
    if (lower === undefined || !scanner.take(',')) return undefined;
    const upper = parseBound(scanner);
    const close = scanner.text[scanner.at];
    if (upper === undefined || (close !== ']' && close !== ')')) return undefined;
    scanner.at++;
    const inclusive = { lowerInclusive: open === '[', upperInclusive: close === ']' };
    if (lower.kind === 'int' && upper.kind === 'int') {
      return { kind: 'int-range', lower: lower.value, upper: upper.value, ...inclusive };
    }
    if (lower.kind === 'float' && upper.kind === 'float') {
      return { kind: 'float-range', lower: lower.value, upper: upper.value, ...inclusive };
    }
    if (lower.kind === 'string' && upper.kind === 'string') {
      return { kind: 'char-range', lower: lower.value, upper: upper.value, ...inclusive };
    }
    throw new SyntaxFault('a range has two ends of different types', begun, scanner.at, {
      expected: 'two whole numbers, two numbers with a fraction, or two characters',
      fix: fixedRange(scanner.text.slice(begun, scanner.at)),
    });
  });
}

function fixedRange(text: string): string | undefined {
  return /[a-z]/i.test(text.slice(1))
    ? undefined
    : text.replace(/-?\d+(?:\.\d+)?/g, (n) => (n.includes('.') ? n : `${n}.0`));
}

function parseBound(scanner: Scanner): Extract<Literal, { kind: 'int' | 'float' | 'string' }> | undefined {
  const blank = (): void => {
    while (scanner.startsWith(' ') || scanner.startsWith('\t')) scanner.at++;
  };
  blank();
  const number = parseNumber(scanner);
  const character = String.fromCodePoint(scanner.text.codePointAt(scanner.at) ?? 0);
  if (number === undefined) scanner.at += character.length;
  blank();
  return number ?? { kind: 'string', value: character };
}

function parseList(scanner: Scanner): Literal {
  return scanner.nested(() => {
    scanner.take('[');
    const items: Literal[] = [];
    if (scanner.takeAfterSpace(']')) return { kind: 'list', items };
    do items.push(expectLiteral(scanner, 'a list'));
    while (scanner.takeAfterSpace(','));
    scanner.expect(']', 'a list');
    return { kind: 'list', items };
  });
}

const MAP_KEY = /[\p{L}\p{N}_-]+/uy;

function parseMap(scanner: Scanner): Literal {
  return scanner.nested(() => {
    scanner.take('{');
    const entries: [string, Literal][] = [];
    if (scanner.takeAfterSpace('}')) return { kind: 'map', entries };
    do {
      scanner.space();
      MAP_KEY.lastIndex = scanner.at;
      const bare = MAP_KEY.exec(scanner.text)?.[0];
      if (bare !== undefined) scanner.at += bare.length;
      const key = bare ?? parseString(scanner);
      if (key === undefined)
        throw scanner.fault(`${scanner.found()} is no key of a map`, { expected: '"key": value' });
      scanner.expect(':', 'a map');
      entries.push([key, expectLiteral(scanner, 'a map')]);
    } while (scanner.takeAfterSpace(','));
    scanner.expect('}', 'a map');
    return { kind: 'map', entries };
  });
}

function expectLiteral(scanner: Scanner, where: string): Literal {
  scanner.space();
  const literal = parseLiteral(scanner);
  if (literal === undefined) {
    throw scanner.fault(`${scanner.found()} where ${where} needs a value`, {
      expected: 'a string, number, true, false, null, /regular expression/, range, list or map',
    });
  }
  return literal;
}
