import { revokeAction } from './revoke-action.ts';

export const revokeEgress = revokeAction('egress');
