import { OWN_READERS } from './own-readers.ts';

/** What the guardrails read of a resource that is EC2's. */
const TAGS = 'ec2:DescribeTags';

/**
 * IAM actions that reading a resource may need. Cloud Control reads with the caller's rights: those to read
 * the services come on top, as in the AWS managed policy SecurityAudit.
 * Source: AWS Cloud Control API User Guide, "Specifying credentials for Cloud Control API".
 */
export const READ_PERMISSIONS: readonly string[] = [
  ...new Set([
    'cloudformation:GetResource',
    TAGS,
    ...[...OWN_READERS.values()].flatMap((one) => one.permissions),
  ]),
].sort();
