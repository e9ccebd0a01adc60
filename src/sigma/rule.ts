import type { Level } from '../model/finding.ts';
import type { Path, YamlDocument } from '../yaml/document.ts';
import type { Condition } from './condition.ts';

/** A Sigma detection rule. Source: Sigma rules specification, "Components". */
export interface SigmaRule {
  readonly id: string;
  /** Another name by which correlations and filters may refer to it. */
  readonly name?: string;
  readonly title: string;
  readonly level: Level;
  readonly logsource: Logsource;
  readonly status?: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly detection: ReadonlyMap<string, Search>;
  readonly condition: Condition;
  /** Every attribute as the file has it, also the unknown ones. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly document: YamlDocument;
}

export interface Logsource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

/** What one search identifier looks for. */
export type Search =
  | { readonly kind: 'map'; readonly items: readonly DetectionItem[] }
  | { readonly kind: 'any'; readonly searches: readonly Search[] };

/** `field|modifier|…: values`; a keyword search has the field ''. */
export interface DetectionItem {
  readonly field: string;
  readonly modifiers: readonly string[];
  readonly values: readonly unknown[];
  readonly path: Path;
  /** Where it stands, when that is not the rule's own document: a filter. */
  readonly document?: YamlDocument;
}
