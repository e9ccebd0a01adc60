import type { CommonField } from '../model/event.ts';
import type { Subject } from '../model/subject.ts';
import type { Context } from './context.ts';
import type { LineDecoder } from './decoder.ts';

/** What every log format says of itself. */
export interface Format {
  readonly name: string;
  readonly title: string;
  /** The Sigma `logsource` that means it. */
  readonly logsource: { readonly product: string; readonly service: string };
  /** Where the common fields are: a field, or a dotted path into one. */
  readonly common: Readonly<Partial<Record<CommonField, string>>>;
  /** What a finding is about; the first that is there. */
  readonly subject: readonly SubjectField[];
  /** How its objects are named in S3; see {@link keyLayout}. */
  readonly keys?: readonly RegExp[];
  /** The field for the resource that an object's name tells, where it is not the common one. */
  readonly keyResource?: string;
}

/** A field that says what a record is about. */
export interface SubjectField {
  /** A CloudFormation resource type. */
  readonly type: string;
  /** With the id, unless `named` says who is meant. */
  readonly field: string;
  /** Of a field whose text may mean resources of several types. */
  readonly named?: {
    /** Those beside {@link SubjectField.type}. */
    readonly types: readonly string[];
    /** Nothing: the field does not say, the next one is looked at. */
    of(text: string, textOf: (field: string) => string | undefined): SubjectName | undefined;
  };
}

export type SubjectName = Pick<Subject, 'type' | 'id'>;

/** The types of everything that findings in a format can be about. */
export function subjectTypes({ subject }: Format): string[] {
  return [...new Set(subject.flatMap(({ type, named }) => [type, ...(named?.types ?? [])]))];
}

/** The common fields that records of some formats never have: only an object's name tells them. */
export const ACCOUNT_OF_KEY = { 'cloud.account.uid': 'cloud.account.uid' } as const;
export const REGION_OF_KEY = { 'cloud.region': 'cloud.region' } as const;

/** What is told about records that do not say it themselves. */
export interface DecodeOptions {
  /** The columns of flow log records that come without a header line. */
  readonly flowLogFormat?: readonly string[] | undefined;
  /** The fields of CloudFront real-time log records, in the order of their configuration. */
  readonly cloudfrontFields?: readonly string[] | undefined;
  /** Without it, the name of the source is looked at. */
  readonly context?: Context | undefined;
}

/** A format of lines of text. */
export interface TextFormat extends Format {
  /** Whether a file that begins with this line is of the format. */
  recognises(firstLine: string, options: DecodeOptions): boolean;
  decoder(source: string, firstLine: string, options: DecodeOptions): LineDecoder;
}

/** A format whose records are JSON objects. */
export interface JsonFormat extends Format {
  recognises(record: JsonRecord): boolean;
  /** Milliseconds since the epoch; NaN when the record does not say. */
  timeOf(record: JsonRecord): number;
}

export type JsonRecord = Readonly<Record<string, unknown>>;
