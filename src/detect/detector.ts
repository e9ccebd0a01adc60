import { FORMATS } from '../formats/registry.ts';
import type { DecodedStretch, Stretch } from '../formats/stretch.ts';
import { VPC_FLOW } from '../formats/vpc-flow/record.ts';
import type { AddressSet } from '../intel/address-set.ts';
import type { BadRecord, Event } from '../model/event.ts';
import type { Subject } from '../model/subject.ts';
import { isWithin, type TimeRange } from '../model/time-range.ts';
import type { CompiledRule } from '../sigma/compile.ts';
import { type Clue, clueOf } from './clue.ts';
import { readerOf } from './common-fields.ts';
import { enrichFlow } from './flow.ts';
import { flowDetector } from './flow-detector.ts';
import type { Inventory, Owners } from './inventory.ts';
import type { RuleSet } from './rule-set.ts';
import { type FieldOf, partsIn } from './subject.ts';
import type { Match, Tally } from './tally.ts';

export interface DetectorSettings {
  readonly rules: RuleSet;
  readonly inventory: Inventory;
  readonly owners: Owners;
  readonly ownNetworks: AddressSet;
  /** Where events are from that do not say it themselves. */
  readonly region: string;
  /** Events of other times are passed over. */
  readonly range?: TimeRange | undefined;
  /** Events that somebody else looks at, too. */
  readonly keep?: ((event: Event) => boolean) | undefined;
}

/** What was in a stretch, beside what the rules found. */
export interface Looked {
  /** Records that the rules have seen. */
  readonly events: number;
  /** The same by the format that they are of. */
  readonly byFormat: ReadonlyMap<string, number>;
  /** Records of another time than was asked for. */
  readonly outside: number;
  /** Records that are right and say nothing: headers, NODATA, SKIPDATA. */
  readonly skipped: number;
  readonly badRecords: readonly BadRecord[];
  /** The events that were asked for. */
  readonly kept: readonly Event[];
}

/** From records to what the rules find in them, counted; what correlations are made of goes to `clues`. */
export type Detector = (stretch: Stretch, tally: Tally, clues: (clue: Clue) => void) => Promise<Looked>;

/** What rules found in one record. */
export interface Found {
  /** Of rules that find something by themselves. */
  readonly matches: readonly Match[];
  /** Set when a correlation is made of one of the rules. */
  readonly clue: Clue | undefined;
}

export function detector(settings: DetectorSettings): Detector {
  const { rules, inventory, owners, ownNetworks, range, keep = () => false } = settings;
  const parts = partsIn(settings.region);
  const lookAtFlow = flowDetector({
    rules,
    inventory,
    ownNetworks,
    parts,
    range,
  });
  const add = async (found: readonly Found[], tally: Tally, clues: (clue: Clue) => void): Promise<void> => {
    const orphans = new Set<Subject>();
    for (const { matches, clue } of found) {
      for (const { subject, seenOn } of clue === undefined ? matches : [...matches, clue])
        if (subject === seenOn) orphans.add(seenOn);
    }
    await owners.prefetch([...orphans]);
    const owned = <Part extends { subject: Subject; seenOn: Subject }>(part: Part): Part => {
      const owner = part.subject === part.seenOn ? owners.find(part.seenOn) : undefined;
      return owner === undefined ? part : { ...part, subject: owner };
    };
    for (const { matches, clue } of found) {
      for (const match of matches) tally.add(owned(match));
      if (clue !== undefined) clues(owned(clue));
    }
  };
  const find = (event: Event): Found | undefined => {
    const index = rules.byFormat.get(event.format);
    const format = FORMATS.get(event.format);
    if (index === undefined || format === undefined) return undefined;
    const facts = event.format === VPC_FLOW ? inventory.find(interfaceOf(event) ?? '') : undefined;
    const seen = event.format === VPC_FLOW ? enrichFlow(event, { facts, ownNetworks }) : event;
    const matching = index.match(seen);
    if (matching.length === 0) return undefined;
    const fieldOf: FieldOf = (field) => readerOf(field)(seen.fields);
    const parties = parts(format, fieldOf, facts);
    const { time, raw, origin } = event;
    const evidence = () => ({ raw, origin });
    const matches = matching
      .filter(({ ref }) => !rules.quiet.has(ref.id))
      .map((rule) => ({ rule: rule.ref, ...parties, time, evidence, branch: () => branchOf(rule, seen) }));
    const aliases = rules.aliases.get(format.name) ?? {};
    return { matches, clue: clueOf(rules, matching, { ...parties, time, evidence, fieldOf, aliases }) };
  };
  const lookAtDecoded = async (
    { decoded }: DecodedStretch,
    tally: Tally,
    clues: (clue: Clue) => void,
  ): Promise<Looked> => {
    const events: Event[] = [];
    const badRecords: BadRecord[] = [];
    const byFormat = new Map<string, number>();
    let outside = 0;
    for (const one of decoded) {
      if (one.kind === 'bad') badRecords.push(one.record);
      else if (one.kind === 'event') {
        if (range === undefined || isWithin(range, one.event.time)) {
          events.push(one.event);
          byFormat.set(one.event.format, (byFormat.get(one.event.format) ?? 0) + 1);
        } else outside++;
      }
    }
    if (inventory.knowsNothing !== true)
      await inventory.prefetch(events.flatMap((event) => interfaceOf(event) ?? []));
    const found: Found[] = [];
    for (const event of events) {
      const one = find(event);
      if (one !== undefined) found.push(one);
    }
    if (found.length > 0) await add(found, tally, clues);
    const skipped = decoded.length - events.length - badRecords.length - outside;
    const kept = events.filter(keep);
    return { events: events.length, byFormat, outside, skipped, badRecords, kept };
  };
  return (stretch, tally, clues) =>
    stretch.kind === 'flow'
      ? lookAtFlow(stretch, (found) => add(found, tally, clues))
      : lookAtDecoded(stretch, tally, clues);
}

function branchOf(rule: CompiledRule, event: Event) {
  const branch = rule.explain(event);
  if (branch === undefined) throw new Error(`${rule.ref.id} matches and cannot say why`);
  return branch;
}

function interfaceOf({ format, fields }: Event): string | undefined {
  const id = fields['interface-id'];
  return format === VPC_FLOW && typeof id === 'string' ? id : undefined;
}
