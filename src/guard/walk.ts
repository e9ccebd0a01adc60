import type { Block, Clause, Conditions, GuardSyntax, Literal, Operand, Query, Span } from './syntax.ts';

type Rules = Pick<GuardSyntax, 'assignments' | 'rules' | 'parameterized'>;

interface Visitor {
  clause?(clause: Clause): void;
  literal?(literal: Literal): void;
  query?(query: Query): void;
}

/** Calls the visitor for every clause, query and literal of a file. */
export function walk(guard: Rules, visitor: Visitor): void {
  for (const { operand } of guard.assignments) walkOperand(operand, visitor);
  for (const rule of [...guard.rules, ...guard.parameterized]) {
    if (rule.when !== undefined) walkConditions(rule.when, visitor);
    walkBlock(rule.block, visitor);
  }
}

function walkBlock(block: Block, visitor: Visitor): void {
  for (const { operand } of block.assignments) walkOperand(operand, visitor);
  walkConditions(block.clauses, visitor);
}

function walkConditions(conditions: Conditions, visitor: Visitor): void {
  for (const clause of conditions.flat()) walkClause(clause, visitor);
}

function walkClause(clause: Clause, visitor: Visitor): void {
  visitor.clause?.(clause);
  if ('query' in clause) walkQuery(clause.query, visitor);
  if ('operand' in clause) walkOperand(clause.operand, visitor);
  if ('operands' in clause) for (const operand of clause.operands) walkOperand(operand, visitor);
  if ('when' in clause && clause.when !== undefined) walkConditions(clause.when, visitor);
  if ('block' in clause) walkBlock(clause.block, visitor);
}

function walkOperand(operand: Operand, visitor: Visitor): void {
  if (operand.kind === 'query') walkQuery(operand.query, visitor);
  else if (operand.kind === 'literal') walkLiteral(operand.literal, visitor);
  else for (const inner of operand.call.operands) walkOperand(inner, visitor);
}

function walkLiteral(literal: Literal, visitor: Visitor): void {
  visitor.literal?.(literal);
  if (literal.kind === 'list') for (const item of literal.items) walkLiteral(item, visitor);
  if (literal.kind === 'map') for (const [, value] of literal.entries) walkLiteral(value, visitor);
}

function walkQuery(query: Query, visitor: Visitor): void {
  visitor.query?.(query);
  for (const part of query.parts) {
    if (part.kind === 'filter') walkConditions(part.conditions, visitor);
    if (part.kind === 'keys') walkOperand(part.operand, visitor);
  }
}

export function literalsOf(guard: Rules): Literal[] {
  const literals: Literal[] = [];
  walk(guard, { literal: (literal) => literals.push(literal) });
  return literals;
}

/** Every name of a rule that a clause uses; `called` with operands. */
export function referencesOf(guard: Rules): { name: string; span: Span; called: boolean }[] {
  const references: { name: string; span: Span; called: boolean }[] = [];
  walk(guard, {
    clause(clause) {
      if (clause.kind !== 'reference' && clause.kind !== 'call') return;
      references.push({ name: clause.rule, span: clause.span, called: clause.kind === 'call' });
    },
  });
  return references;
}

export function capturesKeys(guard: Rules): boolean {
  let captures = false;
  walk(guard, {
    query({ parts }) {
      captures ||= parts.some((part) => 'capture' in part && part.capture !== undefined);
    },
  });
  return captures;
}
