/** `node guard-judge.ts RULES DATA [CACHE]`: judges every template of a folder by every rule, and prints what failed as JSON. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileGuard } from '../src/guard/compile.ts';
import { evaluate } from '../src/guard/evaluate.ts';
import { loadGuards } from '../src/guard/rule-cache.ts';
import type { Json } from '../src/model/json.ts';

const [rules = '', data = '', cache] = process.argv.slice(2);
const sources = globSync('**/*.guard', { cwd: rules })
  .sort()
  .map((file) => ({ file, text: readFileSync(join(rules, file), 'utf8') }));
const loaded = loadGuards(sources, cache === undefined ? {} : { cache });
if (!loaded.ok) throw new Error(loaded.problems[0]?.message);
const guards = loaded.value.map(compileGuard);
const reports = globSync('*.json', { cwd: data }).map((file) => {
  const document = JSON.parse(readFileSync(join(data, file), 'utf8')) as Json;
  const verdicts = guards.flatMap((guard) => evaluate(guard, document));
  const named = (status: string): string[] =>
    verdicts.flatMap((verdict) => (verdict.status === status ? [verdict.rule] : []));
  const failed = verdicts.filter(({ status }) => status === 'FAIL' || status === 'ERROR');
  return { file, not_compliant: failed, compliant: named('PASS'), not_applicable: named('SKIP') };
});
process.stdout.write(JSON.stringify(reports));
