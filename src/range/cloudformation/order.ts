import { namesIn } from './evaluate.ts';
import { type CfnTemplate, validationError } from './template.ts';

/** Resources so that each comes after those that it needs; AWS's errors for loops and names of nothing. */
export function inOrder(template: CfnTemplate): string[] {
  const needs = new Map<string, Set<string>>();
  const unresolved = new Set<string>();
  for (const [id, { Properties, DependsOn }] of Object.entries(template.resources)) {
    const own = new Set<string>();
    for (const name of [...namesIn(Properties), ...[DependsOn ?? []].flat()]) {
      if (name in template.resources) own.add(name);
      else if (!(name in template.parameters) && !name.startsWith('AWS::')) unresolved.add(name);
    }
    needs.set(id, own);
  }
  if (unresolved.size > 0) {
    const names = [...unresolved].join(', ');
    throw validationError(
      `Template format error: Unresolved resource dependencies [${names}] in the Resources block of the template`,
    );
  }
  const order: string[] = [];
  while (needs.size > 0) {
    const ready = [...needs].filter(([, own]) => [...own].every((name) => !needs.has(name)));
    if (ready.length === 0)
      throw validationError(`Circular dependency between resources: [${[...needs.keys()].join(', ')}]`);
    for (const [id] of ready) {
      order.push(id);
      needs.delete(id);
    }
  }
  return order;
}
