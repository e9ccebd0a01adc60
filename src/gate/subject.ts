import type { SourceText } from '../model/problem.ts';
import type { NotJudged } from './finding.ts';
import type { Node } from './template/node.ts';
import type { ResolvedResource, World } from './template/worlds.ts';

/** What is judged: a template, or what a plan would make, as resources in CloudFormation's schema. */
export interface Subject {
  readonly source: SourceText;
  /** The sections beside `Resources`, as a rule may want to see them. */
  readonly sections: Node;
  readonly worlds: readonly World[];
  /** Only some of the combinations are judged. */
  readonly incomplete: boolean;
  /** The resource when some of its unknowns have the given values. */
  resolveWith(world: World, resource: ResolvedResource, values: ReadonlyMap<string, Node>): Node;
  /** The type of a parameter, so that only values are tried that it can have. */
  typeOf(unknown: string): string | undefined;
  /** Names beyond the logical id, where there are any. */
  readonly names: ReadonlyMap<string, { readonly address?: string; readonly madeAt?: string }>;
  readonly notJudged: readonly NotJudged[];
  /** Formatting can be kept when a fix is written: it is a template on disk. */
  readonly fixable: boolean;
}
