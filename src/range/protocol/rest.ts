import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../aws-error.ts';
import type { HttpRequest, Operation, Protocol, Service } from '../service.ts';

/** Where a member of an input or output is in a request or answer. */
interface Binding {
  readonly httpLabel?: 1;
  readonly httpQuery?: string;
  readonly httpQueryParams?: 1;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: 1;
  readonly httpResponseCode?: 1;
}

/** How the documents of a REST protocol are written. */
export interface RestDocuments {
  readonly contentType: string;
  read(schema: NormalizedSchema, text: string): unknown;
  /** `payload`: the document is one member of the output, not the output itself. */
  write(schema: NormalizedSchema, value: unknown, payload: boolean): string;
}

export type Labels = Readonly<Record<string, string>>;

/** How requests are told apart, and what their paths name. */
export interface RestRoutes {
  operationName: Protocol['operationName'];
  labels(operation: Operation, request: HttpRequest): Labels;
}

/** Source: Smithy 2.0, "HTTP bindings". */
export function restBindings(
  documents: RestDocuments,
  routes: RestRoutes,
  requestIdHeader: string,
): Pick<Protocol, 'operationName' | 'decode' | 'encode'> {
  return {
    operationName: routes.operationName,
    decode(operation, request) {
      const labels = routes.labels(operation, request);
      const schema = NormalizedSchema.of(operation.input);
      const members = [...schema.structIterator()].map(([name, member]) => ({
        name,
        member,
        binding: member.getMergedTraits() as Binding,
      }));
      const hasDocument = members.some(({ binding }) => isInDocument(binding));
      const text = request.body.toString('utf8');
      const value: Record<string, unknown> =
        hasDocument && text !== '' ? { ...(documents.read(schema, text) as object) } : {};
      for (const { name, member, binding } of members) {
        if (isInDocument(binding)) continue;
        const found = readMember({ name, member, binding }, request, labels, documents);
        if (found === undefined) delete value[name];
        else value[name] = found;
      }
      return value;
    },
    encode(_, { http, output }, value, requestId) {
      const schema = NormalizedSchema.of(output);
      const members = (value ?? {}) as Record<string, unknown>;
      const headers: Record<string, string> = { [requestIdHeader]: requestId };
      let status = members.ContentRange !== undefined ? 206 : (http?.[2] ?? 200);
      let body: string | Uint8Array = '';
      const inDocument: Record<string, unknown> = {};
      let hasDocument = false;
      for (const [name, member] of schema.structIterator()) {
        const content = members[name];
        const binding = member.getMergedTraits() as Binding;
        if (isInDocument(binding)) {
          hasDocument = true;
          if (content !== undefined) inDocument[name] = content;
        } else if (content === undefined) continue;
        else if (binding.httpResponseCode === 1) status = Number(content);
        else if (binding.httpHeader !== undefined)
          headers[binding.httpHeader.toLowerCase()] = headerText(member, content);
        else if (binding.httpPrefixHeaders !== undefined) {
          for (const [key, text] of Object.entries(content as Record<string, string>))
            headers[`${binding.httpPrefixHeaders}${key}`] = text;
        } else if (member.isStructSchema() || member.isListSchema() || member.isMapSchema()) {
          headers['content-type'] = documents.contentType;
          body = documents.write(member, content, true);
        } else body = content as string | Uint8Array;
      }
      if (hasDocument) {
        headers['content-type'] = documents.contentType;
        body = documents.write(schema, inDocument, false);
      }
      return { status, headers, body };
    },
  };
}

/** A REST service is told by the scope of the credentials that signed the request. */
export function servesScope(service: string): Service['serves'] {
  return ({ headers }) => String(headers.authorization ?? '').includes(`/${service}/aws4_request`);
}

/**
 * Finds operations by the URI templates of their schemas; of two that fit, the one with more literal
 * parts. Source: Smithy 2.0, "http trait", URI patterns.
 */
export const TEMPLATE_ROUTES: RestRoutes = {
  operationName({ operations }, request) {
    let best = '';
    let literals = -1;
    for (const [name, { http }] of Object.entries(operations)) {
      const [method, uri = ''] = http ?? [];
      if (method !== request.method) continue;
      const [path = '', query = ''] = uri.split('?');
      if (!templateOf(path).test(request.path) || !asksFor(query, request)) continue;
      const fixed = path.replace(/\{[^}]*\}/g, '').length + query.length;
      if (fixed > literals) [best, literals] = [name, fixed];
    }
    return best;
  },
  labels({ http }, { path }) {
    const [template = ''] = (http?.[1] ?? '').split('?');
    const groups = templateOf(template).exec(path)?.groups ?? {};
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeLabel(text)]));
  },
};

/** Whether a request has the query literals of a template. */
export function asksFor(query: string, request: HttpRequest): boolean {
  // `x-id` only repeats the operation's name, and not every caller sends it.
  const wanted = [...new URLSearchParams(query)].filter(([literal]) => literal !== 'x-id');
  return wanted.every(([literal, value]) => request.query.get(literal) === value);
}

export function decodeLabel(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}

function templateOf(path: string): RegExp {
  const parts = path.split(/(\{[^}]*\})/).map((part) => {
    const [, name, greedy] = /^\{([^}+]*)(\+?)\}$/.exec(part) ?? [];
    if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return greedy === '+' ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
  });
  return new RegExp(`^${parts.join('')}/?$`, 's');
}

function isInDocument(binding: Binding): boolean {
  return (
    binding.httpLabel !== 1 &&
    binding.httpQuery === undefined &&
    binding.httpQueryParams !== 1 &&
    binding.httpHeader === undefined &&
    binding.httpPrefixHeaders === undefined &&
    binding.httpPayload !== 1 &&
    binding.httpResponseCode !== 1
  );
}

function readMember(
  { name, member, binding }: { name: string; member: NormalizedSchema; binding: Binding },
  { query, headers, body }: HttpRequest,
  labels: Labels,
  documents: RestDocuments,
): unknown {
  if (binding.httpLabel === 1 && (labels[name] !== undefined || binding.httpHeader === undefined))
    return labels[name];
  if (binding.httpQuery !== undefined) {
    if (!query.has(binding.httpQuery)) return undefined;
    if (member.isListSchema()) return query.getAll(binding.httpQuery);
    return scalar(member, query.get(binding.httpQuery) ?? undefined);
  }
  if (binding.httpQueryParams === 1) return Object.fromEntries(query);
  if (binding.httpHeader !== undefined) return scalar(member, headers[binding.httpHeader.toLowerCase()]);
  if (binding.httpPrefixHeaders !== undefined) {
    const prefix = binding.httpPrefixHeaders;
    const own = Object.entries(headers).filter(([header]) => header.startsWith(prefix));
    return Object.fromEntries(own.map(([header, text]) => [header.slice(prefix.length), String(text)]));
  }
  if (binding.httpPayload !== 1) return undefined;
  if (member.isBlobSchema()) return body;
  if (body.length === 0) return undefined;
  const text = body.toString('utf8');
  return member.isStringSchema() ? text : documents.read(member, text);
}

function scalar(schema: NormalizedSchema, text: string | string[] | undefined): unknown {
  if (typeof text !== 'string') return undefined;
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isTimestampSchema()) return new Date(text);
  return text;
}

/** What a timestamp's schema says of its format. Source: the SDK's own schema types. */
const DATE_TIME = 5;

function headerText(schema: NormalizedSchema, value: unknown): string {
  if (!(value instanceof Date)) return String(value);
  return schema.getSchema() === DATE_TIME ? value.toISOString() : value.toUTCString();
}
