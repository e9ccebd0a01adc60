import type { Action } from './action.ts';
import { DATA_ACTIONS } from './data/actions.ts';
import { EVIDENCE_ACTIONS } from './evidence/actions.ts';
import { IDENTITY_ACTIONS } from './identity/actions.ts';
import { INSTANCE_ACTIONS } from './instance/actions.ts';
import { NETWORK_ACTIONS } from './network/actions.ts';
import { TRAIL_ACTIONS } from './trail/actions.ts';
import { WORKLOAD_ACTIONS } from './workload/actions.ts';

const GROUPS: readonly (readonly Action[])[] = [
  EVIDENCE_ACTIONS,
  INSTANCE_ACTIONS,
  WORKLOAD_ACTIONS,
  IDENTITY_ACTIONS,
  NETWORK_ACTIONS,
  DATA_ACTIONS,
  TRAIL_ACTIONS,
];

/** Every action, by the name that playbooks use. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  GROUPS.flat().map((action) => [action.name, action]),
);
