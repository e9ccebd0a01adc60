import type { Guardrail } from './guardrail.ts';
import { isGrave } from './guardrail.ts';

export const protectedAccount: Guardrail = {
  name: 'protected-account',
  yieldsToApproval: true,
  async ask(question, { protectedAccounts }) {
    if (protectedAccounts.length === 0 || !isGrave(question)) return [];
    const { account } = question.incident.subject;
    return protectedAccounts.includes(account)
      ? [{ allowed: false, reason: `account ${account} is protected` }]
      : [{ allowed: true, reason: `account ${account} is not protected` }];
  },
};
