import { z } from 'zod';

/** Of an action that a playbook can say nothing more about. */
export const NO_INPUT = z.strictObject({});
