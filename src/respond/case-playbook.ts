import type { Action } from '../actions/action.ts';
import type { Incident } from '../model/incident.ts';
import type { Change, Store } from '../store/store.ts';
import { parsePlaybook } from './playbook/parse.ts';
import type { Playbook } from './playbook/playbook.ts';

export interface KnownPlaybooks {
  /** As their files are now. */
  readonly playbooks: ReadonlyMap<string, Playbook>;
  readonly actions: ReadonlyMap<string, Action>;
}

/** Binds a case to the playbook as it is now, whatever becomes of its file. */
export function bindVersion({ name, version, source }: Playbook): {
  readonly next: Pick<Incident, 'playbookVersion'>;
  readonly change: Change;
} {
  const playbook = { version, name, file: source.file, text: source.text };
  return { next: { playbookVersion: version }, change: { kind: 'playbook', playbook } };
}

/** The playbook as it was when the case was bound to it; a text says why it cannot be run any more. */
export async function playbookOfCase(
  { id, playbook: name = '', playbookVersion }: Incident,
  { playbooks, actions }: KnownPlaybooks,
  store: Pick<Store, 'playbook'>,
): Promise<Playbook | string> {
  const current = playbooks.get(name);
  if (playbookVersion === undefined)
    return current ?? `${id} is answered by the playbook ${name}, which is gone`;
  if (current?.version === playbookVersion) return current;
  const stored = await store.playbook(playbookVersion);
  if (stored === undefined) return `the playbook ${name} is not in the store as the case was begun with it`;
  const parsed = parsePlaybook({ file: stored.file, text: stored.text }, actions);
  if (parsed.ok) return parsed.value;
  const [problem] = parsed.problems;
  return `the playbook ${name}, as the case was begun with it, cannot be read any more: ${problem?.message}`;
}
