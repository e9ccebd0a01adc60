import type { ServiceName } from '../../aws/services.ts';
import type { Json } from '../../model/json.ts';
import type { ApiCall } from '../api-call.ts';
import { isObject, type JsonObject, memberOf } from '../members.ts';
import type { BackCall, Inverse, States, WayBack } from '../way-back.ts';

type Plan = Inverse['plan'];

/** Makes the lines of one service. */
export function linesOf(source: string) {
  return (name: string, type: string, permissions: readonly string[], plan: Plan): Inverse => ({
    source,
    name,
    type,
    permissions,
    plan,
  });
}

export function backCall(
  service: ServiceName,
  operation: string,
  input: Json,
  already: readonly string[] = [],
): BackCall {
  return { service, operation, input, ...(already.length === 0 ? {} : { already }) };
}

export function calls(does: string, ...back: readonly BackCall[]): WayBack {
  return { kind: 'calls', calls: back, does };
}

/** The call changed nothing: it was so before. */
export function nothing(why: string): WayBack {
  return { kind: 'calls', calls: [], does: `nothing: ${why}` };
}

export function none(why: string, ...instead: readonly string[]): WayBack {
  return { kind: 'none', why, instead };
}

export function unknown(why: string): WayBack {
  return { kind: 'unknown', why };
}

/** What the record should have and has not. */
export function notInRecord(call: ApiCall): WayBack {
  return unknown(`the record of ${call.name} does not say what it changed`);
}

export function noBefore(what: string): WayBack {
  return unknown(`${what} before is not known`);
}

/** The resource as it was; undefined when it is not known, or was not there. */
export function stateBefore({ before }: States): JsonObject | undefined {
  return isObject(before) ? before : undefined;
}

/** A policy as the APIs take it. */
export function documentOf(value: Json | undefined, path: string): string | undefined {
  const found = memberOf(value, path);
  if (isObject(found)) return JSON.stringify(found);
  return typeof found === 'string' && found !== '' ? found : undefined;
}
