import { describe, expect, it } from 'vitest';
import { addressSet } from '../intel/address-set.ts';
import type { Event } from '../model/event.ts';
import { enrichFlow } from './flow.ts';
import type { InterfaceFacts } from './inventory.ts';

const OWN = '10.0.0.5';
const PEER = '192.0.2.9';
const ownNetworks = addressSet(['10.0.0.0/8']);
/** An instance whose security groups let anybody in on port 22. */
const facts: InterfaceFacts = {
  interfaceId: 'eni-1',
  account: '1',
  addresses: new Set([OWN]),
  acceptsFrom: (_, port) => port === 22,
};

function enriched(fields: Event['fields'], known: InterfaceFacts | 'nobody' = facts): unknown[] {
  const event: Event = {
    format: 'vpc-flow',
    time: 0,
    raw: '',
    origin: { source: '', offset: 0, line: 1 },
    fields,
  };
  const { direction, initiator } = enrichFlow(event, {
    facts: known === 'nobody' ? undefined : known,
    ownNetworks,
  }).fields;
  return [direction, initiator];
}
const out = (own: number, peer: number, more = {}) => ({
  srcaddr: OWN,
  dstaddr: PEER,
  srcport: own,
  dstport: peer,
  protocol: 6,
  ...more,
});
const into = (own: number, peer: number, more = {}) => ({
  srcaddr: PEER,
  dstaddr: OWN,
  srcport: peer,
  dstport: own,
  protocol: 6,
  ...more,
});
const unknown = { ...facts, addresses: new Set<string>() };

describe('who began a connection', () => {
  it.each<[string, Event['fields'], unknown[]]>([
    ['nobody is let in on the port: we did', out(40_000, 443), ['egress', 'self']],
    ['an answer to it that comes in: nobody can say', into(40_000, 443), ['ingress', 'unknown']],
    ['the port is open: perhaps an answer', out(22, 50_000), ['egress', 'unknown']],
    ['the port is open and it comes in: the peer', into(22, 50_000), ['ingress', 'peer']],
    ['SYN goes out: we did, whatever is open', out(22, 443, { 'tcp-flags': 2 }), ['egress', 'self']],
    ['SYN comes in: the peer', into(40_000, 443, { 'tcp-flags': 2 }), ['ingress', 'peer']],
    ['SYN-ACK goes out: the peer', out(40_000, 443, { 'tcp-flags': 18 }), ['egress', 'peer']],
    ['SYN-ACK comes in: we did', into(22, 443, { 'tcp-flags': 18 }), ['ingress', 'self']],
    [
      'a middlebox record between others',
      { srcaddr: '10.9.9.9', dstaddr: PEER, protocol: 6 },
      ['unknown', 'unknown'],
    ],
    [
      'the log says the direction',
      { ...out(40_000, 443), srcaddr: '10.9.9.9', 'flow-direction': 'egress' },
      ['egress', 'self'],
    ],
    [
      'an ICMP record goes out',
      { srcaddr: OWN, dstaddr: PEER, srcport: 0, dstport: 0, protocol: 1 },
      ['egress', 'self'],
    ],
  ])('%s', (_, fields, expected) => {
    expect(enriched(fields)).toEqual(expected);
  });

  it.each<[string, Event['fields'], unknown[]]>([
    ['the higher port is the client’s', out(40_000, 443), ['egress', 'self']],
    ['also when it comes in', into(443, 40_000), ['ingress', 'peer']],
    ['equal ports say nothing', out(123, 123), ['egress', 'unknown']],
    ['ICMP says nothing', { ...out(0, 0), protocol: 1 }, ['egress', 'unknown']],
    [
      'between our own networks nobody can say',
      { srcaddr: OWN, dstaddr: '10.0.0.6', srcport: 1, dstport: 2, protocol: 6 },
      ['unknown', 'unknown'],
    ],
  ])('of an interface that nobody knows: %s', (_, fields, expected) => {
    expect(enriched(fields, 'nobody')).toEqual(expected);
  });

  it('an interface without addresses has no direction', () => {
    expect(enriched(out(40_000, 443), unknown)).toEqual(['unknown', 'unknown']);
  });
});
