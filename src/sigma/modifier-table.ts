import { nearest } from '../yaml/nearest.ts';
import { ORDERS } from './order.ts';
import { TIME_PARTS } from './time-part.ts';
import type { ModifierFault } from './value-test.ts';

/** Of the whole item, not of one value. */
const OF_ITEM = ['all', 'neq'];
export const PLACES = ['contains', 'startswith', 'endswith'] as const;
export const REGEX_FLAGS = ['i', 'm', 's', 'ignorecase', 'multiline', 'dotall'] as const;
export const UTF16 = ['utf16', 'utf16le', 'utf16be', 'wide'] as const;
const TEXT = [...PLACES, 'cased', 'windash', ...UTF16, 'base64', 'base64offset'];
const TIMES = Object.keys(TIME_PARTS);

/** What each modifier may stand beside. Source: Sigma modifiers appendix. */
const COMPANY: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(TEXT.map((name) => [name, [...TEXT, ...OF_ITEM, 'expand']])),
  contains: [...TEXT, ...OF_ITEM, 'expand', 're', ...REGEX_FLAGS, 'fieldref'],
  startswith: [...TEXT, ...OF_ITEM, 'expand', 're', ...REGEX_FLAGS, 'fieldref'],
  endswith: [...TEXT, ...OF_ITEM, 'expand', 're', ...REGEX_FLAGS, 'fieldref'],
  cased: [...TEXT, ...OF_ITEM, 'expand', 'fieldref'],
  re: [...REGEX_FLAGS, ...PLACES, ...OF_ITEM, 'expand'],
  ...Object.fromEntries(
    REGEX_FLAGS.map((name) => [name, ['re', ...REGEX_FLAGS, ...PLACES, ...OF_ITEM, 'expand']]),
  ),
  cidr: [...OF_ITEM, 'expand'],
  exists: [],
  fieldref: [...PLACES, 'cased', ...OF_ITEM],
  ...Object.fromEntries(ORDERS.map((name) => [name, [...TIMES, 'all', 'expand', ...ORDERS]])),
  ...Object.fromEntries(TIMES.map((name) => [name, [...ORDERS, ...OF_ITEM, 'expand']])),
  expand: [...TEXT, ...OF_ITEM, 're', ...REGEX_FLAGS, 'cidr', ...ORDERS, ...TIMES],
  all: [...TEXT, 'neq', 'expand', 're', ...REGEX_FLAGS, 'cidr', ...ORDERS, ...TIMES, 'fieldref'],
  neq: [...TEXT, 'all', 'expand', 're', ...REGEX_FLAGS, 'cidr', ...TIMES, 'fieldref'],
};

/** Source: Sigma modifiers appendix; the long names of the flags of `re` are pySigma's. */
export const MODIFIERS: readonly string[] = Object.keys(COMPANY);

/** At most one of each of these. */
const EXCLUSIVE: readonly (readonly string[])[] = [
  PLACES,
  UTF16,
  ['base64', 'base64offset'],
  ORDERS,
  ['i', 'ignorecase'],
  ['m', 'multiline'],
  ['s', 'dotall'],
];

/** What is wrong with the modifiers of an item, whatever its values. */
export function modifiersFault(modifiers: readonly string[]): ModifierFault | undefined {
  const unknown = modifiers.find((name) => !MODIFIERS.includes(name));
  if (unknown !== undefined) {
    return atKey(`unknown modifier ${unknown}`, MODIFIERS.join(', '), nearest(unknown, MODIFIERS));
  }
  for (const [at, name] of modifiers.entries()) {
    const company = COMPANY[name] ?? [];
    if (modifiers.indexOf(name) !== at) return atKey(`${name} is there twice`);
    const stranger = modifiers.find((other) => other !== name && !company.includes(other));
    if (stranger !== undefined) {
      return atKey(`${name} and ${stranger} do not go together`, listed(name, company));
    }
  }
  for (const group of EXCLUSIVE) {
    const [first, second] = modifiers.filter((name) => group.includes(name));
    if (second !== undefined)
      return atKey(`${first} and ${second} do not go together`, `one of ${group.join(', ')}`);
  }
  return orderFault(modifiers);
}

/** Modifiers are applied as they are written: some only make sense before others. */
function orderFault(modifiers: readonly string[]): ModifierFault | undefined {
  const regex = modifiers.indexOf('re');
  const flag = modifiers.find((name) => (REGEX_FLAGS as readonly string[]).includes(name));
  if (flag !== undefined && (regex === -1 || regex > modifiers.indexOf(flag))) {
    return atKey(`${flag} only says how re matches`, `re|${flag}`);
  }
  const place = modifiers.findIndex((name) => (PLACES as readonly string[]).includes(name));
  const late = modifiers.find((name, at) => place !== -1 && at > place && FIRST.includes(name));
  if (late !== undefined) {
    return atKey(
      `${modifiers[place]} comes before ${late}`,
      `${late}|${modifiers[place]}: they are applied in order`,
    );
  }
  const time = modifiers.findIndex((name) => TIMES.includes(name));
  const order = modifiers.findIndex((name) => (ORDERS as readonly string[]).includes(name));
  if (time > order && order !== -1) {
    return atKey(
      `${modifiers[order]} comes before ${modifiers[time]}`,
      `${modifiers[time]}|${modifiers[order]}`,
    );
  }
  return undefined;
}

/** They take a value as it is written, without a place in the text. */
const FIRST: readonly string[] = ['re', 'fieldref', 'base64', 'base64offset'];

function listed(name: string, company: readonly string[]): string {
  return company.length === 0 ? `${name} alone` : `${name} with ${company.join(', ')}`;
}

function atKey(fault: string, expected?: string, fix?: string): ModifierFault {
  return { fault, expected, fix, at: 'key' };
}
