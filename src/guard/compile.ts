import { applicability } from './applicability.ts';
import { Compiler } from './clause.ts';
import type { CompiledRule } from './run.ts';
import type { Bindings } from './scope.ts';
import type { GuardFile } from './syntax.ts';

/** A rule file that is ready to judge documents, any number of them. */
export interface CompiledGuard {
  readonly file: GuardFile;
  /** In the order of the file. */
  readonly rules: readonly CompiledRule[];
  readonly byName: ReadonlyMap<string, readonly CompiledRule[]>;
  readonly parameterized: ReadonlyMap<string, CompiledRule>;
  readonly bindings: Bindings;
}

/** Prepares a rule file. Clauses become closures when they are first reached, and stay. */
export function compileGuard(file: GuardFile): CompiledGuard {
  const compiler = new Compiler(file.source.text);
  const appliesTo = applicability(file);
  const rules = file.rules.map((rule) => compiler.rule(rule, appliesTo(rule)));
  const byName = new Map<string, CompiledRule[]>();
  for (const rule of rules) byName.set(rule.rule.name, [...(byName.get(rule.rule.name) ?? []), rule]);
  return {
    file,
    rules,
    byName,
    parameterized: new Map(file.parameterized.map((rule) => [rule.name, compiler.rule(rule)])),
    bindings: compiler.bindings(file.assignments),
  };
}
