import { elementsOf, type Found, membersOf } from './node.ts';
import type { UnaryOperator } from './syntax.ts';

/** Nothing where the operator has no meaning for the type. */
export function unaryHolds(operator: UnaryOperator, found: Found): boolean | undefined {
  switch (operator) {
    case 'exists':
      return found.kind !== 'unresolved';
    case 'empty':
      return isEmpty(found);
    case 'is_struct':
      return found.kind === 'map';
    default:
      return found.kind === operator.slice('is_'.length);
  }
}

function isEmpty(found: Found): boolean | undefined {
  switch (found.kind) {
    case 'unresolved':
      return true;
    case 'list':
      return elementsOf(found).length === 0;
    case 'map':
      return membersOf(found).size === 0;
    case 'string':
      return found.value === '';
    case 'bool':
      return false;
    default:
      return undefined;
  }
}
