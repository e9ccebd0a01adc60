import { RE2JS } from 're2js';
import { fold } from './fold.ts';
import { type ModifierFault, type RequiredTexts, someText, type ValueTest } from './value-test.ts';

const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  ignorecase: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  multiline: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
  dotall: RE2JS.DOTALL,
};

/**
 * `re`: found anywhere in the text, case counts. It runs in linear time. After it, `startswith` and
 * `endswith` bind it to an end of the text; `contains` says what is so anyway.
 */
export function regexTest(source: string, modifiers: readonly string[]): ValueTest | ModifierFault {
  const flags = modifiers.reduce((sum, name) => sum | (FLAGS[name] ?? 0), 0);
  const before = modifiers.includes('startswith') ? '\\A' : '';
  const behind = modifiers.includes('endswith') ? '\\z' : '';
  const expression = before + behind === '' ? source : `${before}(?:${source})${behind}`;
  try {
    RE2JS.compile(source, flags);
    const regex = RE2JS.compile(expression, flags);
    const needs = requiredTexts(expression, flags);
    return {
      pattern: source,
      ...(needs === undefined ? {} : { needs }),
      matches: (found) => someText(found, expression === source, (text) => regex.test(text)),
    };
  } catch (error) {
    return {
      fault: `the regular expression is refused: ${(error as Error).message}`,
      expected: 'RE2 syntax, which runs in linear time',
    };
  }
}

/** A text as an expression that matches just it. */
export function quoted(text: string): string {
  return RE2JS.quote(text);
}

const TEXTS_LIMIT = 64;

/**
 * The library finds literals that an expression cannot match without, but only where case counts;
 * without its flag, an expression has the same literals in one of their cases.
 */
function requiredTexts(expression: string, flags: number): RequiredTexts | undefined {
  const anyCase = (flags & RE2JS.CASE_INSENSITIVE) !== 0;
  const texts = textsOf(RE2JS.compile(expression, flags & ~RE2JS.CASE_INSENSITIVE).re2().prefilter);
  if (texts === undefined || texts.length > TEXTS_LIMIT) return undefined;
  if (anyCase && !texts.every(isAscii)) return undefined;
  return { texts: texts.map(fold), asciiOnly: anyCase };
}

/** What the library says of the texts that an expression needs; its constants for the types. */
interface Prefilter {
  readonly type: number;
  readonly str: string;
  readonly subs: readonly Prefilter[];
}
const EXACT = 1;
const ALL = 2;
const ANY = 3;

function textsOf(filter: Prefilter | undefined | null): string[] | undefined {
  switch (filter?.type) {
    case EXACT:
      return filter.str === '' ? undefined : [filter.str];
    case ALL: {
      const known = filter.subs.map(textsOf).filter((texts) => texts !== undefined);
      return known.toSorted((a, b) => shortest(b) - shortest(a))[0];
    }
    case ANY: {
      const known = filter.subs.map(textsOf);
      return known.every((texts) => texts !== undefined) ? known.flat() : undefined;
    }
    default:
      return undefined;
  }
}

function shortest(texts: readonly string[]): number {
  return Math.min(...texts.map((text) => text.length));
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
