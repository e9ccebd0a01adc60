import type { FieldValue } from '../model/event.ts';
import {
  type AddressColumn,
  type CodedColumn,
  type Column,
  IPV4,
  NO_ADDRESS,
  type NumberColumn,
} from '../model/records.ts';
import { ipv4Test } from './column-address.ts';
import type { ItemTest } from './item.ts';

/**
 * Writes those of the given rows that pass into `out`, in their order; answers how many.
 * Rows are given in ascending order.
 */
export type Filter = (rows: Int32Array, count: number, out: Int32Array) => number;

export interface CostedFilter {
  readonly filter: Filter;
  /** Roughly, the nanoseconds a row takes: the cheapest of several filters goes first. */
  readonly cost: number;
}

/** What is learnt of a value: not asked yet, does not match, matches. */
const UNKNOWN = 0;
const FAILS = 1;
const PASSES = 2;

/** Numbers up to here are asked of the rule once each. */
const REMEMBERED_NUMBERS = 65_536;

/**
 * The filter of one detection item over a column. It asks the item itself, so that the two cannot
 * differ, but once for every different value.
 */
export function itemFilter(item: ItemTest, column: Column | undefined, textAt: TextAt): CostedFilter {
  switch (column?.kind) {
    case 'number':
      return { filter: numberFilter(item, column), cost: 2 };
    case 'coded':
      return { filter: codedFilter(item, column), cost: column.prepare === undefined ? 1 : 50 };
    case 'address':
      return addressFilter(item, column, textAt);
    case undefined:
      return { filter: item.matches(undefined) ? everything : nothing, cost: 0 };
  }
}

/** The text of an address that is not kept as a number. */
export type TextAt = (row: number) => FieldValue | undefined;

const nothing: Filter = () => 0;

const everything: Filter = (rows, count, out) => {
  for (let at = 0; at < count; at++) out[at] = rows[at] as number;
  return count;
};

function codedFilter(item: ItemTest, column: CodedColumn): Filter {
  const { codes, texts } = column;
  let learnt = new Uint8Array(64);
  let { generation } = texts;
  const learn = (code: number): number => {
    if (code >= learnt.length) {
      const larger = new Uint8Array(2 * code);
      larger.set(learnt);
      learnt = larger;
    }
    const answer = item.matches(texts.text(code)) ? PASSES : FAILS;
    learnt[code] = answer;
    return answer;
  };
  return (rows, count, out) => {
    if (texts.generation !== generation) {
      learnt.fill(UNKNOWN);
      ({ generation } = texts);
    }
    column.prepare?.(rows, count);
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      const code = codes[row] as number;
      const known = code < learnt.length ? (learnt[code] as number) : UNKNOWN;
      if ((known === UNKNOWN ? learn(code) : known) === PASSES) out[kept++] = row;
    }
    return kept;
  };
}

function numberFilter(item: ItemTest, { values }: NumberColumn): Filter {
  const learnt = new Uint8Array(REMEMBERED_NUMBERS);
  const absent = item.matches(undefined);
  const learn = (value: number): boolean => {
    if (Number.isNaN(value)) return absent;
    const passes = item.matches(value);
    if (value >= 0 && value < REMEMBERED_NUMBERS) learnt[value] = passes ? PASSES : FAILS;
    return passes;
  };
  return (rows, count, out) => {
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      const value = values[row] as number;
      const known = value >= 0 && value < REMEMBERED_NUMBERS ? learnt[value | 0] : UNKNOWN;
      if (known === PASSES || (known === UNKNOWN && learn(value))) out[kept++] = row;
    }
    return kept;
  };
}

function addressFilter(item: ItemTest, { values, families }: AddressColumn, textAt: TextAt): CostedFilter {
  const { test, cost } = ipv4Test(item);
  const absent = item.matches(undefined);
  const other = (row: number): boolean => (families[row] === NO_ADDRESS ? absent : item.matches(textAt(row)));
  const filter: Filter = (rows, count, out) => {
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      if (families[row] === IPV4 ? test(values[row] as number) : other(row)) out[kept++] = row;
    }
    return kept;
  };
  return { filter, cost };
}
