import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';
import type { HttpRequest, Protocol } from '../service.ts';
import {
  asksFor,
  decodeLabel,
  type RestDocuments,
  type RestRoutes,
  restBindings,
  TEMPLATE_ROUTES,
} from './rest.ts';
import { element, encodeXml, escapeXml, xmlName } from './xml.ts';
import { decodeXml } from './xml-reader.ts';

const XML: RestDocuments = {
  contentType: 'application/xml',
  read: decodeXml,
  write: (schema, value) => document(element(xmlName(schema) ?? 'Result', encodeXml(schema, value))),
};

/** The bucket is in the path, as with every endpoint that is not AWS's. */
const BUCKET_ROUTES: RestRoutes = {
  operationName({ operations }, request) {
    const { Bucket, Key } = bucketAndKey(request);
    let best = '';
    let literals = -1;
    for (const [name, { http, input }] of Object.entries(operations)) {
      const [method, uri = ''] = http ?? [];
      const [path = '', query = ''] = uri.split('?');
      if (method !== request.method || path.includes('{Key+}') === (Key === '')) continue;
      if (isOfBucket(input) === (Bucket === '')) continue;
      if (!asksFor(query, request)) continue;
      const wanted = [...new URLSearchParams(query).keys()].filter((literal) => literal !== 'x-id');
      if (wanted.length > literals) [best, literals] = [name, wanted.length];
    }
    return best;
  },
  labels: (_, request) => bucketAndKey(request),
};

/**
 * S3's protocol, with the bucket in the path.
 * Source: Smithy 2.0, "AWS restXml protocol"; Amazon S3 API Reference, "Error responses".
 */
export const S3_XML: Protocol = {
  ...restBindings(XML, BUCKET_ROUTES, 'x-amz-request-id'),
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

/** Source: Smithy 2.0, "AWS restXml protocol". */
export const REST_XML: Protocol = {
  ...restBindings(XML, TEMPLATE_ROUTES, 'x-amzn-requestid'),
  encodeError({ status, code, message }, requestId) {
    const error = element('Error', element('Code', escapeXml(code)) + element('Message', escapeXml(message)));
    return {
      status,
      headers: { 'content-type': 'application/xml', 'x-amzn-requestid': requestId },
      body: document(element('ErrorResponse', error + element('RequestId', requestId))),
    };
  },
};

/** Templates do not name the bucket, which is in the host's name with AWS. */
function isOfBucket(input: SchemaRef): boolean {
  return [...NormalizedSchema.of(input).structIterator()].some(([name]) => name === 'Bucket');
}

function bucketAndKey({ path }: HttpRequest): { Bucket: string; Key: string } {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return { Bucket: decodeLabel(bucket), Key: decodeLabel(key) };
}

function document(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${content}`;
}
