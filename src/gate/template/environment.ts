import type { Node } from './node.ts';

/**
 * What stands behind an unknown value.
 * - `value`: somebody gives it when the stack is deployed (a parameter, an import, the region).
 * - `reference`: another resource of the template; which one is known, its physical id is not.
 * - `secret`: it is deliberately not in the template (`NoEcho`, a dynamic reference).
 */
export type UnknownKind = 'value' | 'reference' | 'secret';

export interface Unknown {
  /** `DbPassword`, `AWS::Region`, `Key.Arn`, `Fn::ImportValue "network-vpc"`. */
  readonly name: string;
  readonly kind: UnknownKind;
}

/** Something that is not decided by the text and has few answers: each of them is judged. */
export type Question =
  | { readonly kind: 'value'; readonly name: string; readonly options: readonly Node[] }
  | {
      readonly kind: 'condition';
      /** The comparison with everything known put in; the same comparison has the same key. */
      readonly key: string;
      /** Where it compares an unknown name with a text, what makes it true. */
      readonly equality: { readonly name: string; readonly value: Node } | undefined;
      readonly text: string;
    };

/** What is known while a template is resolved. */
export interface Environment {
  /** The value of a parameter, a pseudo-parameter, a reference, by its name in `Unknown`. */
  known(name: string): Node | undefined;
  /** Whether a comparison was decided to be true or false in this world. */
  decided(key: string): boolean | undefined;
  /** Whether a named condition was already found to hold. */
  condition(name: string): boolean | undefined;
  /** The property whose value is worked out now, for `met`. */
  enter(property: string | undefined): void;
  met(unknown: Unknown): void;
  /** What a loop runs over is not known: nothing is made of it. */
  loopStaysOpen(name: string): void;
  ask(question: Question): void;
}
