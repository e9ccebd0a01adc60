/** What a placeholder such as `%bad_ips%` stands for. */
export type Placeholder =
  | { readonly kind: 'values'; readonly values: readonly (string | number)[] }
  /** A list that is asked; it answers with its entry that matched. */
  | { readonly kind: 'lookup'; find(value: string): string | undefined };

export type Placeholders = ReadonlyMap<string, Placeholder>;
