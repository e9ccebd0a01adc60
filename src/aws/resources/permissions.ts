import { OWN_READERS } from './own-readers.ts';

/**
 * IAM actions that reading a resource may need. Cloud Control reads with the caller's rights: those to read
 * the services come on top, as in the AWS managed policy SecurityAudit.
 * Source: AWS Cloud Control API User Guide, "Specifying credentials for Cloud Control API".
 */
export const READ_PERMISSIONS: readonly string[] = [
  ...new Set(['cloudformation:GetResource', ...[...OWN_READERS.values()].flatMap((one) => one.permissions)]),
].sort();
