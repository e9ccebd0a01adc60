import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { failed, problemOfFile, type Result } from '../../model/problem.ts';
import { readYaml } from '../../yaml/read.ts';
import { validate } from '../../yaml/validate.ts';

const patterns = z.array(z.string());
const lists = z.strictObject({ allow: patterns.optional(), deny: patterns.optional() });
const pairs = z.array(z.strictObject({ action: z.string().default('*'), resource: z.string().default('*') }));

/**
 * The checks file of aws-cf-checker. `iamPolicy` has two shapes, as its versions had: pairs of
 * action and resource, or lists of each.
 */
const schema = z.strictObject({
  logicalID: z
    .union([z.strictObject({ case: z.enum(['pascal', 'camel']).default('pascal') }), z.boolean()])
    .optional(),
  resourceType: lists.optional(),
  securityGroupInbound: z.union([z.strictObject({}), z.boolean()]).optional(),
  iamInlinePolicy: z.boolean().optional(),
  iamPolicy: z
    .union([
      z.strictObject({
        allow: pairs.optional(),
        deny: pairs.optional(),
        action: lists.optional(),
        resource: lists.optional(),
      }),
      z.boolean(),
    ])
    .optional(),
  iamManagedPolicy: lists.optional(),
});

export type Checks = z.output<typeof schema>;
export type IamPolicyCheck = Exclude<NonNullable<Checks['iamPolicy']>, boolean>;

export function readChecks(file: string): Result<Checks> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return failed([problemOfFile(file, `cannot be read: ${(error as Error).message}`)]);
  }
  const read = readYaml({ file, text });
  if (!read.ok) return read;
  const [document] = read.value;
  if (document === undefined) return failed([problemOfFile(file, 'the file is empty')]);
  return validate(document, schema);
}
