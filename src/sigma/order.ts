import type { FieldValue } from '../model/event.ts';
import type { ModifierFault, Order, ValueTest } from './value-test.ts';

export const ORDERS = ['gt', 'gte', 'lt', 'lte'] as const;

export function compareOrder(order: Order, a: number, b: number): boolean {
  switch (order) {
    case 'gt':
      return a > b;
    case 'gte':
      return a >= b;
    case 'lt':
      return a < b;
    case 'lte':
      return a <= b;
  }
}

/** `gt`, `gte`, `lt`, `lte`: a number, also where the log has it as text. */
export function orderTest(order: Order, value: unknown): ValueTest | ModifierFault {
  const limit = numberOf(value);
  if (limit === undefined) return { fault: `${order} takes a number` };
  return {
    pattern: `${order} ${limit}`,
    shape: { kind: 'order', order, limit },
    matches(found) {
      const number = numberOf(found);
      return number !== undefined && compareOrder(order, number, limit);
    },
  };
}

function numberOf(value: unknown | FieldValue): number | undefined {
  if (typeof value === 'number') return Number.isNaN(value) ? undefined : value;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}
