import type { DecodeOptions } from '../formats/detected.ts';
import type { Stretch } from '../formats/stretch.ts';

/** How far a content has been read. */
export interface Place {
  /** Bytes of the uncompressed content. */
  readonly offset: number;
  /** Lines before the offset; records, in a JSON text. */
  readonly lines: number;
}

/** Records that follow each other, and the place behind them. Valid until the next ones are asked for. */
export interface Part extends Place {
  readonly stretch: Stretch;
}

export interface PartOptions extends DecodeOptions {
  readonly source: string;
  /** Where an earlier read stopped. */
  readonly from: Place;
  /** False while a writer may be at it: its last, unfinished line or record is left for later. */
  readonly final: boolean;
}
