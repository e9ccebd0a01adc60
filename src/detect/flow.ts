import type { AddressSet } from '../intel/address-set.ts';
import type { Event, FieldValue } from '../model/event.ts';
import type { InterfaceFacts } from './inventory.ts';

/** Which way traffic went, seen from the interface that logged it. */
export const DIRECTIONS = ['ingress', 'egress', 'unknown'] as const;
export type Direction = (typeof DIRECTIONS)[number];
/** Who opened the connection. */
export const INITIATORS = ['self', 'peer', 'unknown'] as const;
export type Initiator = (typeof INITIATORS)[number];

export interface FlowContext {
  readonly facts: InterfaceFacts | undefined;
  /** Networks that are ours, for records of interfaces that nobody knows. */
  readonly ownNetworks: AddressSet;
}

/** What is asked of a flow log record to tell its direction and who began it. */
export interface FlowView {
  text(field: 'flow-direction' | 'srcaddr' | 'dstaddr'): string | undefined;
  number(field: 'protocol' | 'srcport' | 'dstport' | 'tcp-flags'): number | undefined;
  /** Whether the record has the address at all. */
  has(field: 'srcaddr' | 'dstaddr'): boolean;
  /** Whether one of our networks has the address; asked only where the interface is not known. */
  isOurs(field: 'srcaddr' | 'dstaddr'): boolean;
}

/** The fields of a record that {@link directionOf} and {@link initiatorOf} look at. */
export const FLOW_VIEW_FIELDS = [
  'flow-direction',
  'srcaddr',
  'dstaddr',
  'protocol',
  'srcport',
  'dstport',
  'tcp-flags',
] as const;

const TCP = 6;
const UDP = 17;
const SYN = 0x02;
const ACK = 0x10;

/**
 * Adds `direction` and `initiator` to a flow log record.
 *
 * A response may only be provoked by what the instance itself began: anyone on the internet can
 * send a packet that is rejected on its way in, or one whose answer is rejected on its way out.
 */
export function enrichFlow(event: Event, { facts, ownNetworks }: FlowContext): Event {
  const { fields } = event;
  const view: FlowView = {
    text: (field) => textOf(fields[field]),
    number: (field) => numberOf(fields[field]),
    has: (field) => fields[field] !== undefined,
    isOurs: (field) => ownNetworks.find(textOf(fields[field]) ?? '') !== undefined,
  };
  const direction = directionOf(view, facts);
  const initiator = initiatorOf(view, direction, facts);
  return { ...event, fields: { ...fields, direction, initiator } };
}

export function directionOf(view: FlowView, facts: InterfaceFacts | undefined): Direction {
  const stated = view.text('flow-direction');
  if (stated === 'ingress' || stated === 'egress') return stated;
  if (!view.has('srcaddr') || !view.has('dstaddr')) return 'unknown';
  const fromUs = isOurs(view, facts, 'srcaddr');
  if (fromUs === isOurs(view, facts, 'dstaddr')) return 'unknown';
  return fromUs ? 'egress' : 'ingress';
}

function isOurs(view: FlowView, facts: InterfaceFacts | undefined, field: 'srcaddr' | 'dstaddr'): boolean {
  return facts === undefined ? view.isOurs(field) : facts.addresses.has(view.text(field) ?? '');
}

export function initiatorOf(
  view: FlowView,
  direction: Direction,
  facts: InterfaceFacts | undefined,
): Initiator {
  if (direction === 'unknown') return 'unknown';
  const egress = direction === 'egress';
  const sender: Initiator = egress ? 'self' : 'peer';
  const receiver: Initiator = egress ? 'peer' : 'self';
  const protocol = view.number('protocol');
  const flags = view.number('tcp-flags');
  if (protocol === TCP && flags !== undefined && (flags & SYN) !== 0)
    return (flags & ACK) === 0 ? sender : receiver;

  const source = view.number('srcport');
  const destination = view.number('dstport');
  if (facts !== undefined && protocol !== undefined) {
    const peer = view.text(egress ? 'dstaddr' : 'srcaddr') ?? '';
    const ownPort = (egress ? source : destination) ?? 0;
    // Nothing that the security groups keep out can have been answered: we began.
    if (!facts.acceptsFrom(protocol, ownPort, peer)) return egress ? 'self' : 'unknown';
    return egress ? 'unknown' : 'peer';
  }
  if ((protocol !== TCP && protocol !== UDP) || source === undefined || destination === undefined)
    return 'unknown';
  if (source === destination) return 'unknown';
  // Without an account to ask: the client's port is the ephemeral, higher one.
  return source > destination ? sender : receiver;
}

function textOf(value: FieldValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: FieldValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
