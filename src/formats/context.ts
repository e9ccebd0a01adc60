import type { CommonField, Event, FieldValue } from '../model/event.ts';
import type { Decoded } from './decoder.ts';
import { FORMATS } from './registry.ts';

/** What is known of a source's records from elsewhere: the name of the object, the message around them. */
export interface Context {
  /** A hint: what the content says is believed first. */
  readonly format?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** What the records are about: a load balancer, a distribution, a web ACL, a VPC, a bucket. */
  readonly resource?: string | undefined;
}

/** Gives an event what its record leaves out and the context knows. */
export function withContext(decoded: Decoded, context: Context | undefined): Decoded {
  if (decoded.kind !== 'event' || context === undefined) return decoded;
  const { event } = decoded;
  const format = FORMATS.get(event.format);
  if (format === undefined) return decoded;
  const known: [CommonField, string | undefined][] = [
    ['cloud.account.uid', context.account],
    ['cloud.region', context.region],
    ['resource.uid', context.resource],
  ];
  for (const [name, value] of known) {
    if (value !== undefined) complete(event, format.common[name], value);
  }
  if (context.resource !== undefined) complete(event, format.keyResource, context.resource);
  return decoded;
}

/** The event was made a moment ago, and nobody else has it yet. */
function complete({ fields }: Event, field: string | undefined, value: string): void {
  if (field !== undefined && !isThere(fields, field)) (fields as Record<string, FieldValue>)[field] = value;
}

function isThere(fields: Event['fields'], field: string): boolean {
  if (Object.hasOwn(fields, field)) return true;
  let value: unknown = fields;
  for (const part of field.split('.')) {
    if (typeof value !== 'object' || value === null) return false;
    if (Array.isArray(value)) return true;
    if (!Object.hasOwn(value, part)) return false;
    value = (value as Record<string, unknown>)[part];
  }
  return true;
}
