import type { Subject } from '../subject.ts';
import { member, type Node, textOf } from '../template/node.ts';
import type { ResolvedResource, World } from '../template/worlds.ts';

/** What a check of aws-cf-checker says. */
export interface CheckFinding {
  readonly logicalId: string;
  readonly message: string;
  readonly node: Node;
  /** It may be so: it depends on a value that the template does not tell. */
  readonly open?: true;
}

export type Check = (world: World, subject: Subject) => Iterable<CheckFinding>;

export function typeOf({ value }: ResolvedResource): string {
  return textOf(member(value, 'Type')) ?? '';
}

export function propertyOf({ value }: ResolvedResource, name: string): Node | undefined {
  return member(member(value, 'Properties'), name);
}
