import { entriesOf, itemsOf, member, type Node, textOf } from '../template/node.ts';

/**
 * A text of which parts may be unknown: literal characters, `*` for any text that somebody wrote
 * so, and UNKNOWN for one that is only known when the stack is deployed.
 */
export type Text = string;

const UNKNOWN = '\uFFFF';
/** Longer than an ARN; comparing two texts takes the product of their lengths. */
const MAX_LENGTH = 2_048;

/** Whether every text that it can become is matched by a pattern with `*` (and no case, as in IAM). */
export function surelyMatches(pattern: string, text: Text): boolean {
  return overlaps(lower(pattern), lower(text), { left: true, right: false });
}

/** Whether there is a text that both speak of. */
export function mayMatch(pattern: string, text: Text): boolean {
  return overlaps(lower(pattern), lower(text).replaceAll(UNKNOWN, '*'), { left: true, right: true });
}

function lower(text: string): string {
  return text.slice(0, MAX_LENGTH).toLowerCase();
}

/** Whether two patterns have a text in common; only the `*` of a wild side stand for other texts. */
function overlaps(a: string, b: string, wild: { left: boolean; right: boolean }): boolean {
  // reachable[j]: the first i characters of a and the first j of b can stand for the same text.
  let reachable = new Uint8Array(b.length + 1);
  reachable[0] = 1;
  const anyB = (j: number): boolean => wild.right && b[j] === '*';
  for (let j = 0; j < b.length && anyB(j); j++) reachable[j + 1] = 1;
  for (let i = 0; i < a.length; i++) {
    const next = new Uint8Array(b.length + 1);
    const anyA = wild.left && a[i] === '*';
    if (anyA && reachable[0]) next[0] = 1;
    for (let j = 0; j < b.length; j++) {
      const fromBoth = reachable[j] === 1 && (a[i] === b[j] || anyA || anyB(j));
      const skipA = anyA && (reachable[j + 1] === 1 || next[j] === 1);
      const skipB = anyB(j) && (next[j] === 1 || reachable[j + 1] === 1);
      next[j + 1] = fromBoth || skipA || skipB ? 1 : 0;
    }
    reachable = next;
  }
  return reachable[b.length] === 1;
}

/** The texts of a string, or of a list of them; one that is not known is UNKNOWN where it is not. */
export function textsOf(node: Node | undefined): { text: Text; node: Node }[] {
  if (node === undefined) return [];
  if (node.kind === 'list') return node.items.flatMap(textsOf);
  return [{ text: knownText(node), node }];
}

function knownText(node: Node): Text {
  const text = textOf(node);
  if (text !== undefined) return text;
  const sub = member(node, 'Fn::Sub');
  const template = textOf(sub) ?? textOf(itemsOf(sub)[0]);
  if (template !== undefined) return template.replace(/\$\{[^!}][^}]*\}/g, UNKNOWN);
  const [delimiter, parts] = itemsOf(member(node, 'Fn::Join'));
  if (parts?.kind === 'list') return parts.items.map(knownText).join(textOf(delimiter) ?? '');
  return UNKNOWN;
}

/** For a message: what is unknown by its name. */
export function shownText(node: Node): string {
  const text = textOf(node);
  if (text !== undefined) return text;
  const [only] = entriesOf(node);
  if (only?.key === 'Ref') return `\${${textOf(only.value)}}`;
  if (only?.key === 'Fn::GetAtt') return `\${${itemsOf(only.value).map(textOf).join('.')}}`;
  const sub = member(node, 'Fn::Sub');
  const template = textOf(sub) ?? textOf(itemsOf(sub)[0]);
  if (template !== undefined) return template;
  const [delimiter, parts] = itemsOf(member(node, 'Fn::Join'));
  if (parts?.kind === 'list') return parts.items.map(shownText).join(textOf(delimiter) ?? '');
  return only?.key ?? 'an unknown value';
}
