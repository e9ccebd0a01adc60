import type { Node } from './node.ts';

/**
 * A rule met something it cannot judge. It travels to the clause or rule that is judged, which then
 * is an error, and everything else goes on; it never leaves this folder.
 */
export class GuardFault extends Error {
  /** The value that could not be judged, where there is one. */
  readonly node: Node | undefined;
  /** The rule cannot be judged at all: going on at its next clause would never end. */
  readonly endless: boolean;

  constructor(message: string, node?: Node, { endless = false } = {}) {
    super(message);
    this.node = node;
    this.endless = endless;
  }
}
