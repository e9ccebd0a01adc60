import type { Json } from '../../model/json.ts';
import type { Problem } from '../../model/problem.ts';
import { type Path, problemAtPath, type YamlDocument } from '../../yaml/document.ts';
import { nearest } from '../../yaml/nearest.ts';
import { type Reference, referencesIn, textsIn } from './reference.ts';

export const INCIDENT_FIELDS = [
  'id',
  'mode',
  'playbook',
  'openedAt',
  'firstSeen',
  'lastSeen',
  'rules',
  'level',
] as const;
export const SUBJECT_FIELDS = ['type', 'id', 'account', 'region'] as const;

/** What a step of a playbook may refer to. */
export interface Names {
  readonly inputs: readonly string[];
  /** The steps before it, by their ids. */
  readonly steps: readonly string[];
  /** Every step of the playbook that has been read: to say of one that it does not come before. */
  readonly later: ReadonlySet<string>;
}

/** What is wrong with a reference. */
interface Fault {
  readonly message: string;
  readonly expected?: string;
  readonly fix?: string | undefined;
}

export function referenceFault({ root, path: [first], text }: Reference, names: Names): Fault | undefined {
  const known: Readonly<Record<string, readonly string[]>> = {
    incident: INCIDENT_FIELDS,
    subject: SUBJECT_FIELDS,
    inputs: names.inputs,
    steps: names.steps,
  };
  const roots = Object.keys(known);
  const members = Object.hasOwn(known, root) ? known[root] : undefined;
  if (members === undefined) {
    return {
      message: `there is no ${root || 'name'} to refer to`,
      expected: roots.map((one) => `${one}.…`).join(', '),
      fix: nearest(root, roots),
    };
  }
  if (first === undefined || first === '')
    return { message: `${text} names nothing`, expected: members.map((one) => `${root}.${one}`).join(', ') };
  if (members.includes(first)) return undefined;
  const near = nearest(first, members);
  return {
    message:
      root === 'steps' && names.later.has(first)
        ? `the step ${first} does not come before this one`
        : root === 'steps'
          ? `there is no step ${first} before this one`
          : root === 'inputs'
            ? `the playbook has no input ${first}`
            : `${root} has no ${first}`,
    ...(members.length === 0 ? {} : { expected: members.map((one) => `${root}.${one}`).join(', ') }),
    fix: near === undefined ? undefined : `${root}.${near}`,
  };
}

/** The faults of all references in a value of a playbook. */
export function referenceProblems(document: YamlDocument, at: Path, value: Json, names: Names): Problem[] {
  return [...textsIn(value)].flatMap(({ text, path }) =>
    referencesIn(text).flatMap((reference) => {
      const where = [...at, ...path];
      if (typeof reference === 'string') {
        const details = { expected: '}', fix: '$${ where it is no reference' };
        return [problemAtPath(document, where, `${reference} does not end`, details)];
      }
      const fault = referenceFault(reference, names);
      return fault === undefined ? [] : [problemAtPath(document, where, fault.message, fault)];
    }),
  );
}
