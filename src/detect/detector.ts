import { FORMATS } from '../formats/registry.ts';
import type { DecodedStretch, Stretch } from '../formats/stretch.ts';
import { VPC_FLOW } from '../formats/vpc-flow/record.ts';
import type { AddressSet } from '../intel/address-set.ts';
import type { BadRecord, Event } from '../model/event.ts';
import type { CompiledRule } from '../sigma/compile.ts';
import { readerOf } from './common-fields.ts';
import { enrichFlow } from './flow.ts';
import { flowDetector } from './flow-detector.ts';
import type { Inventory, Owners } from './inventory.ts';
import type { RuleSet } from './rule-set.ts';
import { partsIn } from './subject.ts';
import type { Match, Tally } from './tally.ts';

export interface DetectorSettings {
  readonly rules: RuleSet;
  readonly inventory: Inventory;
  readonly owners: Owners;
  readonly ownNetworks: AddressSet;
  /** Where events are from that do not say it themselves. */
  readonly region: string;
}

/** What was in a stretch, beside what the rules found. */
export interface Looked {
  /** Records that the rules have seen. */
  readonly events: number;
  /** Records that are right and say nothing: headers, NODATA, SKIPDATA. */
  readonly skipped: number;
  readonly badRecords: readonly BadRecord[];
}

/** From records to what the rules find in them, counted. */
export type Detector = (stretch: Stretch, tally: Tally) => Promise<Looked>;

export function detector(settings: DetectorSettings): Detector {
  const { rules, inventory, owners, ownNetworks } = settings;
  const parts = partsIn(settings.region);
  const lookAtFlow = flowDetector({
    rules: rules.byFormat.get(VPC_FLOW)?.rules ?? [],
    inventory,
    ownNetworks,
    parts,
  });
  const add = async (matches: readonly Match[], tally: Tally): Promise<void> => {
    const orphans = matches.filter(({ subject, seenOn }) => subject === seenOn);
    await owners.prefetch([...new Set(orphans.map(({ seenOn }) => seenOn))]);
    for (const match of matches) {
      const owner = match.subject === match.seenOn ? owners.find(match.seenOn) : undefined;
      tally.add(owner === undefined ? match : { ...match, subject: owner });
    }
  };
  const matchesOf = (event: Event): Match[] => {
    const index = rules.byFormat.get(event.format);
    const format = FORMATS.get(event.format);
    if (index === undefined || format === undefined) return [];
    const facts = event.format === VPC_FLOW ? inventory.find(interfaceOf(event) ?? '') : undefined;
    const seen = event.format === VPC_FLOW ? enrichFlow(event, { facts, ownNetworks }) : event;
    return index.match(seen).map((rule) => ({
      rule: rule.ref,
      ...parts(format, (field) => readerOf(field)(seen.fields), facts),
      time: event.time,
      evidence: () => event,
      branch: () => branchOf(rule, seen),
    }));
  };
  const lookAtDecoded = async ({ decoded }: DecodedStretch, tally: Tally): Promise<Looked> => {
    const events = decoded.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
    const badRecords = decoded.flatMap((one) => (one.kind === 'bad' ? [one.record] : []));
    if (inventory.knowsNothing !== true)
      await inventory.prefetch(events.flatMap((event) => interfaceOf(event) ?? []));
    const matches = events.flatMap(matchesOf);
    if (matches.length > 0) await add(matches, tally);
    return { events: events.length, skipped: decoded.length - events.length - badRecords.length, badRecords };
  };
  return (stretch, tally) =>
    stretch.kind === 'flow'
      ? lookAtFlow(stretch, (matches) => add(matches, tally))
      : lookAtDecoded(stretch, tally);
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
