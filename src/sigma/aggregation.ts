import type { ConditionFault } from './condition.ts';

const AGGREGATION =
  /^\s*(count|sum|avg|min|max)\s*\(([^)]*)\)\s*(?:by\s+(\S+)\s*)?(==?|[<>]=?)\s*(-?[\d.]+)\s*$/i;
const NEAR = /^\s*near\s+(.+)$/i;

const OPERATORS: Readonly<Record<string, string>> = {
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '=': 'eq',
  '==': 'eq',
};

/**
 * Sigma 1 counted behind a pipe in the condition; Sigma 2 has correlation rules for it. The fault
 * names the correlation to write.
 */
export function aggregationFault(text: string): ConditionFault | undefined {
  const pipe = text.indexOf('|');
  if (pipe === -1) return undefined;
  return {
    start: pipe,
    end: text.length,
    message: 'Sigma 2 has no aggregation in a condition',
    expected: `${text.slice(0, pipe).trim()} alone, and a correlation rule beside it`,
    fix: correlationFor(text.slice(pipe + 1)),
  };
}

function correlationFor(aggregation: string): string {
  const near = NEAR.exec(aggregation);
  if (near !== null) return 'correlation: { type: temporal, rules: [one rule for each part], timespan: … }';
  const [, counter = 'count', field = '', group, operator = '>', limit = 'N'] =
    AGGREGATION.exec(aggregation) ?? [];
  const type =
    counter.toLowerCase() === 'count'
      ? field.trim() === ''
        ? 'event_count'
        : 'value_count'
      : `value_${counter}`;
  if (/_(min|max)$/i.test(type))
    return `gt, gte, lt or lte on the field ${field.trim()}; no correlation is needed`;
  const groupBy = group === undefined ? '' : `, group-by: [${group}]`;
  const of = field.trim() === '' ? '' : `field: ${field.trim()}, `;
  const condition = `{ ${of}${OPERATORS[operator] ?? 'gt'}: ${limit} }`;
  return `correlation: { type: ${type.toLowerCase()}, rules: [this rule's id]${groupBy}, timespan: …, condition: ${condition} }`;
}
