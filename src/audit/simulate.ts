import type { Event } from '../model/event.ts';
import { type Mode, strongerMode } from '../model/incident.ts';
import type { ResourceChange } from '../model/resource.ts';
import type { JudgeResource } from '../model/violation.ts';
import { type AnswerSettings, atMost, type Response } from './answers.ts';
import { BREAK_GLASS, UNAPPROVED } from './assessment.ts';
import { brokenByCall } from './blame.ts';
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
      for (const { policy, message } of brokenByCall(call, change.subject, judge)) {
        if (against.some(({ rule }) => rule === policy.id)) continue;
        const bound = settings.responseTo(policy.id);
        const response = assessment.standing === 'unapproved' ? bound : atMost(bound, 'approve');
        against.push({ rule: policy.id, why: message, response });
      }
      if (assessment.response !== undefined) {
        const rule = (assessment.standing === 'break-glass' ? BREAK_GLASS : UNAPPROVED).id;
        against.push({ rule, why: assessment.why, response: assessment.response });
      }
    }
    const states = image === undefined ? {} : { after: image };
    const wayBack: WayBack = inverseOf(call, change.subject.type)?.plan(call, states, change.subject) ?? {
      kind: 'unknown',
      why: 'the last compliant state would be asked of the store',
    };
    const modes = against.map(({ response }) => response.mode);
    return [{ change, against, mode: strongest(modes), standing: assessment.standing, wayBack }];
  });
}

function strongest(modes: readonly Mode[]): Mode {
  return modes.reduce((best, mode) => (strongerMode(mode, best) ? mode : best), 'record');
}
