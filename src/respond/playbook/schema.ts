import { z } from 'zod';
import { DURATION, durationOf, LONGEST } from './duration.ts';
import { INPUTS } from './inputs.ts';

const NAME = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9-]*$/, 'small letters, digits and hyphens, a letter first');

const duration = z
  .string()
  .regex(DURATION, 'a whole number and s, m, h or d, such as 10m')
  .refine((text) => !DURATION.test(text) || durationOf(text) <= LONGEST, 'at most 365d');

/** Steps are checked one by one: a fault then stands where it is. */
const steps = z.array(z.unknown()).min(1);

export const PLAYBOOK = z.strictObject({
  name: NAME.describe('what cordon.yaml calls it'),
  title: z.string().min(1),
  description: z.string().optional(),
  subjects: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('CloudFormation types of what it can be run on; by default those that all its actions allow'),
  inputs: INPUTS.default({}).describe('values that a binding gives under `with`'),
  steps,
});

/** What only one kind of step has, by the key that makes it that kind. */
export const KINDS = {
  action: ['with', 'timeout', 'retry', 'on_failure'],
  wait: [],
  approve: [],
  parallel: [],
} as const;

export type Kind = keyof typeof KINDS;

export const STEP = z.strictObject({
  id: NAME.optional().describe('what later steps call it; by default the name of its action'),
  action: z.string().optional().describe('what is done: cordon actions list'),
  with: z.record(z.string(), z.unknown()).optional().describe('what the action is given'),
  if: z
    .unknown()
    .optional()
    .describe('a Sigma selection over {incident, subject, inputs, steps}: the step is done when it matches'),
  timeout: z
    .number()
    .positive()
    .max(1440)
    .optional()
    .describe('minutes that the step may wait for AWS (default: 60)'),
  retry: z
    .strictObject({ tries: z.int().min(1).max(20), after: duration.default('5s') })
    .optional()
    .describe('how often it is tried, and how long before the second time; doubled for each further one'),
  on_failure: z
    .union([
      z.enum(['ask', 'continue']),
      z.strictObject({ steps, afterwards: z.enum(['ask', 'continue']).default('ask') }),
    ])
    .default('ask'),
  wait: z
    .strictObject({
      for: duration.optional(),
      until: z
        .union([z.string().min(1), z.number()])
        .optional()
        .describe('ISO 8601, or a reference to it'),
    })
    .refine((wait) => Object.keys(wait).length === 1, 'either for, or until')
    .optional(),
  approve: z
    .strictObject({
      message: z.string().min(1).max(1_000),
      expires: duration.default('24h'),
      approvers: z.union([z.literal(1), z.literal(2)]).default(1),
    })
    .optional(),
  parallel: z
    .union([z.array(steps).min(2), z.record(NAME, steps)])
    .optional()
    .describe('branches of steps that are done at the same time'),
});

export type RawStep = z.output<typeof STEP>;
