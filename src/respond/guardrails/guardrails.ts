import { describeAwsError } from '../../aws/errors.ts';
import type { Change } from '../../store/store.ts';
import { globalStop } from './global-stop.ts';
import { groupShare } from './group-share.ts';
import type { Guardrail, GuardrailAnswer, GuardrailWorld, Question, Said } from './guardrail.ts';
import { limits } from './limits.ts';
import { noisyRule } from './noisy-rule.ts';
import { protectedAccount } from './protected-account.ts';
import { protectedResource } from './protected-resource.ts';
import { protectedTag } from './protected-tag.ts';
import { quietHours } from './quiet-hours.ts';
import type { GuardrailSettings } from './settings.ts';
import { twoPersons } from './two-persons.ts';

/** In the order in which their answers are told: the first no is the reason. */
export const GUARDRAILS: readonly Guardrail[] = [
  globalStop,
  protectedTag,
  protectedAccount,
  protectedResource,
  twoPersons,
  noisyRule,
  limits,
  groupShare,
  quietHours,
];

/** What the guardrails said, and what is to be written with the decision. */
export interface Asked {
  readonly answers: readonly GuardrailAnswer[];
  /** The first no. */
  readonly refusal: GuardrailAnswer | undefined;
  /** The first no that also a person's approval does not go over. */
  readonly firmRefusal: GuardrailAnswer | undefined;
  /** To be written whatever is decided. */
  readonly changes: readonly Change[];
  /** To be written together with the decision to go ahead: refused when a limit was used up meanwhile. */
  readonly uses: readonly Change[];
  /** The same when a person goes over a no: it is counted, and no limit is compared. */
  readonly counts: readonly Change[];
}

/** May this happen now? Every guardrail is asked, so that every answer is on record. */
export async function askGuardrails(
  question: Question,
  settings: GuardrailSettings,
  world: GuardrailWorld,
): Promise<Asked> {
  const answers: GuardrailAnswer[] = [];
  const changes: Change[] = [];
  const checks: Change[] = [];
  const keys = new Set<string>();
  let firmRefusal: GuardrailAnswer | undefined;
  for (const guardrail of GUARDRAILS) {
    for (const said of await answersOf(guardrail, question, settings, world)) {
      const { allowed, reason, unknown, guardrail: name = guardrail.name } = said;
      if (reason !== undefined) {
        const answer = { guardrail: name, allowed, reason, ...(unknown ? { unknown } : {}) };
        answers.push(answer);
        if (!allowed && !guardrail.yieldsToApproval) firmRefusal ??= answer;
      }
      changes.push(...(said.changes ?? []));
      checks.push(...(said.seen ?? []).map((seen): Change => ({ kind: 'occurrences-seen', seen })));
      for (const key of said.countsAs ?? []) keys.add(key);
    }
  }
  const { incident, step } = question;
  const counts = [...keys].map((key): Change => {
    const occurrence = { key, caseId: incident.id, step: step?.id ?? '', at: world.now() };
    return { kind: 'occurrence', occurrence };
  });
  const refusal = answers.find(({ allowed }) => !allowed);
  return { answers, refusal, firmRefusal, changes, uses: [...checks, ...counts], counts };
}

/** A guardrail that cannot be asked says no. */
async function answersOf(
  guardrail: Guardrail,
  question: Question,
  settings: GuardrailSettings,
  world: GuardrailWorld,
): Promise<readonly Said[]> {
  try {
    return await guardrail.ask(question, settings, world);
  } catch (error) {
    return [{ allowed: false, reason: `${guardrail.name} cannot be asked: ${describeAwsError(error)}` }];
  }
}
