import { CLOUDTRAIL } from '../formats/cloudtrail/format.ts';
import type { Event } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import type { ResourceChange } from '../model/resource.ts';
import { type ApiCall, operationName } from './api-call.ts';
import { principalText } from './assess.ts';
import type { KnownRoles } from './principal.ts';
import { principalOf } from './principal.ts';
import { readCall } from './read-call.ts';
import { touchesOf } from './touches/touches-of.ts';

/** Whether an event may have changed something: the rest of a trail is passed over as it comes. */
export function mayChange({ format, fields }: Event): boolean {
  return format === CLOUDTRAIL.name && fields.readOnly !== true && fields.errorCode === undefined;
}

/** What the call of an event did to each resource; nothing for an event that is no call. */
export function changesIn(event: Event, notedAt: number, roles: KnownRoles): ResourceChange[] {
  const read = readCall(event.fields as Json, event.raw, event.origin);
  if (!read.ok) return [];
  const { call } = read;
  const touched = touchesOf(call);
  if (touched.length === 0) return [];
  const by = principalText(principalOf(call, roles));
  return touched.map(
    (one): ResourceChange => ({
      ...one,
      id: call.id,
      at: call.time,
      notedAt,
      call: `${call.source.replace(/\.amazonaws\.com(\.cn)?$/, '')}:${operationName(call)}`,
      by,
      ...(call.from === undefined ? {} : { from: call.from }),
      state: 'waiting',
      against: [],
      raw: call.raw,
      origin: call.origin,
    }),
  );
}

/** The call that made a change, from its record; nothing when the record cannot be read any more. */
export function callOf({ raw, origin }: Pick<ResourceChange, 'raw' | 'origin'>): ApiCall | undefined {
  try {
    const read = readCall(JSON.parse(raw) as Json, raw, origin);
    return read.ok ? read.call : undefined;
  } catch {
    return undefined;
  }
}
