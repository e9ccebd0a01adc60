import type { Subject } from '../../model/subject.ts';
import { subjectKey } from '../../model/subject.ts';
import { type ApiCall, operationName } from '../api-call.ts';
import { isObject, textOf } from '../members.ts';
import type { Touched } from '../touched.ts';
import { parseArn } from './arn.ts';
import { type Found, scalarsAt, textsAt, valuesAt } from './places.ts';
import { TOUCH_TABLES } from './tables.ts';
import type { ByMember, Condition, Touch } from './touch.ts';

const TABLES = new Map<string, Readonly<Record<string, readonly Touch[]>>>();
for (const { source, calls } of TOUCH_TABLES) TABLES.set(source, { ...TABLES.get(source), ...calls });

/**
 * The resources that a call touched, each once; none for a call that failed, that only reads, or that no
 * table knows. Never throws.
 */
export function touchesOf(call: ApiCall): Touched[] {
  if (call.errorCode !== undefined || call.readOnly) return [];
  const calls = TABLES.get(call.source);
  const name = operationName(call);
  if (calls === undefined || !Object.hasOwn(calls, name)) return [];
  const touched = new Map<string, Touched>();
  for (const touch of calls[name] ?? []) {
    if (!(touch.when ?? []).every((condition) => holds(condition, call))) continue;
    const attributes = attributesOf(touch.attributes, call);
    if (attributes === undefined) continue;
    const [parent] = touch.partOf === undefined ? [] : subjectsOf(touch.partOf, call);
    for (const subject of subjectsOf(touch, call)) {
      const key = subjectKey(subject);
      const partOf = parent === undefined ? {} : { partOf: parent };
      if (!touched.has(key)) touched.set(key, { subject, ...partOf, change: touch.change, attributes });
    }
  }
  return [...touched.values()];
}

function subjectsOf({ type, id }: Pick<Touch, 'type' | 'id'>, call: ApiCall): Subject[] {
  for (const pattern of id) {
    const found = textsAt(call, pattern);
    if (found.length > 0) return found.flatMap((one) => subjectOf(type, one, call));
  }
  return [];
}

function subjectOf(type: Touch['type'], found: Found, call: ApiCall): Subject[] {
  const name = typeOf(type, found, call);
  if (name === undefined) return [];
  const [account, region] = ownerOf(found, call);
  return [{ type: name, id: found.text, account, region }];
}

function typeOf(type: Touch['type'], { text }: Found, call: ApiCall): string | undefined {
  if (typeof type === 'string') return type.includes('{') ? textsAt(call, type)[0]?.text : type;
  const beginning = Object.keys(type).find((one) => text.startsWith(one));
  return beginning === undefined ? undefined : type[beginning];
}

/** What the ARN in the record says, else what CloudTrail says of the resources, else who has the record. */
function ownerOf({ from }: Found, call: ApiCall): [account: string, region: string] {
  const service = call.source.slice(0, call.source.indexOf('.'));
  const arn = from.map(parseArn).find((one) => one?.service === service && /^\d/.test(one.account));
  if (arn !== undefined) return [arn.account, arn.region === '' ? call.region : arn.region];
  const resources = Array.isArray(call.resources) ? call.resources.filter(isObject) : [];
  const owners = new Set(resources.map((one) => textOf(one, 'accountId') ?? textOf(one, 'accountID')));
  const [owner] = owners.size === 1 ? owners : [];
  return [owner !== undefined && /^\d{12}$/.test(owner) ? owner : call.account, call.region];
}

function attributesOf(
  attributes: readonly string[] | ByMember,
  call: ApiCall,
): readonly string[] | undefined {
  if (!('of' in attributes)) return attributes;
  const set = valuesAt(call, attributes.of.split('.')).filter(isObject);
  const members = Object.entries(attributes.names).filter(([member]) =>
    set.some((one) => Object.hasOwn(one, member) && one[member] !== null),
  );
  if (members.length === 0 && attributes.only === true) return undefined;
  return [...new Set(members.map(([, property]) => property))];
}

function holds({ at, is, not }: Condition, call: ApiCall): boolean {
  const steps = at.split('.');
  const found =
    is === undefined
      ? valuesAt(call, steps).some((value) => value !== null)
      : scalarsAt(call, steps).some((text) => is.includes(text));
  return found !== (not ?? false);
}
