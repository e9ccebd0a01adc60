import type { Json } from '../../model/json.ts';
import type { ApiCall } from '../api-call.ts';
import { isObject } from '../members.ts';
import { partitionOf } from './arn.ts';
import { CONVERSIONS } from './conversions.ts';

/** More resources than any API takes in a call. */
const MOST = 1_000;

/** What an identifier was made of: the text, and what stood in the record for it. */
export interface Found {
  readonly text: string;
  readonly from: readonly string[];
}

type Part = string | { readonly steps: readonly string[]; readonly as: string | undefined };

const compiled = new Map<string, readonly Part[]>();

/** Every text that a pattern makes of a record; none when a place of it is not there. */
export function textsAt(call: ApiCall, pattern: string): Found[] {
  let made: Found[] = [{ text: '', from: [] }];
  for (const part of partsOf(pattern)) {
    if (typeof part === 'string') {
      made = made.map(({ text, from }) => ({ text: text + part, from }));
      continue;
    }
    const found = scalarsAt(call, part.steps).flatMap((original) => {
      const text = part.as === undefined ? original : CONVERSIONS[part.as]?.(original, call);
      return text === undefined || text === '' ? [] : [{ text, original }];
    });
    made = made
      .flatMap(({ text, from }) =>
        found.map((one) => ({ text: text + one.text, from: [...from, one.original] })),
      )
      .slice(0, MOST);
  }
  return made;
}

/** The texts at a place, numbers and truth values as texts. */
export function scalarsAt(call: ApiCall, steps: readonly string[]): string[] {
  const texts: string[] = [];
  for (const value of valuesAt(call, steps)) {
    if (typeof value === 'string' && value !== '') texts.push(value);
    else if (typeof value === 'number' || typeof value === 'boolean') texts.push(String(value));
  }
  return texts;
}

/** The values at a place; `[]` behind a name is each element, or the value itself where it is no list. */
export function valuesAt(call: ApiCall, steps: readonly string[]): Json[] {
  const [root = '', ...names] = steps;
  let here = rootOf(call, root);
  for (const name of names) {
    const member = name.endsWith('[]') ? name.slice(0, -2) : name;
    here = here.flatMap((value): Json[] =>
      isObject(value) && Object.hasOwn(value, member) ? [value[member] ?? null] : [],
    );
    if (name.endsWith('[]')) here = here.flatMap((value) => (Array.isArray(value) ? value : [value]));
    here = here.slice(0, MOST);
  }
  return here;
}

function rootOf(call: ApiCall, root: string): Json[] {
  switch (root) {
    case 'request':
      return [call.request];
    case 'response':
      return [call.response];
    case 'resources[]':
      return Array.isArray(call.resources) ? call.resources.slice(0, MOST) : [];
    case 'identity':
      return [call.identity];
    case 'account':
      return [call.account];
    case 'region':
      return [call.region];
    case 'partition':
      return [partitionOf(call.region)];
    default:
      return [];
  }
}

function partsOf(pattern: string): readonly Part[] {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const text = pattern.includes('{') ? pattern : `{${pattern}}`;
  const parts = [...text.matchAll(/\{([^{}:]+)(?::([\w-]+))?\}|[^{}]+/g)].map(
    ([whole, place, as]): Part => (place === undefined ? whole : { steps: place.split('.'), as }),
  );
  compiled.set(pattern, parts);
  return parts;
}
