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

export type TextTest = (text: string) => boolean;

/** Where a literal must stand in a text. */
export type TextPlace = 'whole' | 'start' | 'end' | 'inside';

export interface Literal {
  readonly text: string;
  readonly at: TextPlace;
}

/** The common shapes: a literal with at most a `*` before it and one behind it. */
export function literalOf(glyphs: readonly Glyph[]): Literal | undefined {
  const leading = glyphs[0] === ANY;
  const trailing = glyphs.length > 1 && glyphs.at(-1) === ANY;
  const middle = glyphs.slice(leading ? 1 : 0, trailing ? -1 : undefined);
  if (!middle.every((glyph) => typeof glyph === 'string')) return undefined;
  const at = leading ? (trailing ? 'inside' : 'end') : trailing ? 'start' : 'whole';
  return { text: middle.join(''), at };
}

/** Compiles glyphs to a test of a whole text; the common shapes become plain string searches. */
export function wildcardTest(glyphs: readonly Glyph[], cased: boolean): TextTest {
  const fold = cased ? (text: string) => text : (text: string) => text.toLowerCase();
  const literal = literalOf(glyphs);
  if (literal === undefined) {
    const folded = glyphs.map((glyph) => (typeof glyph === 'string' ? fold(glyph) : glyph));
    return (text) => matchGlyphs(folded, fold(text));
  }
  const wanted = fold(literal.text);
  switch (literal.at) {
    case 'inside':
      return (text) => fold(text).includes(wanted);
    case 'end':
      return (text) => fold(text).endsWith(wanted);
    case 'start':
      return (text) => fold(text).startsWith(wanted);
    case 'whole':
      return (text) => fold(text) === wanted;
  }
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
    } else if (wanted === ONE || wanted === text[at]) {
      glyph++;
      at++;
    } else if (star !== -1) {
      glyph = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (glyphs[glyph] === ANY) glyph++;
  return glyph === glyphs.length;
}
