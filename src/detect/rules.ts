import { type Format, fieldAliases } from '../formats/format.ts';
import { FORMATS } from '../formats/registry.ts';
import type { Problem, SourceText } from '../model/problem.ts';
import { type CompiledRule, compileRule } from '../sigma/compile.ts';
import { parseSigma } from '../sigma/parse.ts';
import type { Placeholders } from '../sigma/placeholder.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { problemAtPath } from '../yaml/document.ts';

/** Rules ready to run, by the format they are for. */
export interface RuleSet {
  readonly byFormat: ReadonlyMap<string, readonly CompiledRule[]>;
  readonly rules: readonly SigmaRule[];
  readonly problems: readonly Problem[];
}

export function buildRuleSet(sources: readonly SourceText[], placeholders: Placeholders): RuleSet {
  const byFormat = new Map<string, CompiledRule[]>();
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
      const format = formatOf(rule);
      if (format === undefined) {
        problems.push(
          problemAtPath(rule.document, ['logsource'], 'no log format of Cordon has this logsource', {
            at: 'key',
            expected: `product: aws, service: ${[...FORMATS.values()].map((known) => known.logsource.service).join(', ')}`,
          }),
        );
        continue;
      }
      const compiled = compileRule(rule, { placeholders, aliases: fieldAliases(format) });
      if (!compiled.ok) {
        problems.push(...compiled.problems);
        continue;
      }
      rules.push(rule);
      byFormat.set(format.name, [...(byFormat.get(format.name) ?? []), compiled.value]);
    }
  }
  return { byFormat, rules, problems };
}

function formatOf({ logsource }: SigmaRule): Format | undefined {
  return [...FORMATS.values()].find(
    ({ logsource: known }) => known.product === logsource.product && known.service === logsource.service,
  );
}
