import { INSTANCE, type Subject } from '../../model/subject.ts';
import { DAY, type Guardrail, type GuardrailStore, isGrave, type Said } from './guardrail.ts';
import { type InstanceGroup, instanceGroups } from './instance-groups.ts';

/**
 * How much of an Auto Scaling group or a target group may be lost within a day: what was answered, what is
 * being answered, and what is ill or missing for any other reason. Rounded down, so that of a group of two
 * nothing may be lost at 34 %.
 */
export const groupShare: Guardrail = {
  name: 'group-share',
  yieldsToApproval: true,
  async ask(question, { groupShare: percent }, { store, aws, now }) {
    const { incident, step } = question;
    const { subject } = incident;
    if (percent === false || subject.type !== INSTANCE || !isGrave(question)) return [];
    if (aws === undefined)
      return [{ allowed: true, unknown: true, reason: 'without an account its groups are not known' }];
    const groups = await instanceGroups(aws, subject);
    if (groups.length === 0)
      return [{ allowed: true, reason: `${subject.id} is in no Auto Scaling group and no target group` }];
    const since = now() - DAY;
    const said: Said[] = [];
    for (const group of groups) {
      const answered = await answeredOf(store, group.key, since, incident.id);
      const lost = lostOf(group, answered.subjects, subject);
      const most = Math.floor((group.size * percent) / 100);
      said.push({
        allowed: lost + 1 <= most,
        reason: `${lost} of ${group.size} instances of ${group.name} are lost, at most ${most} may be (${percent} %)`,
        // A step of the same case has the response's place already.
        seen: [{ key: group.key, since, except: { caseId: incident.id, step: '' }, count: answered.count }],
        ...(step === undefined ? { countsAs: [group.key] } : {}),
      });
    }
    return said;
  },
};

/** The instances of a group that other cases answer or have answered. */
async function answeredOf(
  store: GuardrailStore,
  key: string,
  since: number,
  except: string,
): Promise<{ readonly count: number; readonly subjects: readonly Subject[] }> {
  const others = (await store.occurrences(key, since)).filter(({ caseId }) => caseId !== except);
  const incidents = await Promise.all(others.map(({ caseId }) => store.incident(caseId)));
  return { count: others.length, subjects: incidents.flatMap((one) => one?.subject ?? []) };
}

/**
 * How many of a group are lost besides this one. One that was answered and is not in service any more may be
 * one of those that are missing now, or was replaced.
 */
function lostOf({ size, healthy }: InstanceGroup, answered: readonly Subject[], { id }: Subject): number {
  const others = new Set(answered.map((subject) => subject.id).filter((other) => other !== id));
  const stillThere = [...others].filter((other) => healthy.has(other)).length;
  const missing = size - 1 - (healthy.size - (healthy.has(id) ? 1 : 0));
  return stillThere + Math.max(0, missing, others.size - stillThere);
}
