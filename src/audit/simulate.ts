import type { Event } from '../model/event.ts';
import type { Mode } from '../model/incident.ts';
import type { Json } from '../model/json.ts';
import type { ResourceChange } from '../model/resource.ts';
import type { JudgeResource } from '../model/violation.ts';
import type { AnswerSettings, Response } from './answers.ts';
import { imageOf } from './images.ts';
import { inverseOf } from './inverses/inverse-of.ts';
import { callOf, changesIn } from './note.ts';
import type { KnownRoles } from './principal.ts';
import type { WayBack } from './way-back.ts';

/** What would have been done about one change of a trail, as far as its record alone tells. */
export interface SimulatedChange {
  readonly change: ResourceChange;
  /** Rules and policies against it, each with what is bound to it. */
  readonly against: readonly { readonly rule: string; readonly why: string; readonly response: Response }[];
  /** The strongest of the modes. */
  readonly mode: Mode;
  readonly standing: 'approved' | 'own' | 'break-glass' | 'unapproved';
  readonly wayBack: WayBack;
}

/**
 * Judges the changes in an event without asking AWS: by who made them, and by the policies on what the
 * call itself says of the resource. What the resource was before is not known here.
 */
export function simulate(
  event: Event,
  settings: AnswerSettings & { readonly roles: KnownRoles },
  judge: JudgeResource,
): SimulatedChange[] {
  return changesIn(event, event.time, settings.roles).flatMap((change) => {
    const call = callOf(change);
    if (call === undefined) return [];
    const image = imageOf(call, change.subject.type);
    const assessment = settings.assess(call, image ?? {});
    const against: { rule: string; why: string; response: Response }[] = [];
    if (assessment.standing !== 'own') {
      for (const { policy, message, attribute } of image === undefined ? [] : judge(change.subject, image)) {
        if (!isSaid(image, attribute) || against.some(({ rule }) => rule === policy.id)) continue;
        against.push({ rule: policy.id, why: message, response: settings.responseTo(policy.id) });
      }
      if (assessment.response !== undefined) {
        const rule = assessment.standing === 'break-glass' ? 'break-glass-change' : 'unapproved-change';
        against.push({ rule, why: assessment.why, response: assessment.response });
      }
    }
    const states = image === undefined ? {} : { after: image };
    const wayBack: WayBack = inverseOf(call)?.plan(call, states) ?? {
      kind: 'unknown',
      why: 'the last compliant state would be asked of the store',
    };
    const modes = against.map(({ response }) => response.mode);
    return [{ change, against, mode: strongest(modes), standing: assessment.standing, wayBack }];
  });
}

/** A policy may want what the call does not speak of: whether the resource has it is not known. */
function isSaid(image: Json | undefined, attribute: string): boolean {
  return attribute !== '' && typeof image === 'object' && image !== null && attribute in image;
}

const ORDER: readonly Mode[] = ['enforce', 'approve', 'observe', 'record'];

function strongest(modes: readonly Mode[]): Mode {
  return ORDER.find((mode) => modes.includes(mode)) ?? 'record';
}
