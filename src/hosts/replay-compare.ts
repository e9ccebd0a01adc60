import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import type { RuleSet } from '../detect/rule-set.ts';
import { canonicalJson, type Json } from '../model/json.ts';
import { InputError, ok, type Result } from '../model/problem.ts';
import { type ComparedRule, type CompareReport, compareReport } from '../report/compare-report.ts';
import type { CorrelationRule } from '../sigma/correlation-rule.ts';
import type { SigmaRule } from '../sigma/rule.ts';
import { STDIN } from '../sources/inputs.ts';
import { BOX } from './box.ts';
import type { OpenReplay } from './replay.ts';
import { type Setup, setUp } from './setup.ts';

/** The name of the rules in the box, where a folder or a file of rules may stand. */
export const BOX_RULES = 'box';

export interface ComparedSets {
  readonly before: ComparedSet;
  readonly after: ComparedSet;
}

interface ComparedSet {
  readonly name: string;
  readonly setup: Setup;
}

/** Reads two sets of rules, each a folder, a file, or `box`; all else is as the configuration says. */
export function compareSetups(config: Config, before: string, after: string): Result<ComparedSets> {
  const read = (name: string): Result<Setup> =>
    setUp(config, [name === BOX_RULES ? join(BOX, 'rules') : name]);
  const one = read(before);
  if (!one.ok) return one;
  const other = read(after);
  if (!other.ok) return other;
  return ok({ before: { name: before, setup: one.value }, after: { name: after, setup: other.value } });
}

/** Reads the logs once for each of the sets. Throws {@link InputError} for standard input, which can be read once. */
export async function compareOver(
  { replay }: OpenReplay,
  patterns: readonly string[],
  { before, after }: ComparedSets,
): Promise<CompareReport> {
  if (patterns.includes(STDIN)) throw new InputError('standard input cannot be read twice: name files');
  const side = async ({ name, setup }: ComparedSet) => ({
    name,
    rules: comparedRules(setup.rules),
    report: await replay(setup),
  });
  return compareReport(await side(before), await side(after));
}

/** All rules, also those that only serve correlations; as they are after filters and pipelines. */
function comparedRules({ rules, correlations }: RuleSet): ComparedRule[] {
  return [...rules.map(ofRule), ...correlations.map(({ rule }) => ofCorrelation(rule))];
}

function ofRule({ id, title, level, logsource, detection, condition }: SigmaRule): ComparedRule {
  return {
    rule: { id, title, level },
    parts: { level, title, logsource: text(logsource), detection: text({ detection, condition }) },
  };
}

function ofCorrelation({ id, title, level, ...rest }: CorrelationRule): ComparedRule {
  const { document: _, attributes: __, tags: ___, status: ____, description: _____, ...correlation } = rest;
  return { rule: { id, title, level }, parts: { level, title, correlation: text(correlation) } };
}

/** What a rule says, without where it stands in its file. */
function text(value: unknown): string {
  return canonicalJson(plain(value));
}

function plain(value: unknown): Json {
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value === undefined ? null : (value as Json);
  const own = Object.entries(value).filter(
    ([key, member]) => key !== 'document' && key !== 'path' && member !== undefined,
  );
  return Object.fromEntries(own.map(([key, member]) => [key, plain(member)]));
}
