import type { AddressSet } from '../intel/address-set.ts';
import type { Event, FieldValue } from '../model/event.ts';
import type { InterfaceFacts } from './inventory.ts';

/** Which way traffic went, seen from the interface that logged it. */
export type Direction = 'ingress' | 'egress' | 'unknown';
/** Who opened the connection. */
export type Initiator = 'self' | 'peer' | 'unknown';

export interface FlowContext {
  readonly facts: InterfaceFacts | undefined;
  /** Networks that are ours, for records of interfaces that nobody knows. */
  readonly ownNetworks: AddressSet;
}

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
export function enrichFlow(event: Event, context: FlowContext): Event {
  const direction = directionOf(event.fields, context);
  const initiator = initiatorOf(event.fields, direction, context.facts);
  return { ...event, fields: { ...event.fields, direction, initiator } };
}

function directionOf(fields: Event['fields'], { facts, ownNetworks }: FlowContext): Direction {
  const stated = fields['flow-direction'];
  if (stated === 'ingress' || stated === 'egress') return stated;
  const source = text(fields.srcaddr);
  const destination = text(fields.dstaddr);
  if (source === undefined || destination === undefined) return 'unknown';
  const fromUs = facts ? facts.addresses.has(source) : ownNetworks.find(source) !== undefined;
  const toUs = facts ? facts.addresses.has(destination) : ownNetworks.find(destination) !== undefined;
  if (fromUs === toUs) return 'unknown';
  return fromUs ? 'egress' : 'ingress';
}

function initiatorOf(
  fields: Event['fields'],
  direction: Direction,
  facts: InterfaceFacts | undefined,
): Initiator {
  if (direction === 'unknown') return 'unknown';
  const { protocol, srcport, dstport } = fields;
  const egress = direction === 'egress';
  const sender: Initiator = egress ? 'self' : 'peer';
  const receiver: Initiator = egress ? 'peer' : 'self';

  const flags = fields['tcp-flags'];
  if (protocol === TCP && typeof flags === 'number' && (flags & SYN) !== 0)
    return (flags & ACK) === 0 ? sender : receiver;

  if (facts !== undefined && typeof protocol === 'number') {
    const peer = text(egress ? fields.dstaddr : fields.srcaddr) ?? '';
    const ownPort = Number((egress ? srcport : dstport) ?? 0);
    // Nothing that the security groups keep out can have been answered: we began.
    if (!facts.acceptsFrom(protocol, ownPort, peer)) return egress ? 'self' : 'unknown';
    return egress ? 'unknown' : 'peer';
  }
  if ((protocol !== TCP && protocol !== UDP) || typeof srcport !== 'number' || typeof dstport !== 'number')
    return 'unknown';
  if (srcport === dstport) return 'unknown';
  // Without an account to ask: the client's port is the ephemeral, higher one.
  return srcport > dstport ? sender : receiver;
}

function text(value: FieldValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
