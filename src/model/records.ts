import type { Event, FieldValue } from './event.ts';

/**
 * Records of one format, side by side: a column holds one field of all of them, so that a test
 * runs over numbers in a row and makes no object for a record that does not match.
 */
export interface Records {
  readonly count: number;
  /** A field of the records; nothing when they have no such field. */
  column(field: string): Column | undefined;
  /** A field of one record, as its event has it. */
  value(row: number, field: string): FieldValue | undefined;
  /** All fields of one record. */
  fields(row: number): Event['fields'];
  /** One record as it was read. */
  raw(row: number): string;
}

export type Column = NumberColumn | AddressColumn | CodedColumn;

export interface NumberColumn {
  readonly kind: 'number';
  /** NaN where a record has no value. */
  readonly values: Float64Array;
}

export interface AddressColumn {
  readonly kind: 'address';
  /** IPv4 addresses as numbers of 32 bits (signed); 0 where a record has none. */
  readonly values: Int32Array;
  /** What a record has: nothing, an IPv4 address or an IPv6 address. */
  readonly families: Uint8Array;
}

export const NO_ADDRESS = 0;
export const IPV4 = 4;
export const IPV6 = 6;

/** Texts by number, for fields that have few different ones. */
export interface CodedColumn {
  readonly kind: 'coded';
  readonly codes: Int32Array;
  readonly texts: Texts;
  /** Works out the codes of some rows; a column that is read beforehand has none. */
  prepare?(rows: Int32Array, count: number): void;
}

/** The texts that codes stand for; more may come. */
export interface Texts {
  /** Code 0 is no value. */
  text(code: number): string | undefined;
  /** Changes when the codes begin anew: what was learnt about them is void. */
  readonly generation: number;
}

/** Texts that are known beforehand; code 0 is no value. */
export function fixedTexts(texts: readonly string[]): Texts {
  return { generation: 0, text: (code) => (code === 0 ? undefined : texts[code - 1]) };
}
