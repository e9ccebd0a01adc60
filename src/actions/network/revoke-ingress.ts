import { revokeAction } from './revoke-action.ts';

export const revokeIngress = revokeAction('ingress');
