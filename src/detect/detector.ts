import { FORMATS } from '../formats/registry.ts';
import { VPC_FLOW } from '../formats/vpc-flow/record.ts';
import type { AddressSet } from '../intel/address-set.ts';
import type { Event } from '../model/event.ts';
import type { Detection } from '../model/finding.ts';
import { INSTANCE, type Subject } from '../model/subject.ts';
import { commonValue, scalarText } from './common-fields.ts';
import { enrichFlow } from './flow.ts';
import type { Inventory } from './inventory.ts';
import type { RuleSet } from './rules.ts';

export interface DetectorSettings {
  readonly rules: RuleSet;
  readonly inventory: Inventory;
  readonly ownNetworks: AddressSet;
  /** Where events are from that do not say it themselves. */
  readonly region: string;
}

/** From events to what the rules find in them. */
export type Detector = (events: readonly Event[]) => Promise<Detection[]>;

export function detector(settings: DetectorSettings): Detector {
  const { inventory } = settings;
  return async (events) => {
    await inventory.prefetch(events.flatMap((event) => interfaceOf(event) ?? []));
    return events.flatMap((event) => detect(event, settings));
  };
}

function detect(raw: Event, { rules, inventory, ownNetworks, region }: DetectorSettings): Detection[] {
  const interfaceId = interfaceOf(raw);
  const facts = interfaceId === undefined ? undefined : inventory.find(interfaceId);
  const event = raw.format === VPC_FLOW ? enrichFlow(raw, { facts, ownNetworks }) : raw;
  const detections: Detection[] = [];
  for (const compiled of rules.byFormat.get(event.format) ?? []) {
    if (rules.quiet.has(compiled.rule.id) || !compiled.matches(event)) continue;
    const branch = compiled.explain(event);
    if (branch === undefined) continue;
    const { id, title, level } = compiled.rule;
    const seenOn = subjectOf(event, { account: facts?.account ?? '', region });
    const subject =
      facts?.instanceId === undefined ? seenOn : { ...seenOn, type: INSTANCE, id: facts.instanceId };
    detections.push({ rule: { id, title, level }, subject, seenOn, event, branch });
  }
  return detections;
}

/** What the format says an event is about. */
function subjectOf(event: Event, known: { readonly account: string; readonly region: string }): Subject {
  const account = known.account || commonValue(event, 'cloud.account.uid') || 'unknown';
  const region = commonValue(event, 'cloud.region') ?? known.region;
  const format = FORMATS.get(event.format);
  for (const { type, field } of format?.subject ?? []) {
    const id = scalarText(event.fields, field);
    if (id !== undefined) return { type, id, account, region };
  }
  return { type: format?.subject[0]?.type ?? event.format, id: 'unknown', account, region };
}

function interfaceOf({ format, fields }: Event): string | undefined {
  const id = fields['interface-id'];
  return format === VPC_FLOW && typeof id === 'string' ? id : undefined;
}
