import { z } from 'zod';
import { parseCloudfrontFields } from '../formats/cloudfront/realtime.ts';
import { parseLogFormat } from '../formats/vpc-flow/fields.ts';

/** What a log does not say itself. */
export interface LogSettings {
  /** Of flow logs that come without a header line: as CreateFlowLogs was given it. */
  readonly logFormat?: readonly string[] | undefined;
  /** Of CloudFront real-time log records: the fields of their configuration, in its order. */
  readonly cloudfrontFields?: readonly string[] | undefined;
}

/** Files that grow: a file, a folder with all in it, or a glob. */
export interface FileSource extends LogSettings {
  readonly files: string;
}

/** An SQS queue whose messages announce S3 objects, or hold events and log records. */
export interface QueueSource extends LogSettings {
  /** The queue's URL. */
  readonly queue: string;
  /** Objects of other buckets are not read; all are when the list is empty. */
  readonly buckets: readonly string[];
  /** How the key of an object that is read must begin, and end. */
  readonly prefix: string;
  readonly suffix: string;
  /** Seconds that a message is hidden from others; extended while it is in hand. */
  readonly visibility: number;
  /** How often a message is received before it is set aside as unreadable. */
  readonly receives: number;
  /** Where messages are set aside; in the state folder when absent. */
  readonly poison?: { readonly queue: string } | undefined;
}

/** A Kinesis data stream whose records hold events or log records. */
export interface StreamSource extends LogSettings {
  /** The stream's name or ARN. */
  readonly kinesis: string;
  /** Where a shard begins that was never read: its oldest record, what comes from now on, or a time (milliseconds). */
  readonly from: 'oldest' | 'latest' | number;
}

export type Source = FileSource | QueueSource | StreamSource;

const KINDS = ['files', 'queue', 'kinesis'] as const;
type Kind = (typeof KINDS)[number];

/** The settings that a kind of source has beside the ones that all have. */
const SETTINGS: Readonly<Record<string, Kind>> = {
  buckets: 'queue',
  prefix: 'queue',
  suffix: 'queue',
  visibility: 'queue',
  receives: 'queue',
  poison: 'queue',
  from: 'kinesis',
};

const DEFAULT_VISIBILITY = 120;
const DEFAULT_RECEIVES = 5;

const queueUrl = z.string().refine((text) => URL.canParse(text) && /^https?:/.test(text), {
  error: ({ input }) =>
    `${String(input).startsWith('arn:') ? 'an ARN' : 'no URL'}, where the URL of a queue is wanted: https://sqs.eu-west-1.amazonaws.com/123456789012/NAME`,
});

const stream = z
  .string()
  .regex(
    /^([\w.-]{1,128}|arn:aws[\w-]*:kinesis:[\w-]+:\d{12}:stream\/[\w.-]{1,128})$/,
    'no name and no ARN of a Kinesis stream',
  );

const from = z
  .string()
  .refine(
    (text) =>
      text === 'oldest' || text === 'latest' || z.iso.datetime({ offset: true }).safeParse(text).success,
    'expected oldest, latest or a time as 2026-11-24T00:00:00Z',
  );

/** One entry of `sources`. */
export const sourceSchema = z
  .strictObject({
    files: z.string().optional(),
    queue: queueUrl.optional(),
    kinesis: stream.optional(),
    logFormat: z
      .string()
      .transform((text, context) => {
        const names = parseLogFormat(text);
        if (names !== undefined) return names;
        context.addIssue('not a LogFormat as CreateFlowLogs takes it');
        return z.NEVER;
      })
      .optional(),
    buckets: z.array(z.string()).optional(),
    prefix: z.string().optional(),
    suffix: z.string().optional(),
    visibility: z.int().min(10).max(43_200).optional(),
    receives: z.int().min(1).max(1_000).optional(),
    poison: z.strictObject({ queue: queueUrl }).optional(),
    from: from.optional(),
    cloudfrontFields: z
      .array(z.string())
      .transform((names, context) => {
        const fields = parseCloudfrontFields(names.join(' '));
        if (fields !== undefined) return fields;
        context.addIssue('not fields of a CloudFront real-time log configuration');
        return z.NEVER;
      })
      .optional(),
  })
  .superRefine((source, context) => {
    // An unknown key is the reason, not one more fault.
    if (context.issues.length > 0) return;
    const kinds = KINDS.filter((kind) => source[kind] !== undefined);
    if (kinds.length !== 1) {
      const path = [kinds[1] ?? Object.keys(source)[0]].filter((name) => name !== undefined);
      context.addIssue({ code: 'custom', message: `a source is one of ${KINDS.join(', ')}`, path });
    }
    for (const [name, kind] of Object.entries(SETTINGS)) {
      if (source[name as keyof typeof source] !== undefined && kinds.length === 1 && kinds[0] !== kind)
        context.addIssue({ code: 'custom', message: `only a source with ${kind} has it`, path: [name] });
    }
    if (source.poison !== undefined && source.poison.queue === source.queue)
      context.addIssue({ code: 'custom', message: 'the queue itself', path: ['poison', 'queue'] });
  })
  .transform((source): Source => {
    const { files, queue, kinesis, logFormat, cloudfrontFields } = source;
    const log = { logFormat, cloudfrontFields };
    if (files !== undefined) return { files, ...log };
    if (kinesis !== undefined) {
      const { from: begin = 'oldest' } = source;
      const at = begin === 'oldest' || begin === 'latest' ? begin : Date.parse(begin);
      return { kinesis, ...log, from: at };
    }
    return {
      queue: queue ?? '',
      ...log,
      buckets: source.buckets ?? [],
      prefix: source.prefix ?? '',
      suffix: source.suffix ?? '',
      visibility: source.visibility ?? DEFAULT_VISIBILITY,
      receives: source.receives ?? DEFAULT_RECEIVES,
      poison: source.poison,
    };
  });

/** The files, queue or stream that a source means, for a person. */
export function sourceName(source: Source): string {
  if ('files' in source) return source.files;
  return 'queue' in source ? source.queue : source.kinesis;
}
