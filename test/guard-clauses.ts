import { readFileSync } from 'node:fs';
import type { Json } from '../src/model/json.ts';

/** The clauses of `guard-clauses.txt`: one document, and what cfn-guard 3.1.1 says of each clause on it. */
export interface ClauseTable {
  readonly document: Json;
  readonly cases: readonly { readonly status: string; readonly clause: string; readonly rule: string }[];
}

export function clauseTable(): ClauseTable {
  const text = readFileSync(new URL('guard-clauses.txt', import.meta.url), 'utf8');
  const [, document = '{}', ...lines] = text.trimEnd().split('\n');
  const cases = lines.map((line) => {
    const space = line.indexOf(' ');
    const clause = line.slice(space + 1);
    return { status: line.slice(0, space), clause, rule: `{\n${clause.replaceAll(' ;; ', '\n')}\n}` };
  });
  return { document: JSON.parse(document) as Json, cases };
}
