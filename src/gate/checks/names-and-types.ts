import { entriesOf, member } from '../template/node.ts';
import { type Check, typeOf } from './check.ts';
import { surelyMatches } from './pattern.ts';

const CASES = { pascal: /^[A-Z][A-Za-z0-9]*$/, camel: /^[a-z0-9][A-Za-z0-9]*$/ } as const;

/** `logicalID`: of parameters, mappings, conditions, resources and outputs. */
export function logicalIdCheck(style: keyof typeof CASES): Check {
  return function* ({ resources }, { sections }) {
    const named = ['Parameters', 'Mappings', 'Conditions', 'Outputs'].flatMap((name) =>
      entriesOf(member(sections, name)).filter(({ key }) => !key.startsWith('Fn::')),
    );
    for (const { key, keySpan } of [...named, ...resources]) {
      if (CASES[style].test(key)) continue;
      yield {
        logicalId: key,
        message: `Logical ID does not match ${style}case`,
        node: { kind: 'scalar', value: key, ...keySpan },
      };
    }
  };
}

interface Lists {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/** `resourceType`: what is not allowed is denied; what is not denied is allowed. */
export function resourceTypeCheck({ allow, deny }: Lists): Check {
  return function* ({ resources }) {
    for (const resource of resources) {
      const type = typeOf(resource);
      const node = member(resource.value, 'Type') ?? resource.value;
      const matches = (pattern: string): boolean => surelyMatches(pattern, type);
      if (allow !== undefined && !allow.some(matches)) {
        yield { logicalId: resource.key, message: `Resource Type ${type} not allowed`, node };
      }
      if (deny?.some(matches))
        yield { logicalId: resource.key, message: `Resource Type ${type} denied`, node };
    }
  };
}
