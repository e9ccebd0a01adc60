import { currentStop, stopReason } from '../stop.ts';
import { type Guardrail, isGrave } from './guardrail.ts';

/** While a person has stopped everything nothing begins, and no approval goes over that. */
export const globalStop: Guardrail = {
  name: 'global-stop',
  yieldsToApproval: false,
  async ask(question, _, { store }) {
    const stop = await currentStop(store);
    if (stop !== undefined) return [{ allowed: false, reason: stopReason(stop) }];
    return isGrave(question) ? [{ allowed: true, reason: 'nobody has stopped Cordon' }] : [];
  },
};
