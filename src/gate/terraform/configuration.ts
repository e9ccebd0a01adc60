import { itemsOf, member, type Node, textOf } from '../template/node.ts';

/** What the configuration inside a plan says of where values come from. */
export interface Configuration {
  expressionsOf(change: Node): Node | undefined;
  /** The resources of the plan that an expression speaks of, and which attribute of each. */
  targetsOf(expression: Node | undefined, change: Node, addresses: ReadonlySet<string>): Target[];
}

export interface Target {
  readonly address: string;
  readonly attribute: string | undefined;
}

export function configurationOf(plan: Node): Configuration {
  const root = member(member(plan, 'configuration'), 'root_module');
  const byModule = new Map<string, Map<string, Node>>();

  function resourcesOf(modulePath: string): Map<string, Node> {
    const known = byModule.get(modulePath);
    if (known !== undefined) return known;
    let module = root;
    for (const name of moduleNames(modulePath)) {
      module = member(member(member(module, 'module_calls'), name), 'module');
    }
    const resources = new Map(
      itemsOf(member(module, 'resources')).map((one) => [textOf(member(one, 'address')) ?? '', one] as const),
    );
    byModule.set(modulePath, resources);
    return resources;
  }

  function expressionsOf(change: Node): Node | undefined {
    const type = textOf(member(change, 'type'));
    const name = textOf(member(change, 'name'));
    const resources = resourcesOf(textOf(member(change, 'module_address')) ?? '');
    return member(resources.get(`${type}.${name}`), 'expressions');
  }

  function targetsOf(expression: Node | undefined, change: Node, addresses: ReadonlySet<string>): Target[] {
    const modulePath = textOf(member(change, 'module_address'));
    const prefix = modulePath === undefined ? '' : `${modulePath}.`;
    const own = /\[[^\]]*\]$/.exec(textOf(member(change, 'address')) ?? '')?.[0] ?? '';
    const targets = new Map<string, Target>();
    for (const reference of itemsOf(member(expression, 'references'))) {
      const match = /^(aws_\w+\.[\w-]+)(\[[^\]]*\])?(?:\.(\w+))?/.exec(textOf(reference) ?? '');
      if (match === null) continue;
      const [, resource = '', index = '', attribute] = match;
      const candidates = [`${resource}${index}`, `${resource}${own}`, resource, `${resource}[0]`];
      const address = candidates.map((one) => `${prefix}${one}`).find((one) => addresses.has(one));
      // The longest reference comes first; the shorter ones say less.
      if (address !== undefined && !targets.has(address)) targets.set(address, { address, attribute });
    }
    return [...targets.values()];
  }

  return { expressionsOf, targetsOf };
}

/** `module.network["a"].module.subnets[0]` as its names. */
function moduleNames(path: string): string[] {
  return [...path.matchAll(/(?:^|\.)module\.([\w-]+)(?:\[(?:"[^"]*"|\d+)\])?/g)].map(([, name = '']) => name);
}
