import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../aws-error.ts';
import type { HttpRequest, Protocol, Service } from '../service.ts';
import { element, encodeXml, escapeXml, xmlName } from './xml.ts';
import { decodeXml } from './xml-reader.ts';

/** Where a member of an input or output is in a request or answer. */
interface Binding {
  readonly httpLabel?: 1;
  readonly httpQuery?: string;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: 1;
}

/**
 * S3's protocol, with the bucket in the path.
 * Source: Smithy 2.0, "AWS restXml protocol" and "HTTP bindings"; Amazon S3 API Reference, "Error responses".
 */
export const REST_XML: Protocol = {
  operationName({ operations }, request) {
    const { key } = bucketAndKey(request);
    let best = '';
    let literals = -1;
    for (const [name, { http }] of Object.entries(operations)) {
      const [method, uri = ''] = http ?? [];
      const [path = '', query = ''] = uri.split('?');
      if (method !== request.method || path.includes('{Key+}') === (key === '')) continue;
      // `x-id` only repeats the operation's name, and not every caller sends it.
      const wanted = [...new URLSearchParams(query)].filter(([literal]) => literal !== 'x-id');
      if (!wanted.every(([literal, value]) => request.query.get(literal) === value)) continue;
      if (wanted.length > literals) [best, literals] = [name, wanted.length];
    }
    return best;
  },
  decode({ input }, request) {
    const labels: Readonly<Record<string, string>> = {
      Bucket: bucketAndKey(request).bucket,
      Key: bucketAndKey(request).key,
    };
    const value: Record<string, unknown> = {};
    for (const [name, member] of NormalizedSchema.of(input).structIterator()) {
      const found = decodeMember(name, member, request, labels);
      if (found !== undefined) value[name] = found;
    }
    return value;
  },
  encode(_, { http, output }, value, requestId) {
    const schema = NormalizedSchema.of(output);
    const members = (value ?? {}) as Record<string, unknown>;
    const headers: Record<string, string> = { 'x-amz-request-id': requestId };
    let body: string | Uint8Array | undefined;
    let bound = 0;
    for (const [name, member] of schema.structIterator()) {
      const content = members[name];
      const { httpHeader, httpPrefixHeaders, httpPayload } = member.getMergedTraits() as Binding;
      if (httpHeader !== undefined || httpPrefixHeaders !== undefined || httpPayload === 1) bound++;
      if (content === undefined) continue;
      if (httpHeader !== undefined) headers[httpHeader.toLowerCase()] = headerText(content);
      else if (httpPrefixHeaders !== undefined) {
        for (const [key, text] of Object.entries(content as Record<string, string>))
          headers[`${httpPrefixHeaders}${key}`] = text;
      } else if (httpPayload === 1) body = content as Uint8Array;
    }
    const hasDocument = bound < [...schema.structIterator()].length;
    if (hasDocument) {
      headers['content-type'] = 'application/xml';
      body = document(element(xmlName(schema) ?? 'Result', encodeXml(output, members)));
    }
    const partial = members.ContentRange !== undefined;
    return { status: partial ? 206 : (http?.[2] ?? 200), headers, body: body ?? '' };
  },
  encodeError({ status, code, message }, requestId) {
    const content =
      element('Code', escapeXml(code)) +
      element('Message', escapeXml(message)) +
      element('RequestId', requestId);
    return {
      status,
      headers: { 'content-type': 'application/xml', 'x-amz-request-id': requestId },
      body: document(element('Error', content)),
    };
  },
};

/** A REST service is told by the scope of the credentials that signed the request. */
export function servesScope(service: string): Service['serves'] {
  return ({ headers }) => String(headers.authorization ?? '').includes(`/${service}/aws4_request`);
}

function decodeMember(
  name: string,
  member: NormalizedSchema,
  { query, headers, body }: HttpRequest,
  labels: Readonly<Record<string, string>>,
): unknown {
  const binding = member.getMergedTraits() as Binding;
  if (binding.httpLabel === 1) return labels[name];
  if (binding.httpQuery !== undefined) return scalar(member, query.get(binding.httpQuery) ?? undefined);
  if (binding.httpHeader !== undefined) return scalar(member, headers[binding.httpHeader.toLowerCase()]);
  if (binding.httpPrefixHeaders !== undefined) {
    const prefix = binding.httpPrefixHeaders;
    const own = Object.entries(headers).filter(([header]) => header.startsWith(prefix));
    return Object.fromEntries(own.map(([header, text]) => [header.slice(prefix.length), String(text)]));
  }
  if (binding.httpPayload !== 1) return undefined;
  if (member.isBlobSchema()) return body;
  return body.length === 0 ? undefined : decodeXml(member, body.toString('utf8'));
}

function scalar(schema: NormalizedSchema, text: string | string[] | undefined): unknown {
  if (typeof text !== 'string') return undefined;
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isTimestampSchema()) return new Date(text);
  return text;
}

function bucketAndKey({ path }: HttpRequest): { bucket: string; key: string } {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function headerText(value: unknown): string {
  return value instanceof Date ? value.toUTCString() : String(value);
}

function document(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${content}`;
}
