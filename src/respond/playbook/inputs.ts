import { z } from 'zod';
import type { Json } from '../../model/json.ts';
import { nearest } from '../../yaml/nearest.ts';

const TYPES = {
  string: z.string(),
  number: z.number(),
  boolean: z.boolean(),
  list: z.array(z.union([z.string(), z.number(), z.boolean()])),
} as const;

const NAME = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]*$/, 'letters, digits and _, a letter first');

/** What a playbook wants to know from the binding that uses it; without a default it must be said. */
export const INPUTS = z.record(
  NAME,
  z
    .strictObject({
      type: z.enum(['string', 'number', 'boolean', 'list']),
      default: z.union([TYPES.string, TYPES.number, TYPES.boolean, TYPES.list]).optional(),
      description: z.string().optional(),
    })
    .refine(
      ({ type, default: value }) => value === undefined || TYPES[type].safeParse(value).success,
      'the default is of another type',
    ),
);

export type Inputs = Readonly<z.output<typeof INPUTS>>;

/** What is wrong with a value that a binding gives. */
export interface InputFault {
  /** Absent: a value that is missing. */
  readonly name?: string;
  readonly message: string;
  readonly expected?: string;
  readonly fix?: string | undefined;
}

export function inputFaults(inputs: Inputs, given: Readonly<Record<string, Json>>): InputFault[] {
  const known = Object.keys(inputs);
  const wrong = Object.entries(given).flatMap(([name, value]): InputFault[] => {
    const input = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (input === undefined) {
      const expected = known.length === 0 ? {} : { expected: known.join(', ') };
      return [{ name, message: `the playbook has no input ${name}`, ...expected, fix: nearest(name, known) }];
    }
    return TYPES[input.type].safeParse(value).success
      ? []
      : [{ name, message: `the input ${name} is of another type`, expected: input.type }];
  });
  const missing = Object.entries(inputs)
    .filter(([name, input]) => input.default === undefined && !Object.hasOwn(given, name))
    .map(([name, { type }]) => ({
      message: `the playbook needs the input ${name}`,
      expected: `with: {${name}: ${type}}`,
    }));
  return [...wrong, ...missing];
}

/** The values that a playbook runs with: what the binding gives, and its own defaults. */
export function inputValues(inputs: Inputs, given: Readonly<Record<string, Json>>): Record<string, Json> {
  const defaults = Object.entries(inputs).flatMap(([name, { default: value }]): [string, Json][] =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(defaults), ...given };
}
