import type { Action } from '../actions/action.ts';
import { ACTIONS } from '../actions/registry.ts';
import { AUDIT_ACTIONS } from '../audit/actions/actions.ts';

/** Every action that a playbook can name. */
export const ALL_ACTIONS: ReadonlyMap<string, Action> = new Map([
  ...ACTIONS,
  ...AUDIT_ACTIONS.map((action): [string, Action] => [action.name, action]),
]);
