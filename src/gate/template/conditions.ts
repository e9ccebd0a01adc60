import { canonicalJson } from '../../model/json.ts';
import { type Node, textOf, toJson } from './node.ts';
import type { Resolver } from './resolve.ts';

export interface Conditions {
  value(name: string): boolean | undefined;
  /** Those that were asked for and are decided. */
  all(): ReadonlyMap<string, boolean>;
}

/** Works out the named conditions, each once; one that leads to itself stays undecided. */
export function conditionEvaluator(resolver: Resolver): Conditions {
  const known = new Map<string, boolean | undefined>();
  const open = new Set<string>();

  function named(name: string): boolean | undefined {
    const before = resolver.environment.condition(name);
    if (before !== undefined) return before;
    if (known.has(name)) return known.get(name);
    const node = resolver.template.conditions.get(name);
    if (node === undefined || open.has(name)) return undefined;
    open.add(name);
    const value = evaluate(node, 0);
    open.delete(name);
    known.set(name, value);
    return value;
  }

  function evaluate(node: Node, depth: number): boolean | undefined {
    if (depth > 100) return undefined;
    if (node.kind === 'scalar') return node.value === true || node.value === 'true';
    const [only] = node.kind === 'map' ? node.entries : [];
    if (only === undefined) return undefined;
    const operands = only.value.kind === 'list' ? only.value.items : [only.value];
    switch (only.key) {
      case 'Condition': {
        const name = textOf(only.value);
        return name === undefined ? undefined : named(name);
      }
      case 'Fn::Not': {
        const [first] = operands;
        const value = first === undefined ? undefined : evaluate(first, depth + 1);
        return value === undefined ? undefined : !value;
      }
      case 'Fn::And':
        return every(operands.map((one) => evaluate(one, depth + 1)));
      case 'Fn::Or': {
        const none = every(operands.map((one) => negation(evaluate(one, depth + 1))));
        return negation(none);
      }
      case 'Fn::Equals':
        return equals(operands);
      default:
        return undefined;
    }
  }

  function equals(operands: readonly Node[]): boolean | undefined {
    const [left, right] = operands;
    if (left === undefined || right === undefined) return undefined;
    const sides = [conditionValue(left), conditionValue(right)] as const;
    const [a, b] = sides.map((side) => (side === undefined ? undefined : textOf(side)));
    if (a !== undefined && b !== undefined) return a === b;
    const [x, y] = sides.map((side) => (side === undefined ? 'null' : canonicalJson(toJson(side))));
    if (x === y) return true;
    const key = `${x} = ${y}`;
    const decided = resolver.environment.decided(key);
    if (decided !== undefined) return decided;
    resolver.environment.ask({ kind: 'condition', key, ...equality(left, right, a, b) });
    return undefined;
  }

  /** A secret parameter may be compared, though its value is not put into properties. */
  function conditionValue(node: Node): Node | undefined {
    const name = referenced(node);
    const known = name === undefined ? undefined : resolver.environment.known(name);
    return known ?? resolver.resolve(node);
  }

  function equality(left: Node, right: Node, a: string | undefined, b: string | undefined) {
    const name = referenced(a === undefined ? left : right);
    const value = a === undefined ? right : left;
    const known = a ?? b;
    if (name === undefined || known === undefined) return { equality: undefined, text: 'a comparison' };
    return { equality: { name, value }, text: `${name} is ${known === '' ? 'empty' : known}` };
  }

  return {
    value: named,
    all: () => new Map([...known].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
  };
}

function referenced(node: Node): string | undefined {
  if (node.kind !== 'map' || node.entries.length !== 1 || node.entries[0]?.key !== 'Ref') return undefined;
  return textOf(node.entries[0].value);
}

function every(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(false)) return false;
  return values.includes(undefined) ? undefined : true;
}

function negation(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}
