import type { Json } from '../model/json.ts';
import type { Changes, Edit } from './fix.ts';
import type { MapNode } from './template/node.ts';

interface Style {
  readonly json: boolean;
  readonly text: string;
}

/** New entries for a map, written as the map is written: the same indentation, braces where it has braces. */
export function addition(node: MapNode, entries: Changes, style: Style): Edit {
  const last = node.entries.at(-1);
  if (last === undefined || (node.flow && !onOwnLine(style.text, last.keySpan.start))) {
    return inBraces(node, entries, style);
  }
  const indent = style.text
    .slice(lineStart(style.text, last.keySpan.start), last.keySpan.start)
    .replace(/\S/g, ' ');
  const step = stepOf(node, style.text, indent);
  if (node.flow) {
    const lines = jsonLines(entries, indent, step, style.json);
    return { start: last.value.end, end: last.value.end, text: `,\n${lines}` };
  }
  const at = lineEnd(style.text, lastCharacter(style.text, Math.max(last.value.end, last.keySpan.end)));
  const newline = style.text.includes('\r\n') ? '\r\n' : '\n';
  return { start: at, end: at, text: `${newline}${yamlLines(entries, indent, step).join(newline)}` };
}

function inBraces(node: MapNode, entries: Changes, style: Style): Edit {
  const text = flowEntries(entries, style.json);
  const last = node.entries.at(-1);
  if (last !== undefined) return { start: last.value.end, end: last.value.end, text: `, ${text}` };
  return { start: node.start, end: node.end, text: style.json ? `{ ${text} }` : `{${text}}` };
}

function flowEntries(entries: Changes, json: boolean): string {
  return [...entries]
    .map(([key, change]) => {
      const name = json ? JSON.stringify(key) : key;
      return `${name}: ${change instanceof Map ? `{ ${flowEntries(change, json)} }` : literalText(change.value, json)}`;
    })
    .join(', ');
}

function jsonLines(entries: Changes, indent: string, step: string, json: boolean): string {
  return [...entries]
    .map(([key, change]) => {
      const name = `${indent}${json ? JSON.stringify(key) : key}: `;
      if (!(change instanceof Map)) return `${name}${literalText(change.value, json)}`;
      return `${name}{\n${jsonLines(change, indent + step, step, json)}\n${indent}}`;
    })
    .join(',\n');
}

function yamlLines(entries: Changes, indent: string, step: string): string[] {
  return [...entries].flatMap(([key, change]) => {
    if (!(change instanceof Map)) return [`${indent}${key}: ${literalText(change.value, false)}`];
    return [`${indent}${key}:`, ...yamlLines(change, indent + step, step)];
  });
}

/** A plain word where YAML reads it as the same text, else JSON, which YAML reads, too. */
export function literalText(value: Json, json: boolean): string {
  const plain = typeof value === 'string' && !json && /^[A-Za-z][\w.-]*$/.test(value);
  return plain && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(value) ? value : JSON.stringify(value);
}

function stepOf(node: MapNode, text: string, indent: string): string {
  for (const { value } of node.entries) {
    const child = value.kind === 'map' ? value.entries[0] : undefined;
    if (child === undefined || !onOwnLine(text, child.keySpan.start)) continue;
    const width = child.keySpan.start - lineStart(text, child.keySpan.start) - indent.length;
    if (width > 0) return text.includes('\t') && indent.includes('\t') ? '\t' : ' '.repeat(width);
  }
  return indent.includes('\t')
    ? '\t'
    : ' '.repeat(indent.length > 0 && indent.length % 4 === 0 && indent.length % 6 !== 0 ? 4 : 2);
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The end of the line, a comment on it included. */
function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at);
  const end = newline === -1 ? text.length : newline;
  return text[end - 1] === '\r' ? end - 1 : end;
}

function lastCharacter(text: string, end: number): number {
  let at = end;
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at--;
  return at;
}

function onOwnLine(text: string, at: number): boolean {
  return /^[\s-]*$/.test(text.slice(lineStart(text, at), at));
}
