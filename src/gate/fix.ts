import type { Json } from '../model/json.ts';
import { canonicalJson } from '../model/json.ts';
import type { SourceText } from '../model/problem.ts';
import type { GateFinding } from './finding.ts';
import { addition, literalText } from './fix-text.ts';
import type { Policy } from './policy.ts';
import { entryOf, type MapNode, member, type Node, textOf, toJson } from './template/node.ts';
import { readDocument } from './template/template.ts';

/** What is to be set, as a tree of properties. */
export type Changes = Map<string, Changes | { readonly value: Json }>;

export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface FixedFile {
  readonly text: string;
  readonly fixed: readonly GateFinding[];
}

/**
 * The text with every finding put right that has one right answer. Only what is written down as a
 * plain value is changed; what an intrinsic function decides is left to a person. The result is
 * read again: if anything but the meant values had changed, nothing is.
 */
export function fixFile(
  source: SourceText,
  findings: readonly GateFinding[],
  policies: readonly Policy[],
): FixedFile | undefined {
  const read = readDocument(source);
  if (!read.ok) return undefined;
  const settings = new Map(policies.map(({ header }) => [header.id, header.set]));
  const edits: Edit[] = [];
  const fixed: GateFinding[] = [];
  const wanted = structuredClone(toJson(read.value));
  const style = { json: /^\uFEFF?\s*\{/.test(source.text), text: source.text };
  for (const [logicalId, group] of Map.groupBy(findings, ({ resource }) => resource?.logicalId ?? '')) {
    const resource = member(member(read.value, 'Resources'), logicalId);
    const fixable = group.filter(
      ({ verdict, policy }) => verdict === 'fail' && (settings.get(policy.id)?.length ?? 0) > 0,
    );
    if (resource?.kind !== 'map' || textOf(member(resource, 'Type')) !== group[0]?.resource?.type) continue;
    const changes: Changes = new Map();
    for (const finding of fixable) {
      const sets = settings.get(finding.policy.id) ?? [];
      if (sets.every(({ path }) => canBeSet(resource, ['Properties', ...path]))) {
        for (const { path, value } of sets) put(changes, ['Properties', ...path], value);
        fixed.push(finding);
      }
    }
    if (changes.size === 0) continue;
    edits.push(...editsOf(resource, changes, style));
    setIn(wanted, ['Resources', logicalId], changes);
  }
  if (edits.length === 0) return undefined;
  const text = applied(source.text, edits);
  const again = readDocument({ file: source.file, text });
  if (!again.ok || canonicalJson(toJson(again.value)) !== canonicalJson(wanted)) return undefined;
  return { text, fixed };
}

/** Every value on the way is a map written here, and the last one is no function. */
function canBeSet(node: MapNode, path: readonly string[]): boolean {
  let at: Node = node;
  for (const [depth, part] of path.entries()) {
    if (at.kind !== 'map' || isFunction(at) || !writtenHere(at)) return false;
    const next: Node | undefined = entryOf(at, part)?.value;
    if (next === undefined) return true;
    if (depth === path.length - 1) return next.kind === 'scalar' && next.value !== null;
    at = next;
  }
  return false;
}

function isFunction(node: MapNode): boolean {
  return node.entries.some(({ key }) => key === 'Ref' || key.startsWith('Fn::'));
}

/** Not by an alias or a merge key from another place of the file. */
function writtenHere(node: MapNode): boolean {
  return node.entries.every(({ keySpan }) => keySpan.start >= node.start && keySpan.end <= node.end);
}

function put(changes: Changes, [first = '', ...rest]: readonly string[], value: Json): void {
  if (rest.length === 0) {
    changes.set(first, { value });
    return;
  }
  const inside = changes.get(first);
  const branch: Changes = inside instanceof Map ? inside : new Map();
  changes.set(first, branch);
  put(branch, rest, value);
}

function editsOf(node: MapNode, changes: Changes, style: { json: boolean; text: string }): Edit[] {
  const edits: Edit[] = [];
  const missing: Changes = new Map();
  for (const [key, change] of changes) {
    const existing = entryOf(node, key)?.value;
    if (existing === undefined) missing.set(key, change);
    else if (change instanceof Map) {
      if (existing.kind === 'map') edits.push(...editsOf(existing, change, style));
    } else
      edits.push({ start: existing.start, end: existing.end, text: literalText(change.value, style.json) });
  }
  if (missing.size > 0) edits.push(addition(node, missing, style));
  return edits;
}

function applied(text: string, edits: readonly Edit[]): string {
  let result = text;
  for (const { start, end, text: inserted } of edits.toSorted((a, b) => b.start - a.start || b.end - a.end)) {
    result = result.slice(0, start) + inserted + result.slice(end);
  }
  return result;
}

type Mutable = { [key: string]: Mutable | Json };

function setIn(root: Json, path: readonly string[], changes: Changes): void {
  let at = root as Mutable;
  for (const part of path) at = at[part] as Mutable;
  const apply = (target: Mutable, tree: Changes): void => {
    for (const [key, change] of tree) {
      if (change instanceof Map) {
        target[key] ??= {};
        apply(target[key] as Mutable, change);
      } else target[key] = change.value;
    }
  };
  apply(at, changes);
}
