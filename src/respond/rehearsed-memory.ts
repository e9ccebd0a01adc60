import type { Incident } from '../model/incident.ts';
import type { Json } from '../model/json.ts';
import type { Change } from '../store/store.ts';
import type { GuardrailStore } from './guardrails/guardrail.ts';

/** What guardrails ask the store for, of a past that is played through once: times never go back. */
export interface RehearsedMemory extends GuardrailStore {
  /** Takes what is counted and remembered; everything else is not of a rehearsal. */
  write(changes: readonly Change[]): void;
}

type Counted = { readonly caseId: string; readonly step: string; readonly at: number };

export function rehearsedMemory(incident: (id: string) => Incident | undefined): RehearsedMemory {
  const counted = new Map<string, Counted[]>();
  const known = new Set<string>();
  const memory = new Map<string, Json>();
  /** The place of the first at or after a time; most questions are about the end. */
  const placeOf = (all: readonly Counted[], time: number): number => {
    let low = 0;
    let high = all.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((all[middle] as Counted).at < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    write(changes) {
      for (const change of changes) {
        if (change.kind === 'memory') memory.set(change.name, change.value);
        if (change.kind !== 'occurrence') continue;
        const { key, ...one } = change.occurrence;
        const id = `${key}\0${one.caseId}\0${one.step}`;
        if (known.has(id)) continue;
        known.add(id);
        const all = counted.get(key);
        if (all === undefined) counted.set(key, [one]);
        else all.push(one);
      }
    },
    incident: async (id) => incident(id),
    memory: async (name) => memory.get(name),
    async occurrences(key, since) {
      const all = counted.get(key) ?? [];
      return all.slice(placeOf(all, since)).map((one) => ({ key, ...one }));
    },
    async occurrencesWithin(key, from, to) {
      const all = counted.get(key) ?? [];
      const [begin, end] = [placeOf(all, from), placeOf(all, to)];
      const first = all[begin];
      return { count: end - begin, ...(first !== undefined && begin < end ? { first: first.at } : {}) };
    },
  };
}
