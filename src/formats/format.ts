import type { CommonField } from '../model/event.ts';
import type { LineDecoder } from './decoder.ts';

/** What every log format says of itself. */
export interface Format {
  readonly name: string;
  readonly title: string;
  /** The Sigma `logsource` that means it. */
  readonly logsource: { readonly product: string; readonly service: string };
  /** Where the common fields are: a field, or a dotted path into one. */
  readonly common: Readonly<Partial<Record<CommonField, string>>>;
  /** Other names that a rule may use for a field, e.g. those of Sigma's taxonomy. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** What a finding is about: a CloudFormation resource type and the field with its id; the first that is there. */
  readonly subject: readonly { readonly type: string; readonly field: string }[];
}

/** Every other name of a format's fields, with the field it means. */
export function fieldAliases({ common, aliases }: Format): Readonly<Record<string, string>> {
  return { ...common, ...aliases };
}

/** A format of lines of text. */
export interface TextFormat extends Format {
  /** Whether a file that begins with this line is of the format. */
  recognises(firstLine: string): boolean;
  decoder(source: string, firstLine: string): LineDecoder;
}

/** A format whose records are JSON objects. */
export interface JsonFormat extends Format {
  recognises(record: JsonRecord): boolean;
  /** Milliseconds since the epoch; NaN when the record does not say. */
  timeOf(record: JsonRecord): number;
}

export type JsonRecord = Readonly<Record<string, unknown>>;
