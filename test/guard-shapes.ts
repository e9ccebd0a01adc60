import type { Conditions, GuardFile, Literal, Operand, Query, QueryPart, Rule } from '../src/guard/syntax.ts';
import type { Json } from '../src/model/json.ts';

/** What the rules of a file ask of a value: enough to make documents that reach their deepest clauses. */
export interface Shape {
  readonly members: Map<string, Shape>;
  element: Shape | undefined;
  /** Values that clauses compare with. */
  readonly candidates: Json[];
}

const newShape = (): Shape => ({ members: new Map(), element: undefined, candidates: [] });

type Names = ReadonlyMap<string, Shape>;

/** The shapes of resources by their type, as the variables and rules of a file draw them. */
export function resourceShapes(file: GuardFile): Map<string, Shape> {
  const literals = new Map<string, Literal>();
  const shapes = new Map<string, Shape>();
  const globals = new Map<string, Shape>();
  for (const { name, operand } of file.assignments) {
    if (operand.kind === 'literal') literals.set(name, operand.literal);
  }
  for (const { name, operand } of file.assignments) {
    const type = operand.kind === 'query' ? typeOf(operand.query, literals) : undefined;
    if (type === undefined) continue;
    const shape = shapes.get(type) ?? newShape();
    shapes.set(type, shape);
    globals.set(name, shape);
  }
  const root = newShape();
  for (const rule of file.rules) drawRule(rule, root, globals, 0);
  return shapes;

  function drawRule(rule: Rule, at: Shape, names: Names, depth: number): void {
    if (rule.when !== undefined) drawConditions(rule.when, at, names, depth);
    drawBlock(rule.block, at, names, depth);
  }

  function drawBlock(block: Rule['block'], at: Shape, names: Names, depth: number): void {
    const inner = new Map(names);
    for (const { name, operand } of block.assignments) {
      if (operand.kind === 'literal') literals.set(name, operand.literal);
      if (operand.kind === 'query') inner.set(name, follow(operand.query, at, inner, depth));
    }
    drawConditions(block.clauses, at, inner, depth);
  }

  function drawConditions(conditions: Conditions, at: Shape, names: Names, depth: number): void {
    if (depth > 12) return;
    for (const clause of conditions.flat()) {
      switch (clause.kind) {
        case 'binary':
          follow(clause.query, at, names, depth).candidates.push(...candidatesOf(clause.operand));
          if (clause.operand.kind === 'query') follow(clause.operand.query, at, names, depth);
          break;
        case 'unary':
          follow(clause.query, at, names, depth);
          break;
        case 'block':
          drawBlock(clause.block, follow(clause.query, at, names, depth), names, depth + 1);
          break;
        case 'when':
          drawConditions(clause.when, at, names, depth + 1);
          drawBlock(clause.block, at, names, depth + 1);
          break;
        case 'call': {
          const called = file.parameterized.find(({ name }) => name === clause.rule);
          const operands = clause.operands.map((operand): [string, Shape] => [
            called?.parameters[clause.operands.indexOf(operand)] ?? '',
            operand.kind === 'query' ? follow(operand.query, at, names, depth) : newShape(),
          ]);
          if (called !== undefined) drawRule(called, at, new Map([...names, ...operands]), depth + 1);
          break;
        }
        default:
      }
    }
  }

  function follow(query: Query, at: Shape, names: Names, depth: number): Shape {
    let current = at;
    for (const [index, part] of query.parts.entries()) {
      current =
        index === 0 && part.kind === 'variable'
          ? (names.get(part.name) ?? newShape())
          : step(part, current, names, depth);
    }
    return current;
  }

  function step(part: QueryPart, at: Shape, names: Names, depth: number): Shape {
    switch (part.kind) {
      case 'key':
        return memberOf(at, part.name);
      case 'variable': {
        const key = literals.get(part.name);
        return key?.kind === 'string' ? memberOf(at, key.value) : newShape();
      }
      case 'this':
        return at;
      case 'keys':
        for (const key of candidatesOf(part.operand)) memberOf(at, String(key));
        return at;
      case 'filter':
        at.element ??= newShape();
        drawConditions(part.conditions, at.element, names, depth + 1);
        return at.element;
      default:
        at.element ??= newShape();
        return at.element;
    }
  }

  function candidatesOf(operand: Operand): Json[] {
    if (operand.kind === 'literal') return jsonOf(operand.literal);
    const [only] = operand.kind === 'query' && operand.query.parts.length === 1 ? operand.query.parts : [];
    const literal = only?.kind === 'variable' ? literals.get(only.name) : undefined;
    return literal === undefined ? [] : jsonOf(literal);
  }
}

