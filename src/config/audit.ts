import { z } from 'zod';

const seconds = z.number().positive().max(86_400);

/** The `audit` section of `cordon.yaml`. */
export const auditSchema = z.strictObject({
  /** `cordon watch` audits too; `cordon audit run` always does. */
  enabled: z.boolean().default(false),
  /** Folders and files of Guard rules besides the ones in the box. */
  policies: z.array(z.string()).default([]),
  builtinPolicies: z.boolean().default(true),
  /** Seconds that a resource must be quiet before it is judged, and how long it may go on changing. */
  settle: seconds.default(10),
  longest: seconds.default(120),
  /** ARNs of principals whose changes are Cordon's own, beside the one that it runs as. */
  own: z.array(z.string()).default([]),
});
