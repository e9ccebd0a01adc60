import { FIELD_ALIASES } from '../formats/vpc-flow/fields.ts';
import { VPC_FLOW } from '../formats/vpc-flow/record.ts';
import type { Problem, SourceText } from '../model/problem.ts';
import { type CompiledRule, compileRule } from '../sigma/compile.ts';
import { parseSigma } from '../sigma/parse.ts';
import type { Placeholders } from '../sigma/placeholder.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { problemAtPath } from '../yaml/document.ts';

/** Which format a Sigma `logsource` means, by product and service. */
const FORMATS: readonly { readonly product: string; readonly service: string; readonly format: string }[] = [
  { product: 'aws', service: 'vpcflow', format: VPC_FLOW },
];

const ALIASES: Readonly<Record<string, Readonly<Record<string, string>>>> = { [VPC_FLOW]: FIELD_ALIASES };

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
            expected: FORMATS.map(({ product, service }) => `product: ${product}, service: ${service}`).join(
              '; ',
            ),
          }),
        );
        continue;
      }
      const compiled = compileRule(rule, { placeholders, aliases: ALIASES[format] ?? {} });
      if (!compiled.ok) {
        problems.push(...compiled.problems);
        continue;
      }
      rules.push(rule);
      byFormat.set(format, [...(byFormat.get(format) ?? []), compiled.value]);
    }
  }
  return { byFormat, rules, problems };
}

function formatOf({ logsource }: SigmaRule): string | undefined {
  return FORMATS.find(
    ({ product, service }) => product === logsource.product && service === logsource.service,
  )?.format;
}