function memberOf(shape: Shape, key: string): Shape {
  const known = shape.members.get(key);
  if (known !== undefined) return known;
  const member = newShape();
  shape.members.set(key, member);
  return member;
}

function typeOf({ parts }: Query, literals: ReadonlyMap<string, Literal>): string | undefined {
  const filter = parts[2];
  const clause = filter?.kind === 'filter' ? filter.conditions[0]?.[0] : undefined;
  if (clause?.kind !== 'binary') return undefined;
  const { operand } = clause;
  const [variable] = operand.kind === 'query' ? operand.query.parts : [];
  const literal =
    operand.kind === 'literal'
      ? operand.literal
      : variable?.kind === 'variable'
        ? literals.get(variable.name)
        : undefined;
  return literal?.kind === 'string' ? literal.value : undefined;
}

/** Values that comply with a literal, as far as they are easily found. */
function jsonOf(literal: Literal): Json[] {
  switch (literal.kind) {
    case 'list':
      return literal.items.flatMap(jsonOf);
    case 'map':
      return [Object.fromEntries(literal.entries.map(([key, value]) => [key, jsonOf(value)[0] ?? null]))];
    case 'null':
      return [null];
    case 'regex':
      return [sampleOf(literal.value)];
    case 'int-range':
    case 'float-range':
    case 'char-range':
      return [literal.lower, literal.upper];
    default:
      return [literal.value];
  }
}

/** A text that a simple pattern matches: its letters, with its operators worn off. */
function sampleOf(pattern: string): string {
  return pattern
    .replace(/\(\?\w+\)/g, '')
    .replace(/\\d\{12\}/g, '123456789012')
    .replace(/\[[^\]]*\][*+]?/g, 'a')
    .replace(/\.[*+]\??/g, 'large')
    .replace(/\\([A-Za-z])/g, '')
    .replace(/[\\^$()?|]|\{[^}]*\}/g, '');
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const NOISE: readonly Json[] = [
  true,
  false,
  'true',
  '',
  'x',
  '*',
  [],
  {},
  ['x'],
  [{}],
  { Ref: 'Other' },
  { 'Fn::GetAtt': ['Other', 'Arn'] },
  { 'Fn::Sub': 'arn:x' },
];
/** What `empty` has no meaning for: cfn-guard ends its run there. */
const ABORTING_NOISE: readonly Json[] = [null, 1, 0, 1.5];

export interface Chaos {
  readonly random: () => number;
  /** How often a value is missing, and how often it is something else. */
  readonly missing: number;
  readonly noise: number;
  readonly aborting: boolean;
}

export function documentValue(shape: Shape, chaos: Chaos, depth = 0): Json {
  const { random } = chaos;
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)];
  if (random() < chaos.noise) {
    return pick(chaos.aborting ? [...NOISE, ...ABORTING_NOISE] : NOISE) ?? '';
  }
  if (depth > 12) return 'deep';
  const { members, element, candidates } = shape;
  const asList = element !== undefined && (members.size === 0 || random() < 0.7);
  if (asList) {
    return Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      documentValue(element, chaos, depth + 1),
    );
  }
  if (members.size > 0 && (candidates.length === 0 || random() < 0.8)) {
    const entries = [...members].filter(() => random() >= chaos.missing);
    return Object.fromEntries(entries.map(([key, member]) => [key, documentValue(member, chaos, depth + 1)]));
  }
  return pick(candidates.length > 0 ? candidates : NOISE) ?? '';
}
