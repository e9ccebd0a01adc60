import type { Json } from '../../model/json.ts';
import type { ChangedResource } from '../enforce/changes.ts';
import { isDeeperThan, objectOf, textOf } from './request.ts';

/** What a presigned URL of a stack or change set operation leads to. */
export interface HookPayload {
  readonly template: string;
  /** Empty for a new stack. */
  readonly previousTemplate: string;
  /** Only of change sets. */
  readonly changes: readonly ChangedResource[];
}

export interface FetchOptions {
  /** Origins beside those of Amazon S3: `http://127.0.0.1:4566`. */
  readonly origins?: readonly string[];
  /** Milliseconds; CloudFormation waits 30 s for the whole answer. */
  readonly timeout?: number;
  readonly maxBytes?: number;
}

/** A template of 1 MB twice, written as JSON strings, and the properties of 500 resources before and after. */
const MAX_BYTES = 32 * 1024 * 1024;
const TIMEOUT = 10_000;
const MAX_DEPTH = 100;
/** `bucket.s3.us-west-2.amazonaws.com`, `s3.dualstack.…`, `s3-us-west-2.…`, also of China. */
const S3_HOST = /^(?:[a-z0-9][a-z0-9.-]*\.)?s3(?:[.-][a-z0-9-]+){0,3}\.amazonaws\.com(?:\.cn)?$/;

export class PayloadError extends Error {
  override readonly name = 'PayloadError';
}

/** Fetches a payload from Amazon S3 and from nowhere else; a redirection is not followed. */
export async function fetchPayload(url: string, options: FetchOptions = {}): Promise<HookPayload> {
  const { timeout = TIMEOUT, maxBytes = MAX_BYTES } = options;
  const target = allowedUrl(url, options.origins ?? []);
  const signal = AbortSignal.timeout(timeout);
  let text: string;
  try {
    const response = await fetch(target, { redirect: 'manual', signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new PayloadError(`the payload could not be fetched: HTTP ${response.status}`);
    }
    text = await bounded(response, maxBytes);
  } catch (error) {
    if (error instanceof PayloadError) throw error;
    const reason = signal.aborted ? `no answer within ${timeout / 1_000} s` : 'the connection failed';
    throw new PayloadError(`the payload could not be fetched: ${reason}`);
  }
  return readPayload(text);
}

function allowedUrl(text: string, origins: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new PayloadError('the payload is no URL');
  const plain = url.username === '' && url.password === '' && url.port === '';
  const isS3 = url.protocol === 'https:' && plain && S3_HOST.test(url.hostname);
  if (!isS3 && !origins.includes(url.origin)) {
    throw new PayloadError(`the payload is not at Amazon S3 but at ${url.protocol}//${url.host}`);
  }
  return url;
}

async function bounded(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > maxBytes) throw new PayloadError(`the payload is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readPayload(text: string): HookPayload {
  const payload = parsed(text, 'the payload');
  const root = objectOf(payload);
  const template = typeof root.template === 'string' ? root.template : '';
  const list = Array.isArray(root.changedResources) ? (root.changedResources as unknown[]) : [];
  return {
    template,
    previousTemplate: typeof root.previousTemplate === 'string' ? root.previousTemplate : '',
    changes: list.map((one) => {
      const change = objectOf(one);
      return changedResource({
        logicalId: textOf(change.logicalResourceId),
        type: textOf(change.resourceType),
        removed: change.action === 'DELETE',
        after: textOf(change.afterContext),
      });
    }),
  };
}

/** A change as change sets describe it: the context is JSON in a text. */
export function changedResource(change: {
  readonly logicalId: string | undefined;
  readonly type: string | undefined;
  readonly removed: boolean;
  readonly after: string | undefined;
}): ChangedResource {
  const { logicalId = '', type = '', removed, after } = change;
  if (logicalId === '' || type === '') throw new PayloadError('a change names no resource');
  if (removed || after === undefined) return { logicalId, type, removed, properties: undefined };
  const context = objectOf(parsed(after, `what ${logicalId} will be`));
  return { logicalId, type, removed, properties: objectOf(context.Properties) as Json };
}

function parsed(text: string, what: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PayloadError(`${what} is not JSON`);
  }
  if (isDeeperThan(value, MAX_DEPTH)) throw new PayloadError(`${what} is nested too deeply`);
  return value;
}
