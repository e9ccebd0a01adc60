import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

const require = createRequire(import.meta.url);

/** Loaded when the first pattern needs it: it takes a tenth of a second, and most rule files have only plain text. */
const re2 = once(() => (require('re2js') as typeof import('re2js')).RE2JS);

/** A regular expression of a rule, in RE2 syntax: it runs in linear time on whatever a document holds. */
export interface Pattern {
  test(text: string): boolean;
  /** Every match of the text, expanded by the template and joined; what did not match is left out. */
  expand(text: string, template: string): string;
}

/** What cfn-guard's backtracking engine takes and RE2 has no linear-time form for. */
const UNSUPPORTED =
  /unsupported Perl syntax|invalid escape|nested repetition|repeat count|intersections|word ends/;

/** Why a pattern is wrong in every dialect; one that only RE2 refuses has no fault here. */
export function regexFault(pattern: string): string | undefined {
  const refusal = refusalOf(pattern);
  return refusal === undefined || UNSUPPORTED.test(refusal) ? undefined : refusal;
}

/** Why RE2 cannot run a pattern that other engines might. */
export function regexLimit(pattern: string): string | undefined {
  return refusalOf(pattern);
}

function refusalOf(pattern: string): string | undefined {
  try {
    patternOf(pattern);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/^error parsing regexp: /, '');
  }
}

/** What RE2 would take and read as something else. */
function dialectRefusal(pattern: string): string | undefined {
  const plain = pattern.replace(/\\[^<>]/gs, '');
  if (/\(\?<[=!]/.test(plain)) return 'unsupported Perl syntax: a look behind';
  if (/\\[<>]/.test(plain)) return 'unsupported word ends: \\< and \\>';
  return /\[[^\]]*(?:&&|--|~~)[^\]]*\]/.test(plain) ? 'unsupported intersections of classes' : undefined;
}

const patterns = new Map<string, Pattern>();
const PATTERNS_LIMIT = 10_000;

/** The compiled pattern; throws where {@link regexLimit} has something to say. */
export function patternOf(source: string): Pattern {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  const compiled = compilePattern(source);
  if (patterns.size >= PATTERNS_LIMIT) patterns.clear();
  patterns.set(source, compiled);
  return compiled;
}

function compilePattern(source: string): Pattern {
  const literal = literalTest(source);
  const dialect = literal === undefined ? dialectRefusal(source) : undefined;
  if (dialect !== undefined) throw new Error(dialect);
  const plain = once(() => re2().compile(re2Syntax(source)));
  const unicode = once(() => re2().compile(unicodeClasses(re2Syntax(source))));
  const forText = (text: string): RE2JS => (isAscii(text) ? plain() : unicode());
  if (literal === undefined) plain();
  return {
    test: literal ?? ((text) => forText(text).test(text)),
    expand(text, template) {
      const matcher = forText(text).matcher(text);
      const names = forText(text).namedGroups();
      let expanded = '';
      while (matcher.find()) {
        expanded += template.replace(TEMPLATE, (whole, braced?: string, bare?: string) => {
          const name = braced ?? bare;
          if (name === undefined) return '$';
          const group = /^\d+$/.test(name) ? Number(name) : (names as Record<string, number>)[name];
          if (group === undefined || group > matcher.groupCount()) return whole === '$' ? '$' : '';
          return matcher.group(group) ?? '';
        });
      }
      return expanded;
    },
  };
}

/** `${name}`, `$name`, `$$`. Source: the regex crate's replacement syntax, which cfn-guard uses. */
const TEMPLATE = /\$\{([^}]*)\}|\$([0-9A-Za-z_]+)|\$\$/g;

const LITERAL = /^(\^)?((?:[A-Za-z0-9 _:/,@=~"'-]|\\[./*+?()[\]{}|^$-])*)(\$)?$/;

/** A pattern without any operator is looked for as text. */
function literalTest(pattern: string): ((text: string) => boolean) | undefined {
  const [, start, body, end] = LITERAL.exec(pattern) ?? [];
  if (body === undefined) return undefined;
  const text = body.replaceAll('\\', '');
  if (start !== undefined)
    return end === undefined ? (value) => value.startsWith(text) : (value) => value === text;
  return end === undefined ? (value) => value.includes(text) : (value) => value.endsWith(text);
}

/** What Rust writes otherwise than RE2: code points, the escape character, hexadecimal digits, `{,n}` and `(?u)`. */
function re2Syntax(pattern: string): string {
  return pattern.replace(
    /\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|(.))|\{,(?=\d+\})|\(\?u\)/gs,
    (whole, braced?: string, four?: string, escaped?: string) => {
      if (whole === '{,') return '{0,';
      if (whole === '(?u)') return '';
      if (escaped === 'e') return '\\x1B';
      if (escaped === 'h') return '[0-9A-Fa-f]';
      return escaped === undefined ? `\\x{${braced ?? four}}` : whole;
    },
  );
}

const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  s: '\\s\\x{B}\\x{85}\\pZ',
  w: '\\p{L}\\p{M}\\p{Nl}\\p{Nd}\\p{Pc}',
};

/** Rust's `\d`, `\s` and `\w` know all of Unicode, RE2's only ASCII. */
function unicodeClasses(pattern: string): string {
  let inside = false;
  return pattern.replace(/\\(.)|\[\^?\]?|\]/gs, (whole, escaped?: string) => {
    if (escaped === undefined) {
      if (whole === ']') inside = false;
      else if (!inside) inside = true;
      return whole;
    }
    const members = CLASSES[escaped.toLowerCase()];
    if (members === undefined) return whole;
    const negated = escaped !== escaped.toLowerCase();
    if (!inside) return `[${negated ? '^' : ''}${members}]`;
    return negated ? (escaped === 'D' ? '\\P{Nd}' : whole) : members;
  });
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
