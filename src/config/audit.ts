import { z } from 'zod';
import { LEVELS } from '../model/finding.ts';
import { MODES } from '../model/incident.ts';

const seconds = z.number().positive().max(86_400);

const binding = z
  .strictObject({
    /** The id of a policy; `*` for every one. The first binding that is for a policy counts. */
    policy: z.string(),
    /** Only policies that are at least so severe. */
    level: z.enum(LEVELS).optional(),
    playbook: z.string().optional(),
    /** Without a word: a playbook is only observed, and what has none is recorded. */
    mode: z.enum(MODES).optional(),
  })
  .transform(({ mode, ...rest }) => ({
    ...rest,
    mode: mode ?? (rest.playbook === undefined ? ('record' as const) : ('observe' as const)),
  }));

/** The `audit` section of `cordon.yaml`. */
export const auditSchema = z.strictObject({
  /** `cordon watch` audits too; `cordon audit run` always does. */
  enabled: z.boolean().default(false),
  /** Folders and files of Guard rules besides the ones in the box. */
  policies: z.array(z.string()).default([]),
  builtinPolicies: z.boolean().default(true),
  /** Templates on this disk (globs): a person is told the line where a change belongs. */
  templates: z.array(z.string()).default([]),
  bindings: z
    .array(binding)
    .default([{ policy: '*', level: 'medium', playbook: 'roll-back', mode: 'observe' }]),
  /** Seconds that a resource must be quiet before it is judged, and how long it may go on changing. */
  settle: seconds.default(10),
  longest: seconds.default(120),
  /** ARNs of principals whose changes are Cordon's own, beside the one that it runs as. */
  own: z.array(z.string()).default([]),
});
