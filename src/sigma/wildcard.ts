import { fold } from './fold.ts';

/**
 * A Sigma string: characters, `*` for any number of them and `?` for one.
 * Source: Sigma rules specification, "String Wildcard" and "Escaping".
 */
export type Glyph = string | typeof ANY | typeof ONE;
export const ANY = Symbol('any characters');
export const ONE = Symbol('one character');

/** A backslash escapes a wildcard or a backslash; before anything else it stands for itself. */
export function parseWildcards(text: string): Glyph[] {
  const glyphs: Glyph[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      glyphs.push(next);
      at++;
    } else glyphs.push(character === '*' ? ANY : character === '?' ? ONE : character);
  }
  return glyphs;
}

/** The text of a value without wildcards. */
export function plainText(glyphs: readonly Glyph[]): string | undefined {
  return glyphs.every((glyph) => typeof glyph === 'string') ? glyphs.join('') : undefined;
}

export type TextTest = (text: string) => boolean;

/** Where a literal must stand in a text. */
export type TextPlace = 'whole' | 'start' | 'end' | 'inside';

export interface Literal {
  readonly text: string;
  readonly at: TextPlace;
}

/** Whether a literal stands in a text where it must. */
export function standsIn(text: string, literal: string, at: TextPlace): boolean {
  switch (at) {
    case 'inside':
      return text.includes(literal);
    case 'end':
      return text.endsWith(literal);
    case 'start':
      return text.startsWith(literal);
    case 'whole':
      return text === literal;
  }
}

/** The common shapes: a literal with at most a `*` before it and one behind it. */
export function literalOf(glyphs: readonly Glyph[]): Literal | undefined {
  const leading = glyphs[0] === ANY;
  const trailing = glyphs.length > 1 && glyphs.at(-1) === ANY;
  const middle = plainText(glyphs.slice(leading ? 1 : 0, trailing ? -1 : undefined));
  if (middle === undefined) return undefined;
  const at = leading ? (trailing ? 'inside' : 'end') : trailing ? 'start' : 'whole';
  return { text: middle, at };
}

/** The longest text without a wildcard in it, or '': every match has it. */
export function longestLiteral(glyphs: readonly Glyph[]): string {
  return runsOf(glyphs).reduce<string>(
    (longest, run) => (typeof run === 'string' && run.length > longest.length ? run : longest),
    '',
  );
}

/** Compiles glyphs to a test of a whole text; the common shapes become plain string searches. */
export function wildcardTest(glyphs: readonly Glyph[], cased: boolean): TextTest {
  const literal = literalOf(glyphs);
  if (literal !== undefined) {
    const wanted = cased ? literal.text : fold(literal.text);
    return (text) => standsIn(cased ? text : fold(text), wanted, literal.at);
  }
  const units = runsOf(glyphs).flatMap((run): Glyph[] =>
    typeof run === 'string' ? (cased ? run : fold(run)).split('') : [run],
  );
  return (text) => matchGlyphs(units, cased ? text : fold(text));
}

/** Characters that stand together are folded together: a pair of surrogates is one letter. */
function runsOf(glyphs: readonly Glyph[]): Glyph[] {
  const runs: Glyph[] = [];
  for (const glyph of glyphs) {
    const last = runs.at(-1);
    if (typeof glyph === 'string' && typeof last === 'string') runs[runs.length - 1] = last + glyph;
    else if (glyph !== ANY || last !== ANY) runs.push(glyph);
  }
  return runs;
}

/** Greedy with one place to go back to: at most glyphs × characters steps. */
function matchGlyphs(glyphs: readonly Glyph[], text: string): boolean {
  let glyph = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const wanted = glyphs[glyph];
    if (wanted === ANY) {
      star = glyph++;
      starAt = at;
    } else if (wanted === ONE) {
      glyph++;
      at += widthAt(text, at);
    } else if (wanted === text[at]) {
      glyph++;
      at++;
    } else if (star !== -1) {
      glyph = star + 1;
      starAt += widthAt(text, starAt);
      at = starAt;
    } else return false;
  }
  while (glyphs[glyph] === ANY) glyph++;
  return glyph === glyphs.length;
}

/** UTF-16 units of the character at a place. */
function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
