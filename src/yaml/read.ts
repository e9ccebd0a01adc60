import { parseAllDocuments } from 'yaml';
import { type Problem, problemAt, type Result, type SourceText } from '../model/problem.ts';
import type { YamlDocument } from './document.ts';

/**
 * Reads every document of a YAML 1.2 text. Duplicate keys, bad indentation and unresolved
 * aliases are problems with a place; alias bombs are refused by the parser's own limit.
 */
export function readYaml(source: SourceText): Result<YamlDocument[]> {
  const { documents, problems } = readYamlDocuments(source);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: [...documents] };
}

/** The documents that can be read, and the problems of those that cannot. */
export function readYamlDocuments(source: SourceText): {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
} {
  const parsed = parseAllDocuments(source.text, { prettyErrors: false, uniqueKeys: true });
  const problems: Problem[] = [];
  const documents: YamlDocument[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    for (const error of document.errors) {
      problems.push(problemAt(source, error.pos[0], error.pos[1], firstLine(error.message)));
    }
    if (document.errors.length > 0) continue;
    try {
      documents.push({ source, value: document.toJS({ maxAliasCount: 100 }), root: document.contents });
    } catch (error) {
      problems.push(problemAt(source, 0, 1, firstLine(String((error as Error).message))));
    }
  }
  return { documents, problems };
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}
