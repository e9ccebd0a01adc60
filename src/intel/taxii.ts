import {
  type Credentials,
  credentialHeaders,
  FETCH_LIMITS,
  type Fetcher,
  FetchFailed,
  httpGet,
  shownUrl,
} from './fetch.ts';
import { jsonObject } from './formats/json.ts';
import { parseTime } from './formats/reader.ts';
import { newestVersions, type StixObject, stixObjects } from './formats/stix.ts';

export interface TaxiiSource {
  /** Of the server's discovery, or of an API root. */
  readonly url: string;
  /** Id, alias or title of the collection. */
  readonly collection: string;
  readonly auth?: Credentials | undefined;
}

const MEDIA_TYPE = 'application/taxii+json;version=2.1';
const PAGE_SIZE = 1_000;
/** A server that goes on for longer does not mean to end. */
const PAGES = 10_000;
/** All pages together may take so many times as long as one answer. */
const ANSWERS_TIME = 10;

/**
 * Indicators of a TAXII 2.1 collection: what was added since the last time, merged with what was known.
 * Source: TAXII 2.1, sections 4.1 (Server Discovery), 5.1 (Get Collections), 5.4 (Get Objects), 3.5 (Pagination).
 */
export function taxiiFetcher(source: TaxiiSource, limits = FETCH_LIMITS): Fetcher {
  return async (known, signal) => {
    const credentials = credentialHeaders(source.auth ?? {});
    const origin = new URL(source.url).origin;
    let size = 0;
    const get = async (
      url: URL,
    ): Promise<{ body: Record<string, unknown>; headers: Headers; text: string }> => {
      const { status, headers, bytes } = await httpGet({
        url: url.href,
        limits: { ...limits, bytes: limits.bytes - size },
        signal,
        headers: { accept: MEDIA_TYPE },
        // An API root elsewhere is asked without the password of this server.
        credentials: url.origin === origin ? credentials : {},
      });
      if (status !== 200) throw new FetchFailed(`${shownUrl(url)} answers ${status}`);
      size += bytes.length;
      const text = Buffer.from(bytes).toString('utf8');
      const body = jsonObject(text);
      if (body === undefined) throw new FetchFailed(`${shownUrl(url)} answers no JSON object`);
      return { body, headers, text };
    };

    const objectsUrl = await findCollection(source, async (url) => (await get(url)).body);
    const added: StixObject[] = [];
    let cursor = known.cursor;
    let next: string | undefined;
    const deadline = Date.now() + ANSWERS_TIME * limits.timeout;
    for (let page = 0; ; page++) {
      if (Date.now() > deadline) throw new FetchFailed(`${shownUrl(objectsUrl)} comes too slowly to an end`);
      if (page === PAGES) throw new FetchFailed(`${shownUrl(objectsUrl)} has more than ${PAGES} pages`);
      const url = new URL(objectsUrl);
      url.searchParams.set('limit', String(PAGE_SIZE));
      url.searchParams.set('match[type]', 'indicator');
      if (known.cursor !== undefined) url.searchParams.set('added_after', known.cursor);
      if (next !== undefined) url.searchParams.set('next', next);
      const { body, headers, text } = await get(url);
      // An envelope without objects is an empty one.
      added.push(...(stixObjects('objects' in body ? text : '{"objects":[]}') ?? []));
      cursor = latest(cursor, headers.get('x-taxii-date-added-last') ?? undefined);
      if (body.more !== true) break;
      if (typeof body.next !== 'string' || body.next === next)
        throw new FetchFailed(`${shownUrl(url)} says that there is more, and not where`);
      next = body.next;
    }
    if (added.length === 0 && known.bytes() !== undefined) return { status: 'unchanged' };
    const before = stixObjects(Buffer.from(known.bytes() ?? new Uint8Array()).toString('utf8')) ?? [];
    const objects = newestVersions([...before, ...added]).filter(
      ({ type, valid_until: until }) => type === 'indicator' && !isPast(until),
    );
    return { status: 'content', bytes: Buffer.from(JSON.stringify({ type: 'bundle', objects })), cursor };
  };
}

function latest(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && (parseTime(b) ?? 0) > (parseTime(a) ?? 0)) ? b : a;
}

function isPast(until: unknown): boolean {
  const time = typeof until === 'string' ? parseTime(until) : undefined;
  return time !== undefined && time <= Date.now();
}

type Get = (url: URL) => Promise<Readonly<Record<string, unknown>>>;

async function findCollection({ url, collection }: TaxiiSource, get: Get): Promise<URL> {
  const base = folderOf(url);
  const discovery = await get(base);
  const roots = Array.isArray(discovery.api_roots)
    ? [...new Set([discovery.default, ...discovery.api_roots])].filter((root) => typeof root === 'string')
    : [url];
  const titles: string[] = [];
  const failures: string[] = [];
  for (const root of roots) {
    const rootUrl = folderOf(new URL(root, base).href);
    if (!/^https?:$/.test(rootUrl.protocol)) continue;
    let collections: unknown;
    try {
      ({ collections } = await get(new URL('collections/', rootUrl)));
    } catch (error) {
      if (!(error instanceof FetchFailed)) throw error;
      failures.push(error.message);
      continue;
    }
    for (const one of Array.isArray(collections) ? collections : []) {
      const { id, alias, title, can_read: canRead } = (one ?? {}) as Record<string, unknown>;
      if (typeof id !== 'string') continue;
      if (![id, alias, title].includes(collection)) {
        titles.push(String(title ?? id).slice(0, 60));
        continue;
      }
      if (canRead === false)
        throw new FetchFailed(`collection ${collection} may not be read with these credentials`);
      return new URL(`collections/${encodeURIComponent(id)}/objects/`, rootUrl);
    }
  }
  if (titles.length === 0 && failures[0] !== undefined) throw new FetchFailed(failures[0]);
  throw new FetchFailed(
    `${shownUrl(url)} has no collection ${collection}; it has ${titles.slice(0, 10).join(', ') || 'none'}`,
  );
}

/** Paths of TAXII end in a slash; without it a relative URL would replace the last part. */
function folderOf(url: string): URL {
  const folder = new URL(url);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  return folder;
}
