import { z } from 'zod';
import { LIST_FORMATS } from '../intel/read-list.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `6h`, `1d`; milliseconds. */
const duration = z.string().transform((text, context) => {
  const [, count = '', unit = ''] = /^(\d{1,5})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS[unit] ?? 0);
  if (milliseconds > 0) return milliseconds;
  context.addIssue('not a time such as 30m, 6h or 1d');
  return z.NEVER;
});

const webUrl = z.string().superRefine((text, context) => {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) context.addIssue('not a URL of http or https');
  else if (url.username !== '' || url.password !== '')
    context.addIssue('credentials do not belong into a URL: name an environment variable under auth');
});

const s3Place = z.preprocess(
  (value) => {
    const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/.exec(String(value)) ?? [];
    return bucket === undefined ? value : { bucket, key };
  },
  z.strictObject(
    { bucket: z.string(), key: z.string(), region: z.string().optional() },
    'not a place such as s3://bucket/key',
  ),
);

const SOURCES = ['file', 'url', 's3', 'taxii', 'values', 'lists'] as const;
const percent = z.number().min(0).max(100);
const environmentVariable = z.string().regex(/^[A-Za-z_]\w*$/, 'not the name of an environment variable');

const list = z
  .strictObject({
    file: z.string().optional(),
    url: webUrl.optional(),
    s3: s3Place.optional(),
    /** A TAXII 2.1 server, or an API root of it, and a collection by its id, alias or title. */
    taxii: z.strictObject({ url: webUrl, collection: z.string() }).optional(),
    values: z.array(z.union([z.string(), z.number()])).optional(),
    /** Other lists of this configuration, taken as one. */
    lists: z.array(z.string()).min(1).optional(),
    /** Without a word it is found from the content. */
    format: z.enum(LIST_FORMATS).optional(),
    kind: z.enum(['block', 'exclude']).optional(),
    refresh: duration.optional(),
    /** Of entries that say none themselves. */
    confidence: percent.optional(),
    minConfidence: percent.optional(),
    /** What becomes of a fetched list that names private or reserved networks. */
    reserved: z.enum(['refuse', 'ignore']).default('refuse'),
    auth: z
      .strictObject({
        username: z.string().optional(),
        passwordEnv: environmentVariable.optional(),
        tokenEnv: environmentVariable.optional(),
        header: z
          .string()
          .regex(/^[\w-]+$/, 'not the name of a header')
          .optional(),
      })
      .optional(),
    /** Written as a plain array: words or numbers that a rule compares with, not entries of a list. */
    literal: z.boolean().default(false),
  })
  .superRefine((one, context) => {
    const sources = SOURCES.filter((name) => one[name] !== undefined);
    if (sources.length !== 1) context.addIssue(`takes one of ${SOURCES.join(', ')}`);
    if (one.auth === undefined) return;
    const url = one.url ?? one.taxii?.url;
    if (url === undefined)
      context.addIssue({ code: 'custom', path: ['auth'], message: 'only url and taxii take it' });
    else if (!isPrivateTo(url))
      context.addIssue({ code: 'custom', path: ['auth'], message: 'secrets are only sent over https' });
    const { username, passwordEnv, tokenEnv } = one.auth;
    if (
      (tokenEnv === undefined) === (passwordEnv === undefined) ||
      (passwordEnv !== undefined && username === undefined)
    )
      context.addIssue({
        code: 'custom',
        path: ['auth'],
        message: 'takes username and passwordEnv, or tokenEnv, with header where it is no bearer token',
      });
  });

/** Whether nobody on the way can read what is sent. */
function isPrivateTo(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
}

/** The lists of `cordon.yaml`: what `%name%` stands for in a rule, and what is never bad. */
export const listsSchema = z.record(
  z.string(),
  z.preprocess((value) => (Array.isArray(value) ? { values: value, literal: true } : value), list),
);

export type ListConfig = z.output<typeof list>;
