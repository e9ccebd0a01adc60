import { z } from 'zod';
import {
  APPROVED_SOURCES,
  type ApprovalSettings,
  type PrincipalPattern,
  REACTION_MODES,
} from '../audit/approval.ts';

const ACCOUNT = '[0-9*?]{1,12}';
const NAME = '[\\w+=,.@*?/-]{1,512}';

const roleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/, 'no ARN of a role');

/** A pattern that is nothing but stars means everybody, and then nothing would need to be approved. */
function arnPattern(kinds: string, wanted: string) {
  return z
    .string()
    .regex(new RegExp(`^arn:aws[a-z-]*:iam::${ACCOUNT}:(?:${kinds})$`), wanted)
    .refine((text) => !/:(?:role|user)\/[*?/]+$/.test(text), 'means everybody');
}

function patterns(arn: z.ZodType<string>) {
  const pattern = z.strictObject({ arn, session: z.string().min(1).optional() });
  return z.array(z.union([arn.transform((text): PrincipalPattern => ({ arn: text })), pattern])).default([]);
}

const roleOrUser = arnPattern(
  `role/${NAME}|user/${NAME}`,
  'no ARN of a role or a user, as arn:aws:iam::*:role/deploy-*',
);
const anybody = arnPattern(
  `role/${NAME}|user/${NAME}|root`,
  'no ARN of a role, a user or the root user, as arn:aws:iam::*:role/break-glass',
);
const rolePattern = arnPattern(`role/${NAME}`, 'no ARN of a role, as arn:aws:iam::*:role/deploy-*');

const reaction = {
  mode: z.enum(REACTION_MODES).default('observe'),
  playbook: z.string().optional(),
};

/** Which changes are approved by who makes them, and what happens to the others. */
export const approvalSchema = z
  .strictObject({
    /** Ways that are approved as such. */
    sources: z.array(z.enum(APPROVED_SOURCES)).default([...APPROVED_SOURCES]),
    /** Roles that CloudFormation must act with; it may act with any when there are none. */
    stackRoles: z.array(rolePattern).default([]),
    /** Pipelines and others whose changes are approved. */
    principals: patterns(roleOrUser),
    /** For emergencies: allowed, loud, and reported. */
    breakGlass: patterns(anybody),
    /** Roles that are known for what they do: Cordon's own, the door's, those that deploy for the door. */
    roles: z
      .strictObject({
        cordon: z.array(roleArn).default([]),
        door: z.array(roleArn).default([]),
        deploy: z.array(roleArn).default([]),
      })
      .prefault({}),
    unapproved: z
      .strictObject({
        /** Of resources that a CloudFormation stack manages. */
        managedStacks: z.strictObject(reaction).prefault({}),
        tagged: z
          .array(z.strictObject({ ...reaction, tag: z.string().min(1), value: z.string().optional() }))
          .default([]),
        all: z.strictObject(reaction).prefault({}),
      })
      .prefault({}),
  })
  .transform((settings): ApprovalSettings => settings);
