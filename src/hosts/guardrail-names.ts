import type { Config } from '../config/config.ts';
import type { Problem } from '../model/problem.ts';
import type { LimitSettings } from '../respond/guardrails/settings.ts';
import { problemAtPath } from '../yaml/document.ts';
import { nearest } from '../yaml/nearest.ts';
import { ALL_ACTIONS } from './actions.ts';

/** Names in the guardrails of a configuration of what is not there: such a guardrail would guard nothing. */
export function unknownGuardrailNames(
  { guardrails, document }: Config,
  ruleIds: readonly string[],
): Problem[] {
  if (document === undefined) return [];
  const unknown = (path: (string | number)[], what: string, name: string, known: Iterable<string>) => {
    const all = [...new Set(known)];
    if (all.includes(name)) return [];
    const message = `there is no ${what} ${name}`;
    return [
      problemAtPath(document, ['guardrails', ...path], message, {
        expected: all.join(', '),
        fix: nearest(name, all),
      }),
    ];
  };
  const { twoPersons, limits } = guardrails;
  const irreversible = [...ALL_ACTIONS.values()].filter(({ effect }) => effect === 'irreversible');
  const named: Partial<Record<LimitSettings['of'], Iterable<string>>> = {
    rule: ruleIds,
    group: [...ALL_ACTIONS.values()].map(({ group }) => group),
    action: ALL_ACTIONS.keys(),
  };
  return [
    ...(typeof twoPersons === 'boolean' ? [] : twoPersons).flatMap((name, index) =>
      unknown(
        ['twoPersons', index],
        'action that cannot be undone named',
        name,
        irreversible.map((action) => action.name),
      ),
    ),
    ...limits.flatMap(({ of, only }, index) => {
      const known = named[of];
      return only === undefined || known === undefined
        ? []
        : unknown(['limits', index, 'only'], of, only, known);
    }),
  ];
}
