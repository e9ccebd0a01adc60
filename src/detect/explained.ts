import type { Branch } from '../model/finding.ts';
import { columnItems } from '../sigma/column-rules.ts';
import type { CompiledRule, EventView } from '../sigma/compile.ts';
import { asksOneField } from '../sigma/compile-item.ts';
import { isScalar } from '../sigma/value-test.ts';
import type { FieldOf } from './subject.ts';

/** A rule that can say why it matched without making an event of every record. */
export interface ExplainedRule extends Pick<CompiledRule, 'ref'> {
  /** Why it matched a record; the event is only asked for where that is not known yet. */
  branch(fieldOf: FieldOf, event: () => EventView): Branch;
}

/** Branches of a rule that are remembered; then all are forgotten, so that memory does not grow with the log. */
const REMEMBERED = 1_000;

/** Why a rule matched follows from the values of the fields that it asks for: of the same ones it is told once. */
export function explained(rule: CompiledRule): ExplainedRule {
  const { ref } = rule;
  const explain = (event: EventView): Branch => {
    const branch = rule.explain(event);
    if (branch === undefined) throw new Error(`${ref.id} matches by columns and not by fields`);
    return branch;
  };
  const fields = fieldsThatDecide(rule);
  if (fields === undefined) return { ref, branch: (_, event) => explain(event()) };
  const known = new Map<string, Branch>();
  return {
    ref,
    branch(fieldOf, event) {
      let key = '';
      for (const field of fields) {
        const value = fieldOf(field);
        if (value !== undefined && !isScalar(value)) return explain(event());
        key += `${typeof value} ${value}\0`;
      }
      const before = known.get(key);
      if (before !== undefined) return before;
      if (known.size >= REMEMBERED) known.clear();
      const branch = explain(event());
      known.set(key, branch);
      return branch;
    },
  };
}

/** Nothing for a rule that looks at whole records, compares fields or asks lists, which are refreshed. */
function fieldsThatDecide(rule: CompiledRule): ReadonlySet<string> | undefined {
  const fields = new Set<string>();
  for (const item of columnItems(rule)) {
    const tests = item.perValue.flat();
    if (!asksOneField(item) || tests.some(({ shape }) => shape?.kind === 'lookup')) return undefined;
    // An empty list of values says the same of every value.
    if (tests.length > 0) fields.add(item.slot.field);
  }
  return fields;
}
