import type { ModifierFault } from './value-test.ts';
import { ANY, type Glyph, plainText } from './wildcard.ts';

/** A value on its way through the encoding modifiers. */
export interface EncodedText {
  readonly glyphs: readonly Glyph[];
  /** The bytes it stands for, after an UTF-16 modifier. */
  readonly bytes?: Uint8Array;
}

export type Utf16 = 'utf16' | 'utf16le' | 'utf16be' | 'wide';

/**
 * UTF-16 as a log that is read byte by byte shows it: a NUL beside each character. Other characters
 * than ASCII have no such text; they can only be encoded further. Source: Sigma modifiers appendix,
 * "Encoding".
 */
export function utf16(
  { glyphs }: EncodedText,
  encoding: Utf16,
  thenBase64: boolean,
): EncodedText | ModifierFault {
  const ascii = glyphs.every((glyph) => typeof glyph !== 'string' || glyph.charCodeAt(0) < 0x80);
  const plain = plainText(glyphs);
  if (!ascii && !(thenBase64 && plain !== undefined)) {
    return {
      fault: `${encoding} can only show ASCII as text`,
      expected: `ASCII characters, or ${encoding}|base64offset|contains`,
    };
  }
  const widened = glyphs.flatMap((glyph): Glyph[] =>
    typeof glyph !== 'string' ? [glyph] : encoding === 'utf16be' ? ['\0', glyph] : [glyph, '\0'],
  );
  const shown = encoding === 'utf16' ? ['\ufeff', ...widened] : widened;
  if (plain === undefined) return { glyphs: shown };
  const bytes = Buffer.from(encoding === 'utf16' ? `\ufeff${plain}` : plain, 'utf16le');
  return { glyphs: shown, bytes: encoding === 'utf16be' ? bytes.swap16() : bytes };
}

const WILDCARD_FAULT: ModifierFault = {
  fault: 'a value with wildcards cannot be encoded with Base64',
  expected: 'the encoding before contains, startswith and endswith, and wildcards escaped with a backslash',
};

export function base64(text: EncodedText): EncodedText | ModifierFault {
  const bytes = bytesOf(text);
  if (bytes === undefined) return WILDCARD_FAULT;
  return { glyphs: Buffer.from(bytes).toString('base64').split('') };
}

/** Characters that the bytes before, and behind, a value have a part in; by its place in a group of three. */
const MIXED_BEFORE = [0, 2, 3];
const MIXED_BEHIND = [0, 3, 2];

/** The part of a value's Base64 that is the same wherever in a text it stands: one for each of three places. */
export function base64offset(text: EncodedText): EncodedText[] | ModifierFault {
  const bytes = bytesOf(text);
  if (bytes === undefined) return WILDCARD_FAULT;
  if (bytes.length < 2)
    return { fault: 'base64offset needs at least two bytes: a shorter value leaves no trace' };
  return MIXED_BEFORE.map((before, shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const behind = MIXED_BEHIND[(bytes.length + shift) % 3] ?? 0;
    return { glyphs: encoded.slice(before, encoded.length - behind).split('') };
  });
}

function bytesOf({ glyphs, bytes }: EncodedText): Uint8Array | undefined {
  if (bytes !== undefined) return bytes;
  const plain = plainText(glyphs);
  return plain === undefined ? undefined : Buffer.from(plain, 'utf8');
}

const DASHES = ['-', '/', '–', '—', '―'];
const DASH_LIMIT = 5;
const WORD = /\w/;

/** Every way to write the dashes that begin a word. Source: Sigma modifiers appendix, "windash". */
export function windash({ glyphs }: EncodedText): EncodedText[] | ModifierFault {
  const places = glyphs.flatMap((glyph, at) => (beginsOption(glyphs, glyph, at) ? [at] : []));
  if (places.length > DASH_LIMIT) {
    return { fault: `windash with more than ${DASH_LIMIT} dashes`, expected: 'several values with all' };
  }
  let ways: Glyph[][] = [[...glyphs]];
  for (const place of places) {
    ways = ways.flatMap((way) => DASHES.map((dash) => way.with(place, dash)));
  }
  return ways.map((way) => ({ glyphs: way }));
}

function beginsOption(glyphs: readonly Glyph[], glyph: Glyph, at: number): boolean {
  const before = glyphs[at - 1];
  const next = glyphs[at + 1];
  return (
    typeof glyph === 'string' &&
    DASHES.includes(glyph) &&
    !(typeof before === 'string' && WORD.test(before)) &&
    typeof next === 'string' &&
    WORD.test(next)
  );
}

/** Puts a `*` where a value may have text before or behind it. */
export function placed(text: EncodedText, place: 'contains' | 'startswith' | 'endswith'): EncodedText {
  const before = place !== 'startswith' && text.glyphs[0] !== ANY;
  const behind = place !== 'endswith' && text.glyphs.at(-1) !== ANY;
  const glyphs: Glyph[] = [...text.glyphs];
  if (before) glyphs.unshift(ANY);
  if (behind) glyphs.push(ANY);
  return { glyphs };
}
