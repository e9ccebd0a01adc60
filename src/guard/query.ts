import { typeOperand } from './applicability.ts';
import { GuardFault } from './fault.ts';
import { KEY_CASES, type KeyCase } from './key-case.ts';
import { keyComplies } from './keys-filter.ts';
import { elementsOf, type Found, keyNode, membersOf, type Node, plainNode } from './node.ts';
import { resourcesOfType } from './resource-index.ts';
import type { Status } from './run.ts';
import { deeper, type Scope, unrecorded, unresolved, valueScope } from './scope.ts';
import type { Operand, Query, QueryPart, Span } from './syntax.ts';

/** A query as a closure. */
export type CompiledQuery = (node: Node, scope: Scope) => readonly Found[];

/** What queries need of clauses: a filter's conditions, and the operand of `keys`. */
export interface ClauseCompiler {
  conditions(conditions: Extract<QueryPart, { kind: 'filter' }>['conditions']): (scope: Scope) => Status;
  operand(operand: Operand): (scope: Scope) => readonly Found[];
  textOf(span: Span): string;
}

/** One part of a query and all behind it. `keyCase` is the way of writing keys that an earlier part had to use. */
type Step = (node: Node, scope: Scope, found: Found[], keyCase: KeyCase | undefined) => void;

const END: Step = (node, _scope, found) => {
  found.push(plainNode(node));
};

export function compileQuery(query: Query, compiler: ClauseCompiler): CompiledQuery {
  const [first, ...others] = query.parts;
  const text = compiler.textOf(query.span);
  if (first?.kind === 'variable') return compileVariableQuery(first.name, others, text, compiler);
  const typed = typeOperand(query.parts);
  const step = compileSteps(query.parts, undefined, text, compiler);
  const rest =
    typed === undefined ? step : compileSteps(query.parts.slice(3), query.parts[2], text, compiler);
  const type = typed === undefined ? undefined : compiler.operand(typed);
  return (node, scope) => {
    const found: Found[] = [];
    const outer = scope.lookup;
    if (type !== undefined) {
      const [literal, ...more] = type(scope);
      const resources =
        more.length === 0 && literal?.kind === 'string' && literal.literal
          ? resourcesOfType(node, String(literal.value))
          : undefined;
      if (resources !== undefined) {
        for (const resource of resources) rest(resource, valueScope(outer, resource), found, undefined);
        return found;
      }
    }
    step(node, outer, found, undefined);
    return found;
  };
}

/** `%name…`: `[*]` directly behind a variable is already said by the variable. */
function compileVariableQuery(
  name: string,
  parts: readonly QueryPart[],
  text: string,
  compiler: ClauseCompiler,
): CompiledQuery {
  if (parts.length === 0) return (_node, scope) => scope.lookup.resolve(name);
  const remaining = parts[0]?.kind === 'elements' ? parts.slice(1) : parts;
  if (remaining.length === 0) return (_node, scope) => scope.lookup.resolve(name);
  const step = compileSteps(remaining, { kind: 'elements' }, text, compiler);
  return (_node, scope) => {
    const found: Found[] = [];
    for (const one of scope.lookup.resolve(name)) {
      if (one.kind === 'unresolved') found.push(one);
      else {
        const value = plainNode(one);
        step(value, valueScope(scope.lookup, value), found, undefined);
      }
    }
    return found;
  };
}

/** `scope` of a step is where its variables and its filters look; a query that begins passes its scope's lookup. */
function compileSteps(
  parts: readonly QueryPart[],
  before: QueryPart | undefined,
  text: string,
  compiler: ClauseCompiler,
): Step {
  const [part, ...rest] = parts;
  if (part === undefined) return END;
  const next = compileSteps(rest, part, text, compiler);
  switch (part.kind) {
    case 'this':
      return next;
    case 'key':
      return indexOfKey(part.name) === undefined
        ? keyStep(part.name, text, next)
        : indexStep(indexOfKey(part.name) ?? 0, text, next);
    case 'variable':
      return variableStep(part.name, rest[0], text, next);
    case 'index':
      return indexStep(part.index, text, next);
    case 'elements':
    case 'values':
      return everyStep(part, text, next);
    case 'filter':
      return filterStep(part, before, text, next, compiler);
    case 'keys':
      return keysStep(part, text, next, compiler);
  }
}

/** A key that reads as a number of 32 bits is an index. */
function indexOfKey(key: string): number | undefined {
  const index = /^[+-]?\d{1,10}$/.test(key) ? Number(key) : Number.NaN;
  return index >= -(2 ** 31) && index < 2 ** 31 ? index : undefined;
}

function keyStep(key: string, text: string, next: Step): Step {
  return (node, scope, found, keyCase) => {
    if (node.kind !== 'map') {
      found.push(unresolved(node, text, `${key} is sought in a value that is no map but ${node.kind}`));
      return;
    }
    const members = membersOf(node);
    const exact = members.get(key);
    if (exact !== undefined) {
      next(exact, scope, found, keyCase);
      return;
    }
    for (const convert of keyCase === undefined ? KEY_CASES : [keyCase]) {
      const other = members.get(convert(key));
      if (other !== undefined) {
        next(other, scope, found, convert);
        return;
      }
    }
    found.push(unresolved(node, text, `${key} is missing`));
  };
}

function indexStep(index: number, text: string, next: Step): Step {
  return (node, scope, found, keyCase) => {
    const element = elementsOf(node)[Math.abs(index)];
    if (element !== undefined) next(element, scope, found, keyCase);
    else if (node.kind === 'list') found.push(unresolved(node, text, `the list has no element ${index}`));
    else
      found.push(unresolved(node, text, `[${index}] is sought in a value that is no list but ${node.kind}`));
  };
}

