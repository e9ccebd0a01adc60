import type { Origin } from '../../model/event.ts';
import type { Decoded } from '../decoder.ts';

/** A value of a row as Parquet has it; dates are texts, and there are no lists. */
export type ParquetValue = string | number | boolean | undefined;

/** A log format whose records are the rows of a table, with the columns' names of the file. */
export interface ParquetFormat {
  readonly name: string;
  /** Whether a table with these columns is of the format. */
  recognises(columns: readonly string[]): boolean;
  /** Makes the reader of the rows of one file; the values are in the order of the columns. */
  reader(
    columns: readonly string[],
  ): (values: readonly ParquetValue[], raw: string, origin: Origin) => Decoded;
}
