import type { Event } from '../model/event.ts';
import type { Incident } from '../model/incident.ts';
import type { Change } from '../store/store.ts';
import type { AnswerSettings } from './answers.ts';
import { type JudgeWorld, judgeResource, NotReadYet } from './judge-resource.ts';
import { changesIn } from './note.ts';
import type { KnownRoles } from './principal.ts';

export interface AuditSettings extends AnswerSettings {
  /** Milliseconds that a resource must be quiet before it is judged, and how long it may go on changing. */
  readonly settle: number;
  readonly longest: number;
  /** Roles that are known for what they do. */
  readonly roles: KnownRoles;
  /** Hears of resources that cannot be read now; they are read again at the next look. */
  readonly onTrouble: (reason: string) => void;
}

/** From API calls to judged resources. */
export interface Auditor {
  /** What the calls touched, to be stored together with how far their source has been read. */
  note(events: readonly Event[]): Change[];
  /**
   * Judges every resource whose changes have settled, or every resource with changes when it is final. One
   * that is just being taken back waits: what was planned is for what was found. Answers how many were judged.
   */
  look(final: boolean): Promise<number>;
}

/** Resources that are read at the same time. */
const AT_ONCE = 8;

export function auditor(settings: AuditSettings, world: JudgeWorld): Auditor {
  const { store, now } = world;
  const judgeOrLeave = async (key: string): Promise<boolean> => {
    if (isBusy(await store.latestIncident(key))) return false;
    try {
      const waiting = await store.resourceChanges(key, 'waiting');
      await judgeResource(key, waiting, settings, world);
      return waiting.length > 0;
    } catch (error) {
      if (!(error instanceof NotReadYet)) throw error;
      settings.onTrouble(error.message);
      return false;
    }
  };
  return {
    note: (events) => {
      const notedAt = now();
      return events.flatMap((event) =>
        changesIn(event, notedAt, settings.roles).map(
          (change): Change => ({ kind: 'resource-change', change }),
        ),
      );
    },
    async look(final) {
      const at = now();
      const due = final
        ? await store.settledResources(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
        : await store.settledResources(at - settings.settle, at - settings.longest);
      let judged = 0;
      for (let from = 0; from < due.length; from += AT_ONCE) {
        const done = await Promise.all(due.slice(from, from + AT_ONCE).map(judgeOrLeave));
        judged += done.filter(Boolean).length;
      }
      return judged;
    },
  };
}

/** What is found now would be added to a response that does not know of it. */
function isBusy(incident: Incident | undefined): boolean {
  return incident !== undefined && ['new', 'responding', 'undoing'].includes(incident.state);
}
