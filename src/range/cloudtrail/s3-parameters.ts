import { NormalizedSchema } from '@smithy/core/schema';
import { isFlattened, xmlName } from '../protocol/xml.ts';
import type { Operation } from '../service.ts';

const XMLNS = 'http://s3.amazonaws.com/doc/2006-03-01/';
/** Of the transfer, not of what is asked for. */
const TRANSFER = /^(content-md5|x-amz-sdk-checksum-algorithm|x-amz-checksum-)/i;

interface Traits {
  readonly httpHeader?: string;
  readonly httpPayload?: 1;
}

/**
 * A request to a bucket as records have it: the host, the sub-resource of the query, and the document that
 * was sent, each under the name that it has on the wire. Source: Amazon S3 User Guide, "Amazon S3
 * CloudTrail events".
 */
export function s3Parameters(
  { http, input: schema }: Operation,
  input: Readonly<Record<string, unknown>>,
  region: string,
): Record<string, unknown> {
  const bucket = String(input.Bucket ?? '');
  const host = region === 'us-east-1' ? 's3.amazonaws.com' : `s3.${region}.amazonaws.com`;
  const written: Record<string, unknown> = {
    ...(bucket === '' ? {} : { bucketName: bucket }),
    Host: bucket === '' ? host : `${bucket}.${host}`,
  };
  const [, query = ''] = (http?.[1] ?? '').split('?');
  for (const [literal, value] of new URLSearchParams(query)) if (literal !== 'x-id') written[literal] = value;
  for (const [name, member] of NormalizedSchema.of(schema).structIterator()) {
    const content = input[name];
    if (content === undefined || content === null) continue;
    const { httpHeader, httpPayload } = member.getMergedTraits() as Traits;
    if (httpHeader !== undefined && !TRANSFER.test(httpHeader)) written[httpHeader.toLowerCase()] = content;
    if (httpPayload !== 1) continue;
    if (typeof content === 'string') written.bucketPolicy = document(content);
    else written[xmlName(member) ?? name] = { xmlns: XMLNS, ...(asXml(member, content) as object) };
  }
  return written;
}

/** A policy is shown as what it says, and as it is when it says nothing that can be read. */
function document(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** As the elements of the document are: one is itself, several are a list. */
function asXml(schema: NormalizedSchema, value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (!schema.isStructSchema()) return value;
  const written: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const content = (value as Record<string, unknown>)[name];
    if (content === undefined || content === null) continue;
    const tag = xmlName(member) ?? name;
    if (!member.isListSchema()) {
      written[tag] = asXml(member, content);
      continue;
    }
    const item = member.getValueSchema();
    const items = (content as unknown[]).map((one) => asXml(item, one));
    const elements = items.length === 1 ? items[0] : items;
    if (isFlattened(member)) written[tag] = elements;
    else written[tag] = items.length === 0 ? '' : { [xmlName(item) ?? 'member']: elements };
  }
  return written;
}
