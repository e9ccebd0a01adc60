import { FORMATS } from '../formats/registry.ts';
import type { Problem, SourceText } from '../model/problem.ts';
import { parseSigma } from '../sigma/parse.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { problemAtPath } from '../yaml/document.ts';
import { formatOf } from './rule-set.ts';

export interface ReadRules {
  readonly rules: readonly SigmaRule[];
  readonly problems: readonly Problem[];
}

/** Reads rule files; a rule that is wrong, or that no log format has the logsource of, is reported. */
export function readRules(sources: readonly SourceText[]): ReadRules {
  const rules: SigmaRule[] = [];
  const problems: Problem[] = [];
  const ids = new Map<string, string>();
  for (const source of sources) {
    const parsed = parseSigma(source);
    problems.push(...parsed.problems);
    for (const rule of parsed.rules) {
      const twin = ids.get(rule.id);
      if (twin !== undefined) {
        problems.push(problemAtPath(rule.document, ['id'], `the id ${rule.id} is taken by ${twin}`));
        continue;
      }
      ids.set(rule.id, source.file);
      if (formatOf(rule.logsource) === undefined) problems.push(unknownLogsource(rule));
      else rules.push(rule);
    }
  }
  return { rules, problems };
}

function unknownLogsource(rule: SigmaRule): Problem {
  const services = [...FORMATS.values()].map(({ logsource }) => logsource.service);
  return problemAtPath(rule.document, ['logsource'], 'no log format of Cordon has this logsource', {
    at: 'key',
    expected: `product: aws, service: ${services.join(', ')}`,
  });
}
