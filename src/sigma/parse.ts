import { z } from 'zod';
import type { Problem, SourceText } from '../model/problem.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { readYamlDocuments } from '../yaml/read.ts';
import { validate } from '../yaml/validate.ts';
import { resolveCollections } from './collection.ts';
import type { CorrelationRule } from './correlation-rule.ts';
import { isMap, parseDetection } from './detection.ts';
import type { FilterRule } from './filter.ts';
import { HEADER, identity, LOGSOURCE, logsourceOf, optionalHeader } from './header.ts';
import { parseCorrelation } from './parse-correlation.ts';
import { parseFilter } from './parse-filter.ts';
import type { SigmaRule } from './rule.ts';

export interface ParsedRules {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly filters: readonly FilterRule[];
  readonly problems: readonly Problem[];
}

export interface ParseOptions {
  /** A file with one problem has no rules at all. */
  readonly strict?: boolean;
}

/** Reads the documents of a file; one that is wrong is reported and never stops the others. */
export function parseSigma(source: SourceText, { strict = false }: ParseOptions = {}): ParsedRules {
  const read = readYamlDocuments(source);
  const { documents, problems: collectionProblems } = resolveCollections(read.documents);
  const rules: SigmaRule[] = [];
  const correlations: CorrelationRule[] = [];
  const filters: FilterRule[] = [];
  const problems: Problem[] = [...read.problems, ...collectionProblems];
  for (const document of documents) {
    if (document.value === null) continue;
    if (isMap(document.value) && Object.hasOwn(document.value, 'correlation')) {
      take(parseCorrelation(document), correlations, problems);
    } else if (isMap(document.value) && Object.hasOwn(document.value, 'filter')) {
      take(parseFilter(document), filters, problems);
    } else take(parseRule(document), rules, problems);
  }
  if (strict && problems.length > 0) return { rules: [], correlations: [], filters: [], problems };
  return { rules, correlations, filters, problems };
}

function take<T>(parsed: T | Problem[], taken: T[], problems: Problem[]): void {
  if (Array.isArray(parsed)) problems.push(...(parsed as Problem[]));
  else taken.push(parsed);
}

const schema = z.looseObject({
  ...HEADER,
  logsource: LOGSOURCE,
  detection: z.looseObject({ condition: z.union([z.string(), z.array(z.string()).min(1)]) }),
});

/** Not search identifiers: the second one belonged to the aggregations of Sigma 1. */
const RESERVED = ['condition', 'timeframe'];

function parseRule(document: YamlDocument): SigmaRule | Problem[] {
  const checked = validate(document, schema);
  if (!checked.ok) return [...checked.problems];
  const attributes = checked.value;
  const parsed = parseDetection(document, 'detection', attributes.detection, RESERVED);
  if (Array.isArray(parsed)) return parsed;
  const { title, level = 'medium', tags, logsource } = attributes;
  return {
    id: identity(attributes),
    title,
    level,
    tags,
    logsource: logsourceOf(logsource),
    ...optionalHeader(attributes),
    ...parsed,
    attributes,
    document,
  };
}
