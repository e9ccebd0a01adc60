import { type IndicatorSet, indicatorSetOf, type SharedIndicators } from './indicators.ts';
import { RESERVED } from './suspicion.ts';

/** The sets behind a placeholder at one time. */
export interface LookupParts {
  readonly asked: readonly AskedSet[];
  /** What is on any of them is not found. */
  readonly excluding: readonly IndicatorSet[];
}

export interface AskedSet {
  readonly set: IndicatorSet;
  /** Whether reserved networks are in the list and are never to be matched. */
  readonly ignoresReserved: boolean;
}

/** Asked by rules; it stays the same while the lists behind it are refreshed. */
export interface ListLookup {
  find(value: string): string | undefined;
  /** Whether an IPv4 address is on it: a number of 32 bits, signed or not. */
  hasIpv4(address: number): boolean;
  /** Writes those of the rows whose address is on it into `out`, in their order; answers how many. */
  keepIpv4(addresses: Int32Array, rows: Int32Array, count: number, out: Int32Array): number;
  /** What {@link sharedListLookup} makes the same lookup of in another thread, as the lists are now; nothing is copied. */
  toShared(): SharedListLookup;
}

export interface SharedListLookup {
  readonly asked: readonly { readonly indicators: SharedIndicators; readonly ignoresReserved: boolean }[];
  readonly excluding: readonly SharedIndicators[];
}

/** `live.parts` may be replaced at any time. */
export function listLookup(live: { readonly parts: LookupParts }): ListLookup {
  const hasIpv4 = (address: number): boolean => {
    const { asked, excluding } = live.parts;
    for (const { set, ignoresReserved } of asked) {
      if (!set.hasIpv4(address) || (ignoresReserved && RESERVED.hasIpv4(address))) continue;
      return !excluding.some((one) => one.hasIpv4(address));
    }
    return false;
  };
  return {
    find(value) {
      const { asked, excluding } = live.parts;
      for (const { set, ignoresReserved } of asked) {
        const entry = set.findEntry(value);
        if (entry === undefined || (ignoresReserved && RESERVED.find(value) !== undefined)) continue;
        return excluding.some((one) => one.findEntry(value) !== undefined) ? undefined : entry;
      }
      return undefined;
    },
    hasIpv4,
    keepIpv4(addresses, rows, count, out) {
      const { asked } = live.parts;
      const keep = asked.length === 1 ? asked[0]?.set.keepIpv4 : undefined;
      // One list says what may be on it; what else is to be asked is asked of little then.
      const some = keep === undefined ? count : keep(addresses, rows, count, out);
      const from = keep === undefined ? rows : out;
      let kept = 0;
      for (let at = 0; at < some; at++) {
        const row = from[at] as number;
        if (hasIpv4(addresses[row] as number)) out[kept++] = row;
      }
      return kept;
    },
    toShared() {
      const { asked, excluding } = live.parts;
      return {
        asked: asked.map(({ set, ignoresReserved }) => ({ indicators: set.toShared(), ignoresReserved })),
        excluding: excluding.map((set) => set.toShared()),
      };
    },
  };
}

export function sharedListLookup({ asked, excluding }: SharedListLookup): ListLookup {
  const sets = asked.map(({ indicators, ignoresReserved }) => ({
    set: indicatorSetOf(indicators),
    ignoresReserved,
  }));
  return listLookup({ parts: { asked: sets, excluding: excluding.map(indicatorSetOf) } });
}
