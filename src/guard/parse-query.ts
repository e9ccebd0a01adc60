import { parseIndex, parseString } from './parse-literal.ts';
import type { Scanner } from './scanner.ts';
import type { Conditions, Operand, Query, QueryPart } from './syntax.ts';

/** What stands inside the brackets of a query is read by the parser of clauses. */
export interface InnerParsers {
  conditions(scanner: Scanner): Conditions;
  operand(scanner: Scanner, where: string): Operand;
}

/** `some? (this | %variable | name | 'name') (.part | [part])*`; nothing where no query begins. */
export function parseQuery(scanner: Scanner, inner: InnerParsers): Query | undefined {
  const begun = scanner.at;
  const some = takeSome(scanner);
  const first = parseFirst(scanner);
  if (first === undefined) {
    scanner.at = begun;
    return undefined;
  }
  const parts: QueryPart[] = [first];
  for (;;) {
    const behind = scanner.at;
    scanner.space();
    if (scanner.take('.')) parts.push(parseDotted(scanner));
    else if (scanner.startsWith('[')) parts.push(scanner.nested(() => parseBracketed(scanner, inner)));
    else {
      scanner.at = behind;
      return { span: [begun, behind], some, parts };
    }
  }
}

function takeSome(scanner: Scanner): boolean {
  return (
    scanner.attempt(() =>
      scanner.takeWord('some', 'SOME') && scanner.space() && !scanner.startsWith('.') ? true : undefined,
    ) ?? false
  );
}

function parseFirst(scanner: Scanner): QueryPart | undefined {
  if (scanner.takeWord('this', 'THIS')) return { kind: 'this' };
  if (scanner.startsWith('%')) return parseVariable(scanner);
  const name = scanner.name() ?? parseString(scanner);
  return name === undefined ? undefined : { kind: 'key', name };
}

function parseVariable(scanner: Scanner): QueryPart {
  scanner.take('%');
  const name = scanner.name();
  if (name === undefined)
    throw scanner.fault(`${scanner.found()} is no name of a variable`, { expected: '%name' });
  return { kind: 'variable', name };
}

function parseDotted(scanner: Scanner): QueryPart {
  scanner.space();
  if (scanner.take('*')) return { kind: 'values' };
  if (scanner.startsWith('%')) return parseVariable(scanner);
  const index = parseIndex(scanner);
  if (index !== undefined) return { kind: 'index', index };
  const name = scanner.name() ?? parseString(scanner);
  if (name !== undefined) return { kind: 'key', name };
  throw scanner.fault(`${scanner.found()} behind a dot`, {
    expected: "a key, 'a key', %variable, an index or *",
  });
}

function parseBracketed(scanner: Scanner, inner: InnerParsers): QueryPart {
  scanner.take('[');
  const part =
    scanner.attempt(() => parseElements(scanner)) ??
    scanner.attempt(() => parseKey(scanner)) ??
    parseFilter(scanner, inner);
  return part;
}

/** `[*]`, `[name]`, `[0]` */
function parseElements(scanner: Scanner): QueryPart | undefined {
  if (scanner.name() !== undefined) return scanner.takeAfterSpace(']') ? { kind: 'elements' } : undefined;
  scanner.space();
  if (scanner.take('*')) return scanner.takeAfterSpace(']') ? { kind: 'elements' } : undefined;
  const index = parseIndex(scanner);
  return index !== undefined && scanner.takeAfterSpace(']') ? { kind: 'index', index } : undefined;
}

/** `['key']`, and `[ name ]`, whose blank makes it capture the keys. */
function parseKey(scanner: Scanner): QueryPart | undefined {
  scanner.space();
  const quoted = parseString(scanner);
  if (quoted !== undefined) return scanner.takeAfterSpace(']') ? { kind: 'key', name: quoted } : undefined;
  const capture = scanner.name();
  return capture !== undefined && scanner.takeAfterSpace(']') ? { kind: 'values', capture } : undefined;
}

/** `[ name | keys == /x/ ]`, `[ name | clause … ]` */
function parseFilter(scanner: Scanner, inner: InnerParsers): QueryPart {
  scanner.space();
  const name = scanner.attempt(() => {
    const captured = scanner.name();
    return captured !== undefined && scanner.takeAfterSpace('|') && !scanner.startsWith('OR|')
      ? captured
      : undefined;
  });
  const capture = name === undefined ? {} : { capture: name };
  scanner.space();
  const comparison = scanner.attempt(() => parseKeysComparison(scanner));
  const part: QueryPart =
    comparison === undefined
      ? { kind: 'filter', ...capture, conditions: inner.conditions(scanner) }
      : { kind: 'keys', ...capture, ...comparison, operand: inner.operand(scanner, 'keys') };
  scanner.expect(']', 'a filter');
  return part;
}

function parseKeysComparison(scanner: Scanner): { operator: '==' | 'in'; negated: boolean } | undefined {
  if (!scanner.takeWord('keys', 'KEYS')) return undefined;
  scanner.space();
  if (scanner.take('==')) return { operator: '==', negated: false };
  if (scanner.take('!=')) return { operator: '==', negated: true };
  const negated = takeNot(scanner);
  return scanner.takeWord('in', 'IN') ? { operator: 'in', negated } : undefined;
}

/** `not`, `NOT` or `!`, and the space behind it. */
export function takeNot(scanner: Scanner): boolean {
  const found = scanner.attempt(() => {
    if (scanner.takeWord('not', 'NOT')) return scanner.space() ? true : undefined;
    return scanner.startsWith('!=') || !scanner.take('!') ? undefined : true;
  });
  if (found === true) scanner.space();
  return found === true;
}
