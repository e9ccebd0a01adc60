import { DATA_SCENARIOS } from './data.ts';
import { IDENTITY_SCENARIOS } from './identity.ts';
import { INSTANCE_SCENARIOS } from './instance.ts';
import { NETWORK_SCENARIOS } from './network.ts';
import type { ActionScenarios } from './scenario.ts';
import { TRAIL_SCENARIOS } from './trail.ts';
import { WORKLOAD_SCENARIOS } from './workload.ts';

/** Of every action, by its name. */
export const SCENARIOS: ActionScenarios = {
  ...INSTANCE_SCENARIOS,
  ...WORKLOAD_SCENARIOS,
  ...IDENTITY_SCENARIOS,
  ...NETWORK_SCENARIOS,
  ...DATA_SCENARIOS,
  ...TRAIL_SCENARIOS,
};

/** Actions that nobody has written a scenario for yet: to be empty. */
export const WITHOUT_SCENARIO: readonly string[] = [];
