import type { Action } from './action.ts';
import { DATA_ACTIONS } from './data/actions.ts';
import { EVIDENCE_ACTIONS } from './evidence/actions.ts';
import { IDENTITY_ACTIONS } from './identity/actions.ts';
import { INSTANCE_ACTIONS } from './instance/actions.ts';
import { TRAIL_ACTIONS } from './trail/actions.ts';

/** Every action, by the name that playbooks use. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  [...EVIDENCE_ACTIONS, ...INSTANCE_ACTIONS, ...IDENTITY_ACTIONS, ...DATA_ACTIONS, ...TRAIL_ACTIONS].map(
    (action) => [action.name, action],
  ),
);
