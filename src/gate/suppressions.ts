import { readFileSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import { ok, type Place, problemAt, type Result, type SourceText } from '../model/problem.ts';
import type { GateFinding } from './finding.ts';
import { lineIndex } from './line-index.ts';
import type { Subject } from './subject.ts';
import { itemsOf, member, type Node, type Span, textOf } from './template/node.ts';
import { readDocument } from './template/template.ts';

/** An accepted finding: somebody gives a reason, and a date on which it is to be looked at again. */
export interface Suppression {
  readonly id: string;
  readonly reason: string;
  /** The last day on which it counts, `2026-12-31`. */
  readonly until: string;
  /** Only of this resource, only in these files. */
  readonly resource: string | undefined;
  readonly files: string | undefined;
  readonly by: string;
  readonly at: { readonly file: string; readonly place: Place };
}

/** A suppression that does not count, or does nothing, and why. */
export interface SuppressionNote {
  readonly file: string;
  readonly place: Place;
  readonly text: string;
}

export interface Suppressions {
  readonly suppressions: readonly Suppression[];
  readonly notes: readonly SuppressionNote[];
}

/** From `Metadata: {Cordon: {suppress: […]}}` of a template and of its resources. */
export function suppressionsIn({ source, sections, worlds }: Subject): Suppressions {
  const found: Suppression[] = [];
  const notes: SuppressionNote[] = [];
  const seen = new Set<Node>();
  const lines = lineIndex(source.text);
  const take = (metadata: Node | undefined, resource: string | undefined): void => {
    const node = member(member(metadata, 'Cordon'), 'suppress');
    if (node === undefined || seen.has(node)) return;
    seen.add(node);
    collect(
      node,
      { file: source.file, lines, by: 'the template', resource, files: source.file },
      found,
      notes,
    );
  };
  take(member(sections, 'Metadata'), undefined);
  for (const { resources } of worlds) {
    for (const { key, value } of resources) take(member(value, 'Metadata'), key);
  }
  return { suppressions: found, notes };
}

/** A list of `{id, reason, until}`, optionally with `resource` and `file` (a glob). */
export function readSuppressions(file: string): Result<Suppressions> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return {
      ok: false,
      problems: [problemAt({ file, text: '' }, 0, 1, `cannot be read: ${(error as Error).message}`)],
    };
  }
  const source: SourceText = { file, text };
  const read = readDocument(source);
  if (!read.ok) return read;
  const node = member(read.value, 'suppress') ?? read.value;
  if (node.kind !== 'list') {
    return {
      ok: false,
      problems: [problemAt(source, 0, 1, 'a list of suppressions is expected', { expected: '- id: …' })],
    };
  }
  const found: Suppression[] = [];
  const notes: SuppressionNote[] = [];
  collect(
    node,
    { file, lines: lineIndex(text), by: file, resource: undefined, files: undefined },
    found,
    notes,
  );
  return ok({ suppressions: found, notes });
}

interface Origin {
  readonly file: string;
  readonly lines: ReturnType<typeof lineIndex>;
  readonly by: string;
  readonly resource: string | undefined;
  readonly files: string | undefined;
}

function collect(node: Node, origin: Origin, into: Suppression[], notes: SuppressionNote[]): void {
  for (const item of node.kind === 'list' ? itemsOf(node) : [node]) {
    const [id, reason, until] = ['id', 'reason', 'until'].map((key) => textOf(member(item, key))?.trim());
    const place = origin.lines.placeOf(spanOf(item));
    const missing = [
      ...(id ? [] : ['an id']),
      ...(reason ? [] : ['a reason']),
      ...(until !== undefined && isDate(until) ? [] : ['an until: YYYY-MM-DD']),
    ];
    if (missing.length > 0) {
      const text = `the suppression${id ? ` of ${id}` : ''} does not count: it has not ${missing.join(', ')}`;
      notes.push({ file: origin.file, place, text });
      continue;
    }
    into.push({
      id: id ?? '',
      reason: reason ?? '',
      until: until ?? '',
      resource: origin.resource ?? textOf(member(item, 'resource')),
      files: origin.files ?? textOf(member(item, 'file')),
      by: origin.by,
      at: { file: origin.file, place },
    });
  }
}

function spanOf(node: Node): Span {
  return node.kind === 'map' ? (node.entries[0]?.keySpan ?? node) : node;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Marks what is suppressed; says which suppressions have run out and which suppress nothing. */
export function suppress(
  findings: readonly GateFinding[],
  suppressions: readonly Suppression[],
  { today, tellUnused }: { readonly today: string; readonly tellUnused: boolean },
): { findings: GateFinding[]; notes: SuppressionNote[] } {
  const used = new Set<Suppression>();
  const marked = findings.map((finding) => {
    const matching = suppressions.filter((one) => matches(one, finding));
    for (const one of matching) used.add(one);
    const valid = matching.find(({ until }) => until >= today);
    if (valid === undefined) return finding;
    return { ...finding, suppressed: { reason: valid.reason, until: valid.until, by: valid.by } };
  });
  const notes = suppressions.flatMap((one): SuppressionNote[] => {
    const where = one.resource === undefined ? '' : ` on ${one.resource}`;
    if (!used.has(one)) {
      const text = `the suppression of ${one.id}${where} suppresses nothing`;
      return tellUnused ? [{ ...one.at, text }] : [];
    }
    if (one.until >= today) return [];
    return [
      {
        ...one.at,
        text: `the suppression of ${one.id}${where} has run out on ${one.until} and does not count`,
      },
    ];
  });
  return { findings: marked, notes };
}

function matches({ id, resource, files }: Suppression, finding: GateFinding): boolean {
  if (id !== finding.policy.id && id !== finding.rule) return false;
  if (
    resource !== undefined &&
    resource !== finding.resource?.logicalId &&
    resource !== finding.resource?.address
  )
    return false;
  return files === undefined || files === finding.file || matchesGlob(finding.file, files);
}
