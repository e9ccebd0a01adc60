import type { FieldValue } from '../model/event.ts';
import type { Diagnosis } from '../sigma/diagnosis.ts';

/** One line of an explanation; nothing in it is made safe for a terminal yet. */
export interface DiagnosisLine {
  readonly depth: number;
  readonly matched: boolean;
  readonly text: string;
}

const VALUES_SHOWN = 6;
const VALUE_LENGTH = 160;

/** Says of every part of a condition whether it matched, and what the event had instead. */
export function diagnosisLines(diagnosis: Diagnosis, depth = 0): DiagnosisLine[] {
  if (diagnosis.kind === 'item') return [{ depth, matched: diagnosis.matched, text: itemText(diagnosis) }];
  const { kind, matched } = diagnosis;
  const parts = kind === 'selection' ? diagnosis.parts.flatMap(partsOfMap) : diagnosis.parts;
  const inner = parts.flatMap((part) => diagnosisLines(part, depth + 1));
  const text = kind === 'selection' ? diagnosis.name : kind;
  return [{ depth, matched, text }, ...inner];
}

/** That all fields of a map must match goes without saying. */
function partsOfMap(part: Diagnosis): readonly Diagnosis[] {
  return part.kind === 'and' ? part.parts : [part];
}

/** The parts that decided: what failed where the condition does not hold, what held where it does. */
export function decisiveLines(diagnosis: Diagnosis): DiagnosisLine[] {
  return diagnosisLines(decisive(diagnosis));
}

function decisive(diagnosis: Diagnosis): Diagnosis {
  if (diagnosis.kind === 'item') return diagnosis;
  const { kind, matched, parts } = diagnosis;
  const deciding = kind === 'not' ? parts : parts.filter((part) => part.matched === matched);
  return { ...diagnosis, parts: deciding.map(decisive) };
}

function itemText({
  field,
  modifiers,
  matched,
  found,
  values,
}: Extract<Diagnosis, { kind: 'item' }>): string {
  const name = field === '' ? 'the record' : field;
  const key = [name, ...modifiers].join('|');
  const relevant = values.filter((value) => value.matched === matched);
  const shown = (relevant.length > 0 ? relevant : values).slice(0, VALUES_SHOWN);
  const more = values.length > shown.length ? `, … (${values.length} in all)` : '';
  const wanted = shown.map(({ pattern, entry }) => (entry === undefined ? pattern : `${pattern} (${entry})`));
  return `${key}: ${wanted.join(', ')}${more}; the event has ${foundText(found)}`;
}

function foundText(found: FieldValue | undefined): string {
  if (found === undefined) return 'no such field';
  const text = typeof found === 'string' ? found : JSON.stringify(found);
  return text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}…` : text;
}
