import { describeInstance } from '../actions/instance/instance.ts';
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
  /** It could not look, and did not stop the response for that. */
  readonly unknown?: true;
}

const HOUR = 3_600_000;

export interface GuardrailWorld {
  readonly store: Pick<Store, 'respondedSince'>;
  /** Only a rehearsal has no account to ask. */
  readonly aws?: AwsClients | undefined;
  readonly now: () => number;
}

/** May we respond to this incident now? Every guardrail is asked, so that every answer is on record. */
export async function askGuardrails(
  incident: Incident,
  settings: GuardrailSettings,
  { store, aws, now }: GuardrailWorld,
): Promise<GuardrailAnswer[]> {
  return [await protectedTag(incident, settings, aws), await hourlyLimit(incident, settings, store, now())];
}

async function protectedTag(
  { subject }: Incident,
  { protectedTags }: GuardrailSettings,
  aws: AwsClients | undefined,
): Promise<GuardrailAnswer> {
  const guardrail = 'protected-tag';
  if (subject.type !== INSTANCE) return { guardrail, allowed: true, reason: 'the subject carries no tags' };
  if (aws === undefined)
    return { guardrail, allowed: true, unknown: true, reason: 'without an account its tags are not known' };
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
  store: GuardrailWorld['store'],
  now: number,
): Promise<GuardrailAnswer> {
  const used = await store.respondedSince(now - HOUR, incident.id);
  return {
    guardrail: 'hourly-limit',
    allowed: used < responsesPerHour,
    reason: `${used} of ${responsesPerHour} responses of the last hour are used`,
  };
}
