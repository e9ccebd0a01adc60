import { toJson } from '../model/json.ts';
import type { Store } from '../store/store.ts';
import type { Person } from './person.ts';

/** The word of a person that nothing is to be changed any more. */
export interface Stop {
  readonly by: string;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The name under which the store remembers it: every process of the store sees it at once. */
const STOP = 'stop';

/** The stop that holds now. */
export async function currentStop(store: Pick<Store, 'memory'>): Promise<Stop | undefined> {
  return ((await store.memory(STOP)) ?? undefined) as unknown as Stop | undefined;
}

export function stopReason({ by, reason }: Stop): string {
  return `stopped by ${by}: ${reason}`;
}

/** From now on nothing is changed; durable when it resolves. A sentence says that it was so already. */
export async function stopEverything(
  store: Store,
  { reason, ...person }: Person & { readonly reason: string },
  now: () => number,
): Promise<string | undefined> {
  const before = await currentStop(store);
  if (before !== undefined) return `Cordon is ${stopReason(before)}`;
  const stop: Stop = { by: person.by, reason, at: now() };
  await store.commit([
    { kind: 'memory', name: STOP, value: toJson(stop) },
    { kind: 'ledger', record: { at: now(), kind: 'stop.set', body: toJson({ ...person, reason }) } },
  ]);
  return undefined;
}

/** Lets changes be made again; what was stopped goes on only when a person says so. */
export async function liftStop(
  store: Store,
  { reason, ...person }: Person & { readonly reason: string },
  now: () => number,
): Promise<string | undefined> {
  if ((await currentStop(store)) === undefined) return 'Cordon is not stopped';
  await store.commit([
    { kind: 'memory', name: STOP, value: null },
    { kind: 'ledger', record: { at: now(), kind: 'stop.lifted', body: toJson({ ...person, reason }) } },
  ]);
  return undefined;
}
