import type { Json } from '../model/json.ts';
import type { Policy } from './policy.ts';
import type { Subject } from './subject.ts';
import { fromJson, type Node } from './template/node.ts';
import type { MetUnknown, ResolvedResource } from './template/worlds.ts';

/** Tried for an unknown value beside what the policy itself speaks of. */
const ANY_TEXT: readonly Json[] = ['cordon-tries-this', '*', '0.0.0.0/0', ''];
const ANY_TRUTH: readonly Json[] = [true, false];
const ANY_NUMBER: readonly Json[] = [0, 65_535];

/** Of the kinds that the policy compares with: others would say nothing about it. */
function valuesFor(policy: Policy): Json[] {
  const { literals } = policy.speaksOf();
  const speaksOf = (kind: string): boolean => literals.some((literal) => typeof literal === kind);
  return [
    ...new Set([
      ...literals,
      ...ANY_TEXT,
      ...(speaksOf('boolean') ? ANY_TRUTH : []),
      ...(speaksOf('number') ? ANY_NUMBER : []),
    ]),
  ];
}

/** The unknowns that can matter to a policy: those of properties that it may look at. */
export function relevantUnknowns(policy: Policy, resource: ResolvedResource): readonly MetUnknown[] {
  if (resource.unknowns.length === 0) return [];
  const { words, looksAtAny } = policy.speaksOf();
  return resource.unknowns.filter(
    ({ property }) => property === undefined || looksAtAny || words.has(property),
  );
}

export function speaksOfType(policy: Policy, type: string): boolean {
  const { resources } = policy.header;
  if (resources.length > 0) return resources.includes(type);
  const { types } = policy.speaksOf();
  return types.size === 0 || types.has(type);
}

/** Values to put in the place of unknowns, one set after the other. */
export function* trials(
  policy: Policy,
  subject: Subject,
  unknowns: readonly MetUnknown[],
): Generator<ReadonlyMap<string, Node>> {
  const names = [...new Set(unknowns.map(({ name }) => name))];
  const numeric = names.some((name) => isNumber(subject.typeOf(name)));
  const values = [...new Set([...valuesFor(policy), ...(numeric ? ANY_NUMBER : [])])];
  for (const value of values) {
    const together = names.flatMap((name) => assignment(subject, name, value));
    if (together.length > 0) yield new Map(together);
  }
  if (names.length < 2 || names.length > MAX_ONE_BY_ONE) return;
  for (const name of names) {
    for (const value of values) {
      const alone = assignment(subject, name, value);
      if (alone.length > 0) yield new Map(alone);
    }
  }
}

const MAX_ONE_BY_ONE = 4;

/** Pseudo-parameters have a shape: an account is never `*`. */
const SHAPES: Readonly<Record<string, { readonly shape: RegExp; readonly example: string }>> = {
  'AWS::AccountId': { shape: /^\d{12}$/, example: '123456789012' },
  'AWS::Region': { shape: /^[a-z]{2}(-[a-z]{2,12}){1,3}-\d$/, example: 'eu-west-1' },
  'AWS::StackName': { shape: /^[A-Za-z][A-Za-z0-9-]{0,127}$/, example: 'stack' },
  'AWS::StackId': {
    shape: /^arn:aws:cloudformation:/,
    example: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/stack/1',
  },
};

/** Trying one value of it is as good as trying all. */
export function hasShape({ name }: MetUnknown): boolean {
  return name in SHAPES;
}

function assignment(subject: Subject, name: string, value: Json): [string, Node][] {
  const type = subject.typeOf(name);
  if (isNumber(type) && typeof value !== 'number') return [];
  const shaped = SHAPES[name];
  if (shaped !== undefined) {
    const fits = typeof value === 'string' && shaped.shape.test(value);
    return [[name, fromJson(fits ? value : shaped.example, subject.sections)]];
  }
  const isList = type !== undefined && /^(List<|CommaDelimitedList)/.test(type);
  const node = fromJson(isList ? [value] : value, subject.sections);
  return [[name, node]];
}

function isNumber(type: string | undefined): boolean {
  return type === 'Number' || type === 'List<Number>';
}
