import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** How a path answers; it may be replaced between two requests. */
export type Answer = (request: ServedRequest, response: ServerResponse) => void;

/** A publisher of threat lists on 127.0.0.1. */
export interface ListServer {
  readonly url: string;
  readonly requests: readonly ServedRequest[];
  at(path: string, answer: Answer): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function listServer(): Promise<ListServer> {
  const answers = new Map<string, Answer>();
  const requests: ServedRequest[] = [];
  const server = createServer(({ method = '', url = '', headers }, response) => {
    const request = { method, url, headers };
    requests.push(request);
    const path = url.split('?')[0] ?? '';
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    at: (path, answer) => void answers.set(path, answer),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A content with a version, as web servers and S3 serve files. */
export function versioned(content: string | Uint8Array, etag: string): Answer {
  return ({ headers }, response) => {
    if (headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
    else response.writeHead(200, { etag, 'content-length': Buffer.byteLength(content) }).end(content);
  };
}

export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_, response) => response.writeHead(code, headers).end('no list');
}

/** Promises more than it sends. */
export function truncated(content: string): Answer {
  return (_, response) => {
    response.writeHead(200, { 'content-length': content.length * 2 });
    response.write(content, () => response.destroy());
  };
}

/** Sends a little now and then, without an end. */
export function dripping(): Answer {
  return (_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write('192.0.2.1\n'), 20);
    response.on('close', () => clearInterval(timer));
  };
}

/** Sends as fast as it can, without saying how much. */
export function endless(): Answer {
  return (_, response) => {
    response.writeHead(200);
    const chunk = Buffer.alloc(65_536, '192.0.2.1\n');
    const more = (): void => {
      while (response.writable && response.write(chunk));
    };
    response.on('drain', more);
    more();
  };
}

export interface TaxiiContent {
  readonly collections: readonly Readonly<Record<string, unknown>>[];
  /** Objects of the first collection with the time each was added. */
  readonly objects: readonly { readonly added: string; readonly object: Readonly<Record<string, unknown>> }[];
  readonly pageSize: number;
  /** The value of the header Authorization without which nothing is told. */
  readonly authorization?: string;
}

/** A TAXII 2.1 server with one API root. Source: TAXII 2.1, sections 4.1, 5.1 and 5.4. */
export function serveTaxii(server: ListServer, content: () => TaxiiContent): void {
  const type = { 'content-type': 'application/taxii+json;version=2.1' };
  const guarded =
    (answer: (url: URL, response: ServerResponse) => void): Answer =>
    ({ url, headers }, response) => {
      const { authorization } = content();
      if (authorization !== undefined && headers.authorization !== authorization)
        response.writeHead(401).end();
      else if (headers.accept !== type['content-type']) response.writeHead(406).end();
      else answer(new URL(url, server.url), response);
    };
  const send = (response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(200, { ...type, ...headers }).end(JSON.stringify(body));
  };
  server.at(
    '/taxii2/',
    guarded((_, response) => send(response, { title: 'test', api_roots: ['/api1/'] })),
  );
  server.at(
    '/api1/',
    guarded((_, response) => send(response, { title: 'root', versions: [type['content-type']] })),
  );
  server.at(
    '/api1/collections/',
    guarded((_, response) => send(response, { collections: content().collections })),
  );
  for (const { id } of content().collections) {
    server.at(
      `/api1/collections/${String(id)}/objects/`,
      guarded(({ searchParams }, response) => {
        const { objects, pageSize } = content();
        const after = searchParams.get('added_after') ?? '';
        const fitting = objects.filter(
          ({ added, object }) =>
            added > after && [null, object.type].includes(searchParams.get('match[type]')),
        );
        const from = Number(searchParams.get('next') ?? 0);
        const page = fitting.slice(from, from + pageSize);
        const more = from + pageSize < fitting.length;
        const last = page.at(-1)?.added;
        send(
          response,
          page.length === 0
            ? {}
            : {
                objects: page.map(({ object }) => object),
                more,
                ...(more ? { next: String(from + pageSize) } : {}),
              },
          last === undefined ? {} : { 'x-taxii-date-added-last': last },
        );
      }),
    );
  }
}
