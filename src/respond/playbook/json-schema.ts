import { z } from 'zod';
import type { Action } from '../../actions/action.ts';
import type { Json } from '../../model/json.ts';
import { PLAYBOOK, STEP } from './schema.ts';

type Schema = Readonly<Record<string, Json>>;

const STEPS: Schema = { type: 'array', minItems: 1, items: { $ref: '#/$defs/step' } };

/** A text with a reference stands for a value of any kind. */
const REFERENCE: Schema = { type: 'string', pattern: '\\$\\{' };

/** The JSON Schema (draft 2020-12) of a playbook file: editors complete the actions and what each is given. */
export function playbookJsonSchema(actions: ReadonlyMap<string, Action>): Schema {
  const playbook = schemaOf(PLAYBOOK);
  const step = schemaOf(STEP);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Cordon playbook',
    ...playbook,
    properties: { ...propertiesOf(playbook), steps: STEPS },
    $defs: {
      step: {
        ...step,
        properties: {
          ...propertiesOf(step),
          action: {
            description: 'what is done: cordon actions list',
            oneOf: [...actions.values()].map(({ name, title }) => ({ const: name, description: title })),
          },
          if: {
            description: 'a Sigma selection over {incident, subject, inputs, steps}',
            anyOf: [{ type: 'object' }, { type: 'array', minItems: 1, items: { type: 'object' } }],
          },
          on_failure: {
            default: 'ask',
            anyOf: [
              { enum: ['ask', 'continue'] },
              {
                type: 'object',
                properties: { steps: STEPS, afterwards: { enum: ['ask', 'continue'], default: 'ask' } },
                required: ['steps'],
                additionalProperties: false,
              },
            ],
          },
          parallel: {
            description: 'branches of steps that are done at the same time',
            anyOf: [
              { type: 'array', minItems: 2, items: STEPS },
              { type: 'object', minProperties: 2, additionalProperties: STEPS },
            ],
          },
        },
        oneOf: ['action', 'wait', 'approve', 'parallel'].map((kind) => ({ required: [kind] })),
        allOf: [...actions.values()].map(({ name, input }) => ({
          if: { properties: { action: { const: name } }, required: ['action'] },
          // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
          then: { properties: { with: referable(schemaOf(input)) } },
        })),
      },
    },
  };
}

function schemaOf(schema: z.ZodType): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest as Schema;
}

function propertiesOf({ properties = {} }: Schema): Schema {
  return properties as Schema;
}

/** The same with a reference in the place of any value in it. */
function referable(schema: Schema): Schema {
  const { properties, items, ...rest } = schema;
  return {
    ...rest,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties as Schema).map(([name, one]) => [name, orReference(one)]),
          ),
        }),
    ...(items === undefined ? {} : { items: orReference(items) }),
  };
}

function orReference(schema: Json): Json {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
  const { description, ...rest } = referable(schema as Schema);
  return { ...(description === undefined ? {} : { description }), anyOf: [rest, REFERENCE] };
}
