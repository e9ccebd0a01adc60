import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../model/json.ts';

/** What CloudFormation takes at most. Source: AWS CloudFormation User Guide, "Understand CloudFormation quotas". */
export const MAX_TEMPLATE_BYTES = 1_048_576;

const CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'] as const;

const logicalId = z.string().regex(/^[A-Za-z0-9]{1,255}$/, 'no logical id');

/** Everything that a caller can ask for; whatever else is in a request makes it invalid. */
const schema = z
  .strictObject({
    stackName: z
      .string()
      .regex(
        /^[A-Za-z][A-Za-z0-9-]{0,127}$/,
        'no name of a stack: letters, digits and hyphens, a letter first',
      ),
    /** The text of the template. */
    template: z.string().min(1).max(MAX_TEMPLATE_BYTES).optional(),
    /** `s3://bucket/key`, in a bucket that the door reads. */
    templateLocation: z
      .string()
      .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.{1,1024}$/, 'no place: s3://bucket/key')
      .optional(),
    parameters: z.record(z.string().regex(/^[A-Za-z0-9]{1,255}$/), z.string().max(4096)).default({}),
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}),
    capabilities: z.array(z.enum(CAPABILITIES)).default([]),
    /** Resources that hold data and may be replaced or removed, one by one. */
    allowReplacement: z.array(logicalId).max(500).default([]),
    /** Makes the request one that is done once: who sends it again joins the first. */
    token: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/, 'no token: letters, digits and hyphens, 64 at most'),
    /** Seconds to wait for the end before the answer is `in-progress`. */
    wait: z.number().min(0).max(840).default(20),
  })
  .refine(
    ({ template, templateLocation }) => (template === undefined) !== (templateLocation === undefined),
    'either template or templateLocation is needed',
  )
  .refine(({ parameters }) => Object.keys(parameters).length <= 200, 'more than 200 parameters')
  .refine(
    ({ tags }) => Object.keys(tags).length <= 50 && !Object.keys(tags).some((key) => /^aws:/i.test(key)),
    'more than 50 tags, or a tag that begins with aws:',
  );

export type DoorRequest = z.output<typeof schema>;

export function readDoorRequest(value: unknown): DoorRequest | { readonly reasons: readonly string[] } {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) => {
    const where = path.filter((part) => typeof part !== 'symbol').join('.');
    return where === '' ? message : `${where}: ${message}`;
  });
  return { reasons };
}

/**
 * What makes two requests the same. It stands in the account for all to read: the token, which does not,
 * keeps secrets among the parameters from being guessed.
 */
export function digestOf(request: DoorRequest, template: string): string {
  const { stackName, token, parameters, tags, capabilities, allowReplacement } = request;
  return shortHash(
    canonicalJson({
      stackName,
      token,
      template,
      parameters,
      tags,
      capabilities: [...capabilities].sort(),
      allowReplacement: [...allowReplacement].sort(),
    }),
  );
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
