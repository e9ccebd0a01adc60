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

/** Compiles glyphs to a test of a whole text; the common shapes become plain string searches. */
export function wildcardTest(glyphs: readonly Glyph[], cased: boolean): TextTest {
  const fold = cased ? (text: string) => text : (text: string) => text.toLowerCase();
  const leading = glyphs[0] === ANY;
  const trailing = glyphs.length > 1 && glyphs.at(-1) === ANY;
  const middle = glyphs.slice(leading ? 1 : 0, trailing ? -1 : undefined);
  if (middle.every((glyph) => typeof glyph === 'string')) {
    const literal = fold(middle.join(''));
    if (leading && trailing) return (text) => fold(text).includes(literal);
    if (leading) return (text) => fold(text).endsWith(literal);
    if (trailing) return (text) => fold(text).startsWith(literal);
    return (text) => fold(text) === literal;
  }
  const folded = glyphs.map((glyph) => (typeof glyph === 'string' ? fold(glyph) : glyph));
  return (text) => matchGlyphs(folded, fold(text));
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
