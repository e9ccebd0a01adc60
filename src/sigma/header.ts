import { z } from 'zod';
import { LEVELS, type Level } from '../model/finding.ts';

/** What rules, correlations and filters all say of themselves; unknown attributes are kept. */
export const HEADER = {
  title: z.string().min(1).max(256),
  id: z.string().min(1).optional(),
  name: z.string().min(1).optional(),
  status: z.enum(['stable', 'test', 'experimental', 'deprecated', 'unsupported']).optional(),
  description: z.string().optional(),
  level: z.enum(LEVELS).optional(),
  tags: z.array(z.string()).default([]),
};

export const LOGSOURCE = z.looseObject({
  category: z.string().optional(),
  product: z.string().optional(),
  service: z.string().optional(),
});

export interface Header {
  readonly title: string;
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly description?: string | undefined;
  readonly level?: Level | undefined;
  readonly tags: readonly string[];
}

/** What a rule is called where it does not say it: its title, as an identifier. */
export function identity({ id, name, title }: Header): string {
  return id ?? name ?? title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

/** The optional attributes that are there. */
export function optionalHeader({ name, status, description }: Header): {
  readonly name?: string;
  readonly status?: string;
  readonly description?: string;
} {
  return {
    ...(name ? { name } : {}),
    ...(status ? { status } : {}),
    ...(description ? { description } : {}),
  };
}

type ParsedLogsource = z.output<typeof LOGSOURCE>;

export function logsourceOf({ category, product, service }: ParsedLogsource): {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
} {
  return {
    ...(category ? { category } : {}),
    ...(product ? { product } : {}),
    ...(service ? { service } : {}),
  };
}
