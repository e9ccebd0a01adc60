import type { FieldValue } from '../model/event.ts';
import { type LiteralFinder, literalFinder } from './aho-corasick.ts';
import { type EventView, type FieldSlot, KEYWORDS } from './event-view.ts';
import { fold } from './fold.ts';
import type { Sign } from './necessity.ts';
import { anyLeaf, elementsOf, isObject, textOf } from './value-test.ts';
import type { TextPlace } from './wildcard.ts';

/** The rules that are found by the signs of one field. */
export interface FieldIndex {
  /** The numbers of the rules that a sign in this field of the event speaks for; some may be there twice. */
  rules(event: EventView): readonly number[];
}

type Rules = readonly number[];
const NONE: Rules = [];

/** Longer values are not remembered. */
const REMEMBERED_LENGTH = 256;
/** So many values of a field are remembered with the rules that they speak for. */
const REMEMBERED_VALUES = 4096;

/** `signs` are of one field, each with the number of its rule. */
export function fieldIndex(slot: FieldSlot, signs: readonly (readonly [Sign, number])[]): FieldIndex {
  const present = new Set<number>();
  const equal = new Map<string, number[]>();
  const placed: Placed[] = [];
  const beyondAscii = new Set<number>();
  for (const [sign, rule] of signs) {
    if (sign.kind === 'present') present.add(rule);
    else if (sign.kind === 'text' && sign.at === 'whole') {
      const rules = equal.get(sign.text);
      if (rules === undefined) equal.set(sign.text, [rule]);
      else rules.push(rule);
    } else {
      placed.push({ text: sign.text, at: sign.kind === 'ascii' ? 'inside' : sign.at, rule });
      if (sign.kind === 'ascii') beyondAscii.add(rule);
    }
  }
  const always = [...present];
  const finder = placed.length === 0 ? undefined : literalFinder(placed.map(({ text }) => text));
  const rulesOf = (text: string, folded: string): Rules => {
    const rules = new Set([...always, ...(equal.get(folded) ?? NONE)]);
    if (beyondAscii.size > 0 && !ASCII_ONLY.test(text)) for (const rule of beyondAscii) rules.add(rule);
    if (finder !== undefined) collect(finder, placed, folded, rules);
    return rules.size === 0 ? NONE : [...rules];
  };
  const remembered = memo((text) => rulesOf(text, fold(text)));
  const hasTexts = equal.size > 0 || placed.length > 0;
  const rulesOfElement = (value: FieldValue): Rules => {
    const text = textOf(value);
    const rules = text === undefined ? always : remembered(text);
    if (!isObject(value)) return rules;
    const inside = new Set(rules);
    anyLeaf(value, (leaf) => {
      if (typeof leaf === 'string') for (const rule of remembered(leaf)) inside.add(rule);
      return false;
    });
    return [...inside];
  };
  return {
    rules(event) {
      const value = slot.value(event);
      if (value === undefined) return NONE;
      if (!hasTexts) return always;
      if (Array.isArray(value)) {
        return [...always, ...elementsOf(value as readonly FieldValue[]).flatMap(rulesOfElement)];
      }
      if (typeof value !== 'string') return rulesOfElement(value);
      return slot.field === KEYWORDS ? rulesOf(value, slot.foldedText(event, value)) : remembered(value);
    },
  };
}

interface Placed {
  readonly text: string;
  readonly at: TextPlace;
  readonly rule: number;
}

const ASCII_ONLY = /^[\x20-\x7e\s]*$/;

function collect(finder: LiteralFinder, placed: readonly Placed[], folded: string, rules: Set<number>): void {
  finder.find(folded, (literal, end) => {
    const { text, at, rule } = placed[literal] as Placed;
    if (at === 'start' && end !== text.length) return;
    if (at === 'end' && end !== folded.length) return;
    rules.add(rule);
  });
}

/**
 * Most fields have few values, and what was worked out for one is right the next time. Of a field
 * whose values do not come back, nothing is remembered any longer.
 */
function memo(work: (text: string) => Rules): (text: string) => Rules {
  let known = new Map<string, Rules>();
  let hits = 0;
  let useful = true;
  return (text) => {
    if (!useful || text.length > REMEMBERED_LENGTH) return work(text);
    const remembered = known.get(text);
    if (remembered !== undefined) {
      hits++;
      return remembered;
    }
    if (known.size >= REMEMBERED_VALUES) {
      useful = hits > known.size;
      known = new Map();
      hits = 0;
    }
    const rules = work(text);
    known.set(text, rules);
    return rules;
  };
}
