import { DATA_SCENARIOS } from './data.ts';
import { IDENTITY_SCENARIOS } from './identity.ts';
import { INSTANCE_SCENARIOS } from './instance.ts';
import type { ActionScenarios } from './scenario.ts';

/** Of every action, by its name. */
export const SCENARIOS: ActionScenarios = {
  ...INSTANCE_SCENARIOS,
  ...IDENTITY_SCENARIOS,
  ...DATA_SCENARIOS,
};

/** Actions that nobody has written a scenario for yet: to be empty. */
export const WITHOUT_SCENARIO: readonly string[] = [];
