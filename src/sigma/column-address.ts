import ipaddr from 'ipaddr.js';
import type { ValueAnswer } from './column-filter.ts';
import type { CompiledItem } from './compile-item.ts';
import type { Lookup } from './placeholder.ts';
import type { Shape } from './value-test.ts';

/** A test of an IPv4 address as a number of 32 bits, signed or not. */
export interface Ipv4Test {
  readonly test: (address: number) => boolean;
  /** The same for many rows at once, where that is faster. */
  readonly keep?: Lookup['keepIpv4'] | undefined;
  /** Roughly, the nanoseconds it takes. */
  readonly cost: number;
}

/** Addresses whose answer is remembered where only their text can be asked; then all are forgotten. */
const REMEMBERED = 4_096;

/** A detection item as a test of numbers, where the shapes of its values allow it. */
export function ipv4Test({ perValue, all, negated }: CompiledItem, answer: ValueAnswer): Ipv4Test {
  const groups = perValue.map((tests) => tests.map(({ shape }) => shapeTest(shape)));
  const known = groups.map((group) => group.filter((test) => test !== undefined));
  if (known.some((group, index) => group.length < (groups[index]?.length ?? 0))) return textTest(answer);
  const [only] = known;
  const [single] = only ?? [];
  if (known.length === 1 && only?.length === 1 && single !== undefined && !negated) {
    const shape = perValue[0]?.[0]?.shape;
    return { test: single, cost: 10, keep: shape?.kind === 'lookup' ? shape.lookup.keepIpv4 : undefined };
  }
  const anyOf = known.map((group) => (address: number) => group.some((test) => test(address)));
  return {
    test: (address) =>
      (all ? anyOf.every((test) => test(address)) : anyOf.some((test) => test(address))) !== negated,
    cost: 10 * known.flat().length,
  };
}

function shapeTest(shape: Shape | undefined): ((address: number) => boolean) | undefined {
  switch (shape?.kind) {
    case 'lookup':
      return shape.lookup.hasIpv4;
    case 'network':
      return networkTest(shape.network);
    case 'exists':
      return () => shape.exists;
    case 'null':
      return () => false;
    case 'text': {
      if (shape.at !== 'whole') return undefined;
      const wanted = numberOf(shape.text);
      // A text that is no address in its one right form equals none.
      return wanted === undefined ? () => false : (address) => (address | 0) === wanted;
    }
    default:
      return undefined;
  }
}

function networkTest(text: string): (address: number) => boolean {
  const [network, bits] = ipaddr.parseCIDR(text);
  if (network.kind() !== 'ipv4') return () => false;
  const mask = bits === 0 ? 0 : -1 << (32 - bits);
  const wanted = (numberOf(network.toString()) ?? 0) & mask;
  return (address) => (address & mask) === wanted;
}

function numberOf(text: string): number | undefined {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = ipaddr.IPv4.parse(text).octets;
  const value = (a << 24) | (b << 16) | (c << 8) | d;
  return ipv4Text(value) === text ? value : undefined;
}

export function ipv4Text(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

function textTest(answerOf: ValueAnswer): Ipv4Test {
  const learnt = new Map<number, boolean>();
  return {
    test(address) {
      const known = learnt.get(address);
      if (known !== undefined) return known;
      if (learnt.size >= REMEMBERED) learnt.clear();
      const answer = answerOf(ipv4Text(address));
      learnt.set(address, answer);
      return answer;
    },
    cost: 100,
  };
}
