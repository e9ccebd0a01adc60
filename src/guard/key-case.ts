/**
 * Other ways to write a key. A rule that says `BucketName` finds `bucket_name` too: cfn-guard tries
 * camel, class, kebab, Pascal, snake, title and train case, in this order.
 */
export type KeyCase = (key: string) => string;

const CONVERSIONS: readonly KeyCase[] = [
  (key) => camelLike(key, { capital: false }),
  classCase,
  (key) => snakeLike(key, '-'),
  (key) => camelLike(key, { capital: true }),
  (key) => snakeLike(key, '_'),
  (key) => camelLike(key, { capital: true, separator: ' ' }),
  (key) => camelLike(key, { capital: true, separator: '-' }),
];

export const KEY_CASES: readonly KeyCase[] = CONVERSIONS.map(remembering);

const REMEMBERED_LIMIT = 20_000;

function remembering(convert: KeyCase): KeyCase {
  const known = new Map<string, string>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const converted = convert(key);
    if (known.size >= REMEMBERED_LIMIT) known.clear();
    known.set(key, converted);
    return converted;
  };
}

type Test = (character: string) => boolean;

/** A property of a character; most keys are ASCII, for which a regular expression is slow. */
function property(ascii: (code: number) => boolean, beyond: RegExp): Test {
  return (character) => {
    const code = character.charCodeAt(0);
    return code < 128 ? ascii(code) : beyond.test(character);
  };
}

const isNumeric = property((code) => code >= 48 && code <= 57, /\p{N}/u);
const isLower = property((code) => code >= 97 && code <= 122, /\p{Lowercase}/u);
const isUpper = property((code) => code >= 65 && code <= 90, /\p{Uppercase}/u);
const isAlphabetic = property((code) => (code | 32) >= 97 && (code | 32) <= 122, /\p{Alphabetic}/u);
const isAlphanumeric: Test = (character) => isAlphabetic(character) || isNumeric(character);

function words(key: string): string[] {
  const characters = [...key];
  while (characters.length > 0 && !isAlphanumeric(characters.at(-1) ?? '')) characters.pop();
  return characters;
}

const asciiUpper = (character: string): string =>
  character >= 'a' && character <= 'z' ? character.toUpperCase() : character;
const asciiLower = (character: string): string =>
  character >= 'A' && character <= 'Z' ? character.toLowerCase() : character;

/** A word begins behind a separator, behind a digit, and where an upper case letter follows a lower case one. */
function camelLike(
  key: string,
  { capital, separator = '' }: { capital: boolean; separator?: string },
): string {
  let begins = capital;
  let first = separator !== '';
  let last = ' ';
  let text = '';
  for (const character of words(key)) {
    const separates = !isAlphanumeric(character);
    if (separates && text !== '') begins = true;
    else if (separates) continue;
    else if (isNumeric(character)) {
      begins = true;
      text += character;
    } else if (begins || (isLower(last) && isUpper(character))) {
      begins = false;
      text += (separator !== '' && !first ? separator : '') + asciiUpper(character);
      first = false;
    } else {
      last = character;
      text += asciiLower(character);
    }
  }
  return text;
}

function snakeLike(key: string, separator: string): string {
  let begins = true;
  let text = '';
  const characters = words(key);
  const all = [...key];
  for (const [index, character] of characters.entries()) {
    if (!isAlphanumeric(character)) {
      if (!begins) {
        begins = true;
        text += separator;
      }
      continue;
    }
    const beside = isLower(all[index + 1] ?? 'A') || isLower(all[index - 1] ?? 'A');
    if (!begins && character === asciiUpper(character) && beside) text += separator;
    begins = false;
    text += asciiLower(character);
  }
  return text;
}

/** Pascal case whose last word is singular. */
function classCase(key: string): string {
  const plural = camelLike(key, { capital: true });
  const lastWord = Math.max(0, plural.search(/\p{Uppercase}[^\p{Uppercase}]*$/u));
  return plural.slice(0, lastWord) + singular(plural.slice(lastWord));
}

/**
 * The ends of plurals and what they become, the most special last. What stands before the first group is
 * lost, as it is in the library that cfn-guard 3.1.1 uses (`Heroes` becomes `Her`).
 */
const SINGULARS: readonly (readonly [RegExp, string])[] = [
  [/(\w*)s$/, ''],
  [/(\w*ss)$/, ''],
  [/(n)ews$/, 'ews'],
  [/(\w*)oes$/, ''],
  [/(\w*)[ti]a$/, 'um'],
  [/(analy|ba|diagno|parenthe|progno|synop|the)(?:sis|ses)$/, 'sis'],
  [/(\w*)[^f]ves$/, 'fe'],
  [/(\w*)hives$/, ''],
  [/(\w*)tives$/, ''],
  [/(\w*)[lr]ves$/, 'f'],
  [/(\w*(?:[^aeiouy]|qu))ies$/, 'y'],
  [/(s)eries$/, 'eries'],
  [/(m)ovies$/, 'ovie'],
  [/(\w*(?:x|ch|ss|sh))es$/, ''],
  [/(m|l)ice$/, 'ouse'],
  [/(bus)(?:es)?$/, ''],
  [/(shoe)s$/, ''],
  [/(cris|test)(?:is|es)$/, 'is'],
  [/^(a)x[ie]s$/, 'xis'],
  [/(octop|vir)(?:us|i)$/, 'us'],
  [/(alias|status)(?:es)?$/, ''],
  [/(vert|ind)ices$/, 'ex'],
  [/(matr)ices$/, 'ix'],
  [/(quiz)zes$/, ''],
  [/(database)s$/, ''],
];

const SINGULARS_LAST_FIRST = SINGULARS.toReversed();

function singular(word: string): string {
  for (const [plural, ending] of SINGULARS_LAST_FIRST) {
    const stem = plural.exec(word)?.[1];
    if (stem !== undefined) return stem + ending;
  }
  return word;
}
