import { z } from 'zod';

/** The ARN of a managed policy, the account's own or one of AWS. */
export const POLICY_ARN = z
  .string()
  .regex(
    /^arn:aws(-[a-z]+)*:iam::(aws|\d{12}):policy\/[\w+=,.@/-]{1,640}$/,
    'the ARN of a managed policy, arn:aws:iam::…:policy/…',
  );
