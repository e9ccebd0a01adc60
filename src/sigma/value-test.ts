import type { FieldValue } from '../model/event.ts';
import type { Lookup } from './placeholder.ts';
import type { TextPlace } from './wildcard.ts';

/** Reads another field of the event that is looked at. */
export type Sibling = (field: string) => FieldValue | undefined;

/** A test of one value of a field; it answers with what it matched, for the explanation. */
export interface ValueTest {
  readonly pattern: string;
  /** The same test as data, where it is of a common kind: columns and indexes are asked by it. */
  readonly shape?: Shape;
  /** What a text must have in it to match, where there is no shape that says it. */
  readonly needs?: RequiredTexts;
  /** Only a test of the shape `field` asks for a sibling; without one it matches nothing. */
  matches(value: FieldValue | undefined, sibling?: Sibling): boolean;
  /** The entry of a list, where a list was asked. */
  entry?(value: FieldValue): string | undefined;
}

/** At least one of the texts is in the folded text of every value that matches. */
export interface RequiredTexts {
  readonly texts: readonly string[];
  /** Whether that is certain only of values that are all ASCII. */
  readonly asciiOnly: boolean;
}

export type Order = 'gt' | 'gte' | 'lt' | 'lte';

/** What the common tests accept. Whatever a shape says, `matches` says too. */
export type Shape =
  /** `text` is folded (see `fold`) unless `cased`. */
  | { readonly kind: 'text'; readonly text: string; readonly at: TextPlace; readonly cased: boolean }
  | { readonly kind: 'order'; readonly order: Order; readonly limit: number }
  /** A network in CIDR notation. */
  | { readonly kind: 'network'; readonly network: string }
  | { readonly kind: 'lookup'; readonly lookup: Lookup }
  | { readonly kind: 'exists'; readonly exists: boolean }
  /** Absent, or null. */
  | { readonly kind: 'null' }
  /** The text of another field of the same event. */
  | { readonly kind: 'field'; readonly field: string; readonly at: TextPlace; readonly cased: boolean };

/** What is wrong with a value or a modifier. */
export interface ModifierFault {
  readonly fault: string;
  readonly expected?: string | undefined;
  readonly fix?: string | undefined;
  /** It is the modifiers that are wrong, whatever the values. */
  readonly at?: 'key';
}

export function isScalar(value: FieldValue | undefined): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** Lists in lists deeper than this, and what is in them, are not looked at. */
const DEPTH_LIMIT = 64;

/** The elements of a list, and of the lists in it. */
export function elementsOf(list: readonly FieldValue[]): readonly FieldValue[] {
  if (!list.some(Array.isArray)) return list;
  const elements = (list as readonly unknown[]).flat(DEPTH_LIMIT as 1) as FieldValue[];
  return elements.filter((element) => !Array.isArray(element));
}

/** Whether one of the texts, numbers and so on in a value is what is looked for. */
export function anyLeaf(
  value: FieldValue | undefined,
  found: (leaf: FieldValue) => boolean,
  depth = 0,
): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined && found(value);
  if (depth > DEPTH_LIMIT) return false;
  return Object.values(value).some((member) => anyLeaf(member as FieldValue, found, depth + 1));
}

/**
 * Whether a value as a text is what is looked for. An object is its JSON; what may stand anywhere in
 * a text may also be in one of the object's own, such as a policy that is JSON itself.
 */
export function someText(
  value: FieldValue | undefined,
  anywhere: boolean,
  test: (text: string) => boolean,
): boolean {
  const text = textOf(value);
  if (text !== undefined && test(text)) return true;
  return anywhere && isObject(value) && anyLeaf(value, (leaf) => typeof leaf === 'string' && test(leaf));
}

export function isObject(value: FieldValue | undefined): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as the text that patterns are compared with; an object as its JSON, as log stores keep it. */
export function textOf(value: FieldValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null || Array.isArray(value)) return undefined;
  return typeof value === 'object' ? jsonOf(value) : String(value);
}

/** Nothing for a value that is nested too deeply to be written: an attacker's, not a log's. */
export function jsonOf(value: FieldValue): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
