import type { Action } from './action.ts';
import { EVIDENCE_ACTIONS } from './evidence/actions.ts';
import { INSTANCE_ACTIONS } from './instance/actions.ts';
import { WORKLOAD_ACTIONS } from './workload/actions.ts';

/** Every action, by the name that playbooks use. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  [...EVIDENCE_ACTIONS, ...INSTANCE_ACTIONS, ...WORKLOAD_ACTIONS].map((action) => [action.name, action]),
);
