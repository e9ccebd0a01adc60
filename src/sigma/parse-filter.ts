import { z } from 'zod';
import type { Problem } from '../model/problem.ts';
import type { YamlDocument } from '../yaml/document.ts';
import { validate } from '../yaml/validate.ts';
import { parseDetection } from './detection.ts';
import type { FilterRule } from './filter.ts';
import { HEADER, identity, LOGSOURCE, logsourceOf } from './header.ts';

const schema = z.looseObject({
  ...HEADER,
  logsource: LOGSOURCE,
  filter: z.looseObject({
    rules: z.union([z.string(), z.array(z.string())]),
    condition: z.string(),
  }),
});

/** `any` and `all` mean every rule of the log source, and so does an empty list, as in pySigma. */
export function parseFilter(document: YamlDocument): FilterRule | Problem[] {
  const checked = validate(document, schema);
  if (!checked.ok) return [...checked.problems];
  const attributes = checked.value;
  const { filter } = attributes;
  const parsed = parseDetection(document, 'filter', filter, ['rules', 'condition']);
  if (Array.isArray(parsed)) return parsed;
  const references = typeof filter.rules === 'string' ? [filter.rules] : filter.rules;
  const [only = 'any'] = references;
  const every = references.length < 2 && /^(any|all)$/i.test(only);
  return {
    id: identity(attributes),
    ...(attributes.name ? { name: attributes.name } : {}),
    title: attributes.title,
    logsource: logsourceOf(attributes.logsource),
    rules: every ? 'any' : references,
    ...parsed,
    attributes,
    document,
  };
}
