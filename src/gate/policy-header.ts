import type { Json } from '../model/json.ts';
import { isSeverity, type Severity } from './severity.ts';

/** What the comments at the top of a Guard file say about it. */
export interface PolicyHeader {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  readonly fix: string;
  readonly references: readonly string[];
  /** Resource types that it judges; empty where the file does not say. */
  readonly resources: readonly string[];
  /** What `--fix` sets, where there is one right value. */
  readonly set: readonly Setting[];
}

export interface Setting {
  /** Below `Properties`. */
  readonly path: readonly string[];
  readonly value: Json;
}

const KEYS = /^#\s?(title|id|severity|why|fix|references|resources|set):\s*(.*)$/;

/** Reads `# key: text` lines; a line of two spaces and text goes on with the one before. */
export function readPolicyHeader(text: string, name: string): PolicyHeader {
  const fields = new Map<string, string>();
  let current: string | undefined;
  for (const line of text.split('\n')) {
    if (!line.startsWith('#')) break;
    const [, key, value = ''] = KEYS.exec(line.trimEnd()) ?? [];
    if (key !== undefined) {
      current = key;
      fields.set(key, value);
    } else if (current !== undefined && /^#\s{2,}\S/.test(line)) {
      fields.set(current, `${fields.get(current)} ${line.slice(1).trim()}`.trim());
    } else current = undefined;
  }
  const severity = fields.get('severity')?.toLowerCase() ?? '';
  const fix = fields.get('fix') ?? '';
  return {
    id: fields.get('id') || name,
    title: fields.get('title') || titleOf(name),
    severity: isSeverity(severity) ? severity : 'medium',
    why: fields.get('why') ?? '',
    fix,
    references: words(fields.get('references'), /\s*,\s*/),
    resources: words(fields.get('resources'), /[\s,]+/),
    set: settings(fields.get('set'), fix),
  };
}

function words(text: string | undefined, separator: RegExp): string[] {
  return (text ?? '').split(separator).filter((word) => word !== '');
}

function titleOf(name: string): string {
  const words = name.replace(/[-_]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * `set: StorageEncrypted = true; LoggingConfiguration = {…}`. Without it, a fix that ends in
 * `Set StorageEncrypted: true.` is unambiguous, too, and one that leaves a choice is not.
 */
function settings(set: string | undefined, fix: string): Setting[] {
  if (set !== undefined) {
    return set.split(/;\s*/).flatMap((one) => {
      const [, path, value] = /^([A-Za-z][A-Za-z0-9.]*)\s*=\s*(.+)$/.exec(one.trim()) ?? [];
      return path === undefined || value === undefined
        ? []
        : [{ path: path.split('.'), value: literal(value) }];
    });
  }
  const simple =
    /(?:^|\. )Set ([A-Z][A-Za-z0-9]*(?:\.[A-Z][A-Za-z0-9]*)*): ([A-Za-z0-9_-]+)(?:\.| or leave it out\.| \(and [^)]*\)\.)$/;
  const [, path, value] = simple.exec(fix) ?? [];
  return path === undefined || value === undefined ? [] : [{ path: path.split('.'), value: literal(value) }];
}

function literal(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
