import type { PropertyDifference, StackResourceDrift } from '@aws-sdk/client-cloudformation';
import type { Account } from '../account.ts';
import type { Properties } from '../cloudcontrol/resource-type.ts';
import { isSame } from './compare.ts';
import type { SimulatedStack, StackResource } from './stack.ts';
import { typeOf } from './types.ts';

/** Compares what the template says with what is there; properties that it does not set are not looked at. */
export function driftsOf(account: Account, stack: SimulatedStack): StackResourceDrift[] {
  return [...stack.resources.values()].map((resource) => driftOf(account, stack, resource));
}

function driftOf(account: Account, stack: SimulatedStack, resource: StackResource): StackResourceDrift {
  const { logicalId, physicalId, type, properties } = resource;
  const common = {
    StackId: stack.id,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: new Date(account.clock.now()),
  };
  const read = typeOf(type)?.read;
  if (read === undefined) return { ...common, StackResourceDriftStatus: 'NOT_CHECKED' };
  const actual = read(account, physicalId);
  const expected = JSON.stringify(properties);
  if (actual === undefined)
    return { ...common, ExpectedProperties: expected, StackResourceDriftStatus: 'DELETED' };
  const seen = Object.fromEntries(
    Object.keys(properties).flatMap((key) => (actual[key] === undefined ? [] : [[key, actual[key]]])),
  ) as Properties;
  const differences = Object.keys(properties).flatMap((key) =>
    differencesIn(key, properties[key], seen[key]),
  );
  return {
    ...common,
    ExpectedProperties: expected,
    ActualProperties: JSON.stringify(seen),
    PropertyDifferences: differences,
    StackResourceDriftStatus: differences.length === 0 ? 'IN_SYNC' : 'MODIFIED',
  };
}

function differencesIn(key: string, expected: unknown, actual: unknown): PropertyDifference[] {
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const missing = expected.filter((item) => !actual.some((other) => isSame(item, other)));
    const added = actual.filter((item) => !expected.some((other) => isSame(item, other)));
    return [
      ...missing.map((item) => difference(`/${key}/${expected.indexOf(item)}`, item, undefined, 'REMOVE')),
      ...added.map((item) => difference(`/${key}/${actual.indexOf(item)}`, undefined, item, 'ADD')),
    ];
  }
  if (isSame(expected, actual)) return [];
  return [difference(`/${key}`, expected, actual, actual === undefined ? 'REMOVE' : 'NOT_EQUAL')];
}

function difference(
  PropertyPath: string,
  expected: unknown,
  actual: unknown,
  DifferenceType: 'ADD' | 'REMOVE' | 'NOT_EQUAL',
): PropertyDifference {
  const text = (value: unknown): string =>
    typeof value === 'object' ? JSON.stringify(value) : String(value);
  return {
    PropertyPath,
    ExpectedValue: expected === undefined ? 'null' : text(expected),
    ActualValue: actual === undefined ? 'null' : text(actual),
    DifferenceType,
  };
}