/** `.%name`: the values of the variable are the keys. */
function variableStep(name: string, after: QueryPart | undefined, text: string, next: Step): Step {
  return (node, scope, found, keyCase) => {
    if (node.kind !== 'map') {
      found.push(unresolved(node, text, `%${name} is sought in a value that is no map but ${node.kind}`));
      return;
    }
    let keys = scope.resolve(name);
    if (
      after !== undefined &&
      after.kind !== 'elements' &&
      after.kind !== 'key' &&
      after.kind !== 'variable'
    ) {
      if (after.kind !== 'index')
        throw new GuardFault(`a variable as a key cannot be followed so in ${text}`, node);
      const chosen = keys[Math.abs(after.index)];
      if (chosen === undefined) {
        found.push(unresolved(node, text, `%${name} has no value ${after.index}`));
        return;
      }
      keys = [chosen];
    }
    for (const one of keys) memberByKey(node, one, scope, found, keyCase);
  };

  function memberByKey(
    map: Node,
    key: Found,
    scope: Scope,
    found: Found[],
    keyCase: KeyCase | undefined,
  ): void {
    if (key.kind === 'unresolved') {
      found.push(unresolved(map, text, `%${name} led nowhere: ${key.reason}`));
    } else if (key.kind === 'list') {
      for (const element of elementsOf(key)) {
        if (element.kind !== 'string') throw noKey(element);
        memberByKey(map, element, scope, found, keyCase);
      }
    } else if (key.kind !== 'string') throw noKey(key);
    else {
      const member = membersOf(map).get(String(key.value));
      if (member !== undefined) next(member, scope, found, keyCase);
      else found.push(unresolved(map, text, `${String(key.value)} is missing`));
    }
  }

  function noKey(key: Node): GuardFault {
    return new GuardFault(
      `%${name} is used as a key and holds a value that is no string but ${key.kind}`,
      key,
    );
  }
}

/** `[*]` and `.*`. A single value stands for a list of one. */
function everyStep(
  part: Extract<QueryPart, { kind: 'elements' | 'values' }>,
  text: string,
  next: Step,
): Step {
  const capture = part.kind === 'values' ? part.capture : undefined;
  return (node, scope, found, keyCase) => {
    if (node.kind === 'list') {
      const elements = elementsOf(node);
      if (elements.length === 0) found.push(unresolved(node, text, 'the list is empty'));
      for (const element of elements) next(element, scope, found, keyCase);
    } else if (node.kind === 'map' && part.kind === 'values') {
      const members = membersOf(node);
      if (members.size === 0) found.push(unresolved(node, text, 'the map is empty'));
      for (const [key, member] of members) {
        if (capture !== undefined) captureKey(scope, capture, keyNode(node, key));
        next(member, valueScope(scope, member), found, keyCase);
      }
    } else next(node, scope, found, keyCase);
  };
}

function captureKey(scope: Scope, name: string, key: Node): void {
  const { captured } = scope.run;
  const keys = captured.get(name);
  if (keys === undefined) captured.set(name, [key]);
  else keys.push(key);
}

/**
 * `[ conditions ]`. Behind `.*` the conditions look at the value itself. Behind `[*]` they look at the scope
 * outside, and behind a key at the members of the map: that is how cfn-guard 3.1.1 has it.
 */
function filterStep(
  part: Extract<QueryPart, { kind: 'filter' }>,
  before: QueryPart | undefined,
  text: string,
  next: Step,
  compiler: ClauseCompiler,
): Step {
  const conditions = compiler.conditions(part.conditions);
  const selects = (scope: Scope): boolean =>
    unrecorded(scope.run, () => deeper(scope.run, () => conditions(scope) === 'PASS'));
  return (node, scope, found, keyCase) => {
    if (node.kind === 'list') {
      for (const element of elementsOf(node)) {
        if (selects(valueScope(scope, element))) next(element, scope, found, keyCase);
      }
    } else if (node.kind === 'map') {
      if (before?.kind === 'values' || before?.kind === 'elements') {
        if (selects(scope)) next(node, scope, found, keyCase);
      } else if (before?.kind === 'key' || before?.kind === 'variable') {
        for (const [key, member] of membersOf(node)) {
          const inner = valueScope(scope, member);
          if (!selects(inner)) continue;
          if (part.capture !== undefined) captureKey(scope, part.capture, keyNode(node, key));
          next(member, inner, found, keyCase);
        }
      } else if (selects(valueScope(scope, node))) next(node, scope, found, keyCase);
    } else if (before?.kind === 'elements') {
      if (selects(valueScope(scope, node))) next(node, scope, found, keyCase);
    } else
      found.push(unresolved(node, text, `a filter meets a value that is no map or list but ${node.kind}`));
  };
}

/** `[ keys == … ]`: the members of a map whose keys comply. */
function keysStep(
  part: Extract<QueryPart, { kind: 'keys' }>,
  text: string,
  next: Step,
  compiler: ClauseCompiler,
): Step {
  const right = compiler.operand(part.operand);
  return (node, scope, found, keyCase) => {
    if (node.kind !== 'map') {
      found.push(unresolved(node, text, `keys are sought in a value that is no map but ${node.kind}`));
      return;
    }
    const values = right(valueScope(scope, node));
    for (const [key, member] of membersOf(node)) {
      const named = keyNode(node, key);
      if (!keyComplies(named, part.operator, part.negated, values)) continue;
      if (part.capture !== undefined) captureKey(scope, part.capture, named);
      next(member, scope, found, keyCase);
    }
  };
}
