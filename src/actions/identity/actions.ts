import { deactivateAccessKey } from './deactivate-access-key.ts';
import { deleteLoginProfile } from './delete-login-profile.ts';
import { detachPolicy } from './detach-policy.ts';
import { quarantinePrincipal } from './quarantine-principal.ts';
import { recordIdentity } from './record-identity.ts';
import { removeFromGroup } from './remove-from-group.ts';
import { revokeRoleSessions } from './revoke-role-sessions.ts';

export const IDENTITY_ACTIONS = [
  recordIdentity,
  deactivateAccessKey,
  revokeRoleSessions,
  quarantinePrincipal,
  detachPolicy,
  removeFromGroup,
  deleteLoginProfile,
];
