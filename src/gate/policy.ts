import { basename } from 'node:path';
import type { CompiledGuard } from '../guard/compile.ts';
import type { Json } from '../model/json.ts';
import type { SourceText } from '../model/problem.ts';
import { type PolicyHeader, readPolicyHeader } from './policy-header.ts';

/** A Guard file with what its header says. */
export interface Policy {
  readonly header: PolicyHeader;
  readonly source: SourceText;
  readonly guard: CompiledGuard;
  /** What its text speaks of, found when it is first asked for. */
  readonly speaksOf: () => Vocabulary;
}

export interface Vocabulary {
  /** `AWS::S3::Bucket` and the like. */
  readonly types: ReadonlySet<string>;
  /** Every word, and so every property that it can look at by name. */
  readonly words: ReadonlySet<string>;
  /** It may look at properties without naming them. */
  readonly looksAtAny: boolean;
  /** Values that it compares with. */
  readonly literals: readonly Json[];
  readonly comparesWithRegex: boolean;
}

export function policyOf(source: SourceText, guard: CompiledGuard): Policy {
  let vocabulary: Vocabulary | undefined;
  return {
    header: readPolicyHeader(source.text, basename(source.file).replace(/\.guard$|\.ruleset$/, '')),
    source,
    guard,
    speaksOf: () => {
      vocabulary ??= vocabularyOf(source.text);
      return vocabulary;
    },
  };
}

const MAX_LITERALS = 24;

function vocabularyOf(text: string): Vocabulary {
  const code = text.replace(/^\s*#.*$/gm, '').replace(/<<[\s\S]*?>>/g, '');
  const literals = new Set<Json>();
  for (const [, single, double, number, truth] of code.matchAll(
    /'([^'\n]{0,200})'|"([^"\n]{0,200})"|(?<![\w.])(-?\d+(?:\.\d+)?)(?![\w.])|\b(true|false)\b/gi,
  )) {
    const quoted = single ?? double;
    if (quoted?.startsWith('AWS::') === true) continue;
    literals.add(quoted ?? (number === undefined ? truth?.toLowerCase() === 'true' : Number(number)));
  }
  return {
    types: new Set(code.match(/\b(?:AWS|Custom|Alexa)::\w+(?:::\w+)*/g)),
    words: new Set(code.match(/[A-Za-z_][A-Za-z0-9_]*/g)),
    looksAtAny: /Properties\s*(?:\.\s*\*|\[)/.test(code),
    literals: [...literals].slice(0, MAX_LITERALS),
    comparesWithRegex: /(?:^|[\s([,=])\/(?:[^/\n\\]|\\.)+\//m.test(
      code.replaceAll(/\/\^?\(Ref\$?\|Fn::\)\//g, ''),
    ),
  };
}
