import { describeInstance } from '../actions/instance.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { Incident } from '../model/incident.ts';
import { INSTANCE } from '../model/subject.ts';
import type { Store } from '../store/store.ts';

export interface GuardrailSettings {
  /** A subject with one of these tags is never touched; `KEY` or `KEY=VALUE`. */
  readonly protectedTags: readonly string[];
  /** How many responses may begin within an hour. */
  readonly responsesPerHour: number;
}

/** What one guardrail said, also when it said yes. */
export interface GuardrailAnswer {
  readonly guardrail: string;
  readonly allowed: boolean;
  readonly reason: string;
}

const HOUR = 3_600_000;

/** May we respond to this incident now? Every guardrail is asked, so that every answer is on record. */
export async function askGuardrails(
  incident: Incident,
  settings: GuardrailSettings,
  { store, aws, now }: { readonly store: Store; readonly aws: AwsClients; readonly now: () => number },
): Promise<GuardrailAnswer[]> {
  return [await protectedTag(incident, settings, aws), await hourlyLimit(incident, settings, store, now())];
}

async function protectedTag(
  { subject }: Incident,
  { protectedTags }: GuardrailSettings,
  aws: AwsClients,
): Promise<GuardrailAnswer> {
  const guardrail = 'protected-tag';
  if (subject.type !== INSTANCE) return { guardrail, allowed: true, reason: 'the subject carries no tags' };
  const instance = await describeInstance(aws, subject.id);
  const found = (instance?.Tags ?? []).find(({ Key, Value }) =>
    protectedTags.some((wanted) => wanted === Key || wanted === `${Key}=${Value}`),
  );
  return found === undefined
    ? { guardrail, allowed: true, reason: `${subject.id} has no protected tag` }
    : {
        guardrail,
        allowed: false,
        reason: `${subject.id} has the protected tag ${found.Key}=${found.Value}`,
      };
}

async function hourlyLimit(
  incident: Incident,
  { responsesPerHour }: GuardrailSettings,
  store: Store,
  now: number,
): Promise<GuardrailAnswer> {
  const used = await store.respondedSince(now - HOUR, incident.id);
  return {
    guardrail: 'hourly-limit',
    allowed: used < responsesPerHour,
    reason: `${used} of ${responsesPerHour} responses of the last hour are used`,
  };
}
