import { gunzipSync } from 'node:zlib';

/** What is known of the last good content of a list. */
export interface KnownContent {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
  /** Where to go on; only the source knows what it means. */
  readonly cursor?: string | undefined;
  /** The content itself. */
  bytes(): Uint8Array | undefined;
}

export type Fetched =
  | { readonly status: 'unchanged' }
  | {
      readonly status: 'content';
      readonly bytes: Uint8Array;
      readonly etag?: string | undefined;
      readonly lastModified?: string | undefined;
      readonly cursor?: string | undefined;
    };

/** Fetches the content of a list, or says that it is the known one; throws when it cannot. */
export type Fetcher = (known: KnownContent, signal: AbortSignal) => Promise<Fetched>;

export interface FetchLimits {
  /** Of the content, uncompressed. */
  readonly bytes: number;
  /** Of the whole fetch, milliseconds. */
  readonly timeout: number;
}

export const FETCH_LIMITS: FetchLimits = { bytes: 256 * 2 ** 20, timeout: 120_000 };

/** A source that did not give what was asked; the message holds no secret. */
export class FetchFailed extends Error {
  override readonly name = 'FetchFailed';
}

/** Names of environment variables, never the secrets themselves. */
export interface Credentials {
  readonly username?: string | undefined;
  readonly passwordEnv?: string | undefined;
  readonly tokenEnv?: string | undefined;
  /** The header that carries the token as it is; otherwise it is a bearer token. */
  readonly header?: string | undefined;
}

/** The headers that prove who asks. */
export function credentialHeaders(
  { username, passwordEnv, tokenEnv, header }: Credentials,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const secret = (variable: string): string => {
    const value = environment[variable];
    if (value === undefined || value === '') throw new FetchFailed(`the environment has no ${variable}`);
    return value;
  };
  if (tokenEnv !== undefined) {
    return header === undefined
      ? { authorization: `Bearer ${secret(tokenEnv)}` }
      : { [header]: secret(tokenEnv) };
  }
  if (username === undefined || passwordEnv === undefined) return {};
  const pair = Buffer.from(`${username}:${secret(passwordEnv)}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}

/** A URL as it may be shown: without query and password, where keys stand. */
export function shownUrl(url: string | URL): string {
  const { protocol, host, pathname, search } = new URL(url);
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`;
}

const REDIRECTS = 5;
const REDIRECT_CODES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface HttpRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Only sent to the host that was asked first. */
  readonly credentials?: Readonly<Record<string, string>>;
  readonly limits: FetchLimits;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

/** One GET with bounded time, size and redirects, over http and https only. Throws {@link FetchFailed}. */
export async function httpGet({
  url,
  headers,
  credentials,
  limits,
  signal,
}: HttpRequest): Promise<HttpAnswer> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(limits.timeout)]);
  const first = new URL(url);
  let current = first;
  try {
    for (let redirects = 0; ; redirects++) {
      const response = await fetch(current, {
        redirect: 'manual',
        signal: inTime,
        headers: {
          'user-agent': 'cordon',
          ...headers,
          ...(current.origin === first.origin ? credentials : {}),
        },
      });
      if (REDIRECT_CODES.has(response.status)) {
        await response.body?.cancel();
        current = redirected(current, response.headers.get('location'), redirects);
        continue;
      }
      const bytes = response.status === 200 ? await bounded(response, limits.bytes) : new Uint8Array();
      if (response.status !== 200) await response.body?.cancel();
      return { status: response.status, headers: response.headers, bytes };
    }
  } catch (error) {
    throw failureOf(error, current, inTime, limits);
  }
}

function redirected(from: URL, location: string | null, redirects: number): URL {
  const to = location === null ? null : URL.parse(location, from.href);
  if (to === null) throw new FetchFailed(`${shownUrl(from)} redirects to nowhere`);
  if (redirects === REDIRECTS)
    throw new FetchFailed(`${shownUrl(from)} redirects more than ${REDIRECTS} times`);
  if (to.protocol !== 'https:' && !(to.protocol === 'http:' && from.protocol === 'http:'))
    throw new FetchFailed(`${shownUrl(from)} redirects to ${to.protocol}, which is not followed`);
  return to;
}

async function bounded(response: Response, limit: number): Promise<Uint8Array> {
  const tooLarge = new FetchFailed(`it is larger than ${Math.round(limit / 2 ** 20)} MiB`);
  if (Number(response.headers.get('content-length') ?? 0) > limit) {
    await response.body?.cancel();
    throw tooLarge;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > limit) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function failureOf(error: unknown, url: URL, signal: AbortSignal, limits: FetchLimits): FetchFailed {
  if (error instanceof FetchFailed) return error;
  if (signal.aborted && (signal.reason as Error | undefined)?.name === 'TimeoutError')
    return new FetchFailed(`${shownUrl(url)} did not answer within ${limits.timeout / 1_000} s`);
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return new FetchFailed(`${shownUrl(url)}: ${cause?.code ?? cause?.message ?? message}`);
}

/** A list behind a URL; asked only whether it is newer, where the server tells a version. Source: RFC 9110, section 13. */
export function httpFetcher(
  url: string,
  credentials: Credentials | undefined,
  limits = FETCH_LIMITS,
): Fetcher {
  return async ({ etag, lastModified }, signal) => {
    const answer = await httpGet({
      url,
      limits,
      signal,
      credentials: credentialHeaders(credentials ?? {}),
      headers: {
        accept: '*/*',
        ...(etag === undefined ? {} : { 'if-none-match': etag }),
        ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
      },
    });
    if (answer.status === 304) return { status: 'unchanged' };
    if (answer.status !== 200) throw new FetchFailed(`${shownUrl(url)} answers ${answer.status}`);
    return {
      status: 'content',
      bytes: uncompressed(answer.bytes, limits.bytes),
      etag: answer.headers.get('etag') ?? undefined,
      lastModified: answer.headers.get('last-modified') ?? undefined,
    };
  };
}

/** The content of a gzip file; anything else as it is. */
export function uncompressed(bytes: Uint8Array, limit: number): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: limit });
  } catch (error) {
    throw new FetchFailed(`it is no whole gzip file: ${(error as Error).message}`);
  }
}
