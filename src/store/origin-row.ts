import type { Origin } from '../model/event.ts';

/** Where a record came from, of a row that has it in three columns. */
export function originOf(row: Readonly<Record<string, unknown>>): Origin {
  return { source: String(row.source), offset: Number(row.offset), line: Number(row.line) };
}
