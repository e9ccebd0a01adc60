import type { FieldValue } from '../model/event.ts';
import {
  type AddressColumn,
  type CodedColumn,
  IPV4,
  NO_ADDRESS,
  type NumberColumn,
  type Records,
} from '../model/records.ts';
import { ipv4Test } from './column-address.ts';
import { asksOneField, type CompiledItem } from './compile-item.ts';

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
const UNKNOWN = 2;
const FAILS = 0;
const PASSES = 1;

/** Numbers up to here are asked of the rule once each. */
const REMEMBERED_NUMBERS = 65_536;

/** Whether an item matches a value of its field; a record without one is undefined. */
export type ValueAnswer = (value: FieldValue | undefined) => boolean;

/**
 * The filter of one detection item. It asks the item itself, so that the two cannot differ, but once
 * for every different value of the item's field.
 */
export function itemFilter(item: CompiledItem, records: Records): CostedFilter {
  const { field } = item.slot;
  if (!asksOneField(item)) return { filter: rowFilter(item, records), cost: 2_000 };
  const answer: ValueAnswer = (value) =>
    item.test({ fields: value === undefined ? NO_FIELDS : { [field]: value }, raw: '' });
  const column = records.column(field);
  switch (column?.kind) {
    case 'number':
      return { filter: numberFilter(answer, column), cost: 2 };
    case 'coded':
      return { filter: codedFilter(answer, column), cost: column.prepare === undefined ? 1 : 50 };
    case 'address':
      return addressFilter(item, answer, column, (row) => records.value(row, field));
    case undefined:
      return { filter: answer(undefined) ? everything : nothing, cost: 0 };
  }
}

const NO_FIELDS = {};

/** For what looks at more than one field: every record is made whole. */
function rowFilter(item: CompiledItem, records: Records): Filter {
  return (rows, count, out) => {
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      if (item.test({ fields: records.fields(row), raw: records.raw(row) })) out[kept++] = row;
    }
    return kept;
  };
}

const nothing: Filter = () => 0;

const everything: Filter = (rows, count, out) => {
  for (let at = 0; at < count; at++) out[at] = rows[at] as number;
  return count;
};

function codedFilter(answer: ValueAnswer, column: CodedColumn): Filter {
  const { codes, texts } = column;
  let learnt = new Uint8Array(64).fill(UNKNOWN);
  let { generation } = texts;
  const learn = (code: number): number => {
    if (code >= learnt.length) {
      const larger = new Uint8Array(2 * code).fill(UNKNOWN);
      larger.set(learnt);
      learnt = larger;
    }
    const known = answer(texts.text(code)) ? PASSES : FAILS;
    learnt[code] = known;
    return known;
  };
  return (rows, count, out) => {
    column.prepare?.(rows, count);
    if (texts.generation !== generation) {
      learnt.fill(UNKNOWN);
      ({ generation } = texts);
    }
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      const code = codes[row] as number;
      let known = code < learnt.length ? (learnt[code] as number) : UNKNOWN;
      if (known === UNKNOWN) known = learn(code);
      // Written always and counted when it passes: no branch that cannot be foreseen.
      out[kept] = row;
      kept += known;
    }
    return kept;
  };
}

function numberFilter(answer: ValueAnswer, { values }: NumberColumn): Filter {
  const learnt = new Uint8Array(REMEMBERED_NUMBERS).fill(UNKNOWN);
  const absent = answer(undefined);
  const learn = (value: number): number => {
    if (Number.isNaN(value)) return absent ? PASSES : FAILS;
    const known = answer(value) ? PASSES : FAILS;
    if (value >= 0 && value < REMEMBERED_NUMBERS) learnt[value] = known;
    return known;
  };
  return (rows, count, out) => {
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      const value = values[row] as number;
      let known = value >= 0 && value < REMEMBERED_NUMBERS ? (learnt[value | 0] as number) : UNKNOWN;
      if (known === UNKNOWN) known = learn(value);
      out[kept] = row;
      kept += known;
    }
    return kept;
  };
}

function addressFilter(
  item: CompiledItem,
  answer: ValueAnswer,
  { values, families }: AddressColumn,
  textAt: (row: number) => FieldValue | undefined,
): CostedFilter {
  const { test, cost, keep } = ipv4Test(item, answer);
  const absent = answer(undefined);
  const other = (row: number): boolean => (families[row] === NO_ADDRESS ? absent : answer(textAt(row)));
  const oneByOne: Filter = (rows, count, out) => {
    let kept = 0;
    for (let at = 0; at < count; at++) {
      const row = rows[at] as number;
      if (families[row] === IPV4 ? test(values[row] as number) : other(row)) out[kept++] = row;
    }
    return kept;
  };
  if (keep === undefined) return { filter: oneByOne, cost };
  const filter: Filter = (rows, count, out) => {
    for (let at = 0; at < count; at++) {
      if (families[rows[at] as number] !== IPV4) return oneByOne(rows, count, out);
    }
    return keep(values, rows, count, out);
  };
  return { filter, cost };
}
