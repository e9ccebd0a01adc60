import { FORMATS } from '../formats/registry.ts';
import type { Event } from '../model/event.ts';
import { failed, ok, type Result } from '../model/problem.ts';
import { type CompiledRule, compileRule } from '../sigma/compile.ts';
import { parseSigma } from '../sigma/parse.ts';
import type { Placeholders } from '../sigma/placeholder.ts';
import type { FieldAliases } from './rule-set.ts';

/**
 * A test of events from the inside of Sigma selections, such as `action: REJECT, dst_port|lt: 1024`;
 * several of them must all hold.
 */
export function whereTest(
  selections: readonly string[],
  placeholders: Placeholders,
  aliases: FieldAliases,
): Result<(event: Event) => boolean> {
  const lines = selections.map((selection, index) => `  where${index + 1}: { ${selection} }`);
  const text = [
    'title: where',
    'logsource: { product: aws }',
    'detection:',
    ...lines,
    `  condition: ${selections.map((_, index) => `where${index + 1}`).join(' and ')}`,
  ].join('\n');
  const { rules, problems } = parseSigma({ file: '--where', text });
  const [rule] = rules;
  if (rule === undefined || problems.length > 0) return failed(problems);
  const compiled = new Map<string, CompiledRule>();
  for (const format of FORMATS.values()) {
    const one = compileRule(rule, { placeholders, aliases: aliases.get(format.name) ?? {} });
    if (!one.ok) return one;
    compiled.set(format.name, one.value);
  }
  return ok((event) => compiled.get(event.format)?.matches(event) ?? false);
}
