/** A list that is asked; it answers with its entry that matched. */
export interface Lookup {
  readonly kind: 'lookup';
  find(value: string): string | undefined;
  /** Whether an IPv4 address, as a number of 32 bits, is on it; only lists of addresses know. */
  hasIpv4?(address: number): boolean;
  /** The same of many rows: writes those that are on it into `out`, in their order; answers how many. */
  keepIpv4?(addresses: Int32Array, rows: Int32Array, count: number, out: Int32Array): number;
}

/** What a placeholder such as `%bad_ips%` stands for. */
export type Placeholder = { readonly kind: 'values'; readonly values: readonly (string | number)[] } | Lookup;

export type Placeholders = ReadonlyMap<string, Placeholder>;
