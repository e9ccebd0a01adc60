import { z } from 'zod';
import type { Action } from './action.ts';

export interface ActionSummary {
  readonly name: string;
  readonly group: string;
  readonly title: string;
  readonly effect: string;
  /** `not needed` of an action that only reads or keeps. */
  readonly undo: 'yes' | 'none' | 'not needed';
}

const UNDO = { by: 'yes', none: 'none', nothing: 'not needed' } as const;

export function summaryOf({ name, group, title, effect, undo }: Action): ActionSummary {
  return { name, group, title, effect, undo: UNDO[undo.kind] };
}

/** A Markdown table of actions, by group. */
export function actionsTable(actions: readonly Action[]): string {
  const rows = [...Map.groupBy(actions, ({ group }) => group)].flatMap(([group, members]) =>
    members.map((action) => {
      const { name, effect, undo } = summaryOf(action);
      return [group, `\`${name}\``, action.about.effect, effect, undo === 'yes' ? undoOf(action) : undo];
    }),
  );
  const table = [['group', 'action', 'does', 'effect', 'undo'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = table;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

function undoOf({ undo }: Action): string {
  return undo.kind === 'by' ? undo.how : '';
}

/** What a playbook may say under `with`, as JSON Schema. */
export function inputSchema({ input }: Action): InputSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: 'input' });
  return schema as InputSchema;
}

interface InputSchema {
  readonly properties?: Readonly<Record<string, { readonly type?: string; readonly [key: string]: unknown }>>;
  readonly required?: readonly string[];
}

/** One line a member of the input, for a person. */
export function inputLines(action: Action): string[] {
  const { properties = {}, required = [] } = inputSchema(action);
  return Object.entries(properties).map(([name, { type, description, default: fallback, enum: words }]) => {
    const kind = Array.isArray(words) ? words.join(' | ') : (type ?? 'value');
    const need = required.includes(name)
      ? 'required'
      : fallback === undefined
        ? 'optional'
        : `default ${JSON.stringify(fallback)}`;
    return `${name}: ${kind}, ${need}${description === undefined ? '' : `; ${String(description)}`}`;
  });
}
