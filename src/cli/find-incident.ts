import type { Incident } from '../model/incident.ts';
import type { Store } from '../store/store.ts';
import { EXIT } from './exit.ts';
import { CommandError } from './options.ts';
import { safe } from './terminal.ts';

/** The case of a name, or of the beginning of one. */
export async function findIncident(store: Store, id: string): Promise<Incident> {
  const exact = await store.incident(id);
  if (exact !== undefined) return exact;
  const matching = (await store.incidents()).filter((incident) => incident.id.startsWith(id));
  const [only] = matching;
  if (only === undefined)
    throw new CommandError(`there is no case ${safe(id)}: see cordon incidents`, EXIT.no);
  if (matching.length > 1) {
    throw new CommandError(
      `${safe(id)} may be ${matching.map((incident) => incident.id).join(' or ')}`,
      EXIT.badInput,
    );
  }
  return only;
}
