import type { Origin } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import type { ApiCall } from './api-call.ts';
import { booleanOf, isObject, type JsonObject, memberOf, textOf } from './members.ts';

export type ReadCall =
  | { readonly ok: true; readonly call: ApiCall }
  | { readonly ok: false; readonly reason: string };

const ACCOUNT = /^\d{12}$/;
/** What a record may be that is a call; the others tell of sign-ins, of services and of insights. */
const CALLS = new Set(['AwsApiCall', 'AwsConsoleAction']);

/**
 * An API call from a CloudTrail record, or from the EventBridge event that carries one in `detail`;
 * otherwise why it is none. Never throws.
 */
export function readCall(record: Json | undefined, raw: string, origin: Origin): ReadCall {
  const event = unwrapped(record);
  if (!isObject(event)) return none('not a JSON object');
  const type = textOf(event, 'eventType');
  if (type !== undefined && !CALLS.has(type)) return none(`no call of an API: ${type}`);
  const source = textOf(event, 'eventSource');
  const name = textOf(event, 'eventName');
  const id = textOf(event, 'eventID');
  if (source === undefined || name === undefined) return none('names no call of an API');
  if (id === undefined) return none('has no eventID');
  const time = Date.parse(textOf(event, 'eventTime') ?? '');
  if (!Number.isFinite(time)) return none('has no time');
  const account = accountOf(event);
  if (account === undefined) return none('names no account');
  return {
    ok: true,
    call: {
      id,
      time,
      source,
      name,
      account,
      region: textOf(event, 'awsRegion') ?? 'us-east-1',
      request: memberOf(event, 'requestParameters') ?? null,
      response: memberOf(event, 'responseElements') ?? null,
      resources: memberOf(event, 'resources') ?? null,
      readOnly: booleanOf(event, 'readOnly') ?? textOf(event, 'readOnly') === 'true',
      identity: memberOf(event, 'userIdentity') ?? null,
      ...optional(event, 'sharedId', 'sharedEventID'),
      ...optional(event, 'errorCode', 'errorCode'),
      ...optional(event, 'from', 'sourceIPAddress'),
      ...optional(event, 'userAgent', 'userAgent'),
      raw,
      origin,
    },
  };
}

function unwrapped(record: Json | undefined): Json | undefined {
  return textOf(record, 'detail-type') === undefined ? record : memberOf(record, 'detail');
}

/** The account whose trail has the record: the one that owns what was called, or that called it. */
function accountOf(event: JsonObject): string | undefined {
  const named = [textOf(event, 'recipientAccountId'), textOf(event, 'userIdentity.accountId')];
  return named.find((account) => account !== undefined && ACCOUNT.test(account));
}

function optional<Name extends string>(
  event: JsonObject,
  name: Name,
  member: string,
): { readonly [Key in Name]?: string } {
  const text = textOf(event, member);
  return (text === undefined ? {} : { [name]: text }) as { readonly [Key in Name]?: string };
}

function none(reason: string): ReadCall {
  return { ok: false, reason };
}
