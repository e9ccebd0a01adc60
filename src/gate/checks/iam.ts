import { itemsOf, member, type Node, textOf } from '../template/node.ts';
import type { ResolvedResource } from '../template/worlds.ts';
import { type Check, type CheckFinding, propertyOf, typeOf } from './check.ts';
import type { IamPolicyCheck } from './configuration.ts';
import { mayMatch, shownText, surelyMatches, type Text, textsOf } from './pattern.ts';

const HOLDERS = new Set(['AWS::IAM::Group', 'AWS::IAM::Role', 'AWS::IAM::User']);
const INLINE_TYPES = new Set([
  'AWS::IAM::Policy',
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
]);

/** `iamInlinePolicy: false`: none on users, groups and roles. */
export function inlinePolicyCheck(allowed: boolean): Check {
  return function* ({ resources }) {
    if (allowed) return;
    for (const resource of resources) {
      const type = typeOf(resource);
      const inline = HOLDERS.has(type) ? propertyOf(resource, 'Policies') : undefined;
      const some = inline !== undefined && !(inline.kind === 'list' && inline.items.length === 0);
      if (!INLINE_TYPES.has(type) && !some) continue;
      yield { logicalId: resource.key, message: 'Inline Policy not allowed', node: inline ?? resource.value };
    }
  };
}

interface Lists {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/** `iamManagedPolicy`: which policies users, groups and roles may have attached. */
export function managedPolicyCheck({ allow, deny }: Lists): Check {
  return function* ({ resources }) {
    for (const resource of resources) {
      if (!HOLDERS.has(typeOf(resource))) continue;
      for (const { text, node } of textsOf(propertyOf(resource, 'ManagedPolicyArns'))) {
        const name = `ManagedPolicyARN ${shownText(node)}`;
        yield* judged(resource, node, name, text, allow, deny);
      }
    }
  };
}

function* judged(
  resource: ResolvedResource,
  node: Node,
  name: string,
  text: Text,
  allow: Lists['allow'],
  deny: Lists['deny'],
): Generator<CheckFinding> {
  const finding = (message: string, sure: boolean): CheckFinding => ({
    logicalId: resource.key,
    message,
    node,
    ...(sure ? {} : { open: true as const }),
  });
  if (allow !== undefined && !allow.some((pattern) => surelyMatches(pattern, text))) {
    yield finding(`${name} not allowed`, !isOpen(text) || !allow.some((pattern) => mayMatch(pattern, text)));
  }
  if (deny?.some((pattern) => mayMatch(pattern, text))) {
    yield finding(`${name} denied`, !isOpen(text) || deny.some((pattern) => surelyMatches(pattern, text)));
  }
}

function isOpen(text: Text): boolean {
  return text.includes('\uFFFF');
}

/**
 * `iamPolicy`: every pair of action and resource that a statement allows must be allowed and must
 * not be denied. `NotAction` and `NotResource` are findings; a statement that denies is skipped.
 */
export function policyCheck({ allow, deny, action, resource: resourceLists }: IamPolicyCheck): Check {
  return function* ({ resources }) {
    for (const resource of resources) {
      for (const statement of statementsOf(resource)) {
        if (textOf(member(statement, 'Effect')) === 'Deny') continue;
        for (const name of ['NotAction', 'NotResource']) {
          for (const { node } of textsOf(member(statement, name))) {
            yield { logicalId: resource.key, message: `${name} ${shownText(node)} is not allowed`, node };
          }
        }
        const actions = grantsOf(statement, 'Action');
        const targets = grantsOf(statement, 'Resource');
        yield* pairFindings(resource, actions, targets, allow, deny);
        for (const one of member(statement, 'Action') === undefined ? [] : actions) {
          yield* judged(resource, one.node, `Action ${one.shown}`, one.text, action?.allow, action?.deny);
        }
        for (const one of member(statement, 'Resource') === undefined ? [] : targets) {
          yield* judged(
            resource,
            one.node,
            `Resource ${one.shown}`,
            one.text,
            resourceLists?.allow,
            resourceLists?.deny,
          );
        }
      }
    }
  };
}

interface Grant {
  readonly text: Text;
  readonly node: Node;
  readonly shown: string;
}

/** What a statement does not restrict, it grants wholly. */
function grantsOf(statement: Node, name: 'Action' | 'Resource'): Grant[] {
  const written = member(statement, name);
  if (written === undefined) return [{ text: '*', node: statement, shown: '*' }];
  return textsOf(written).map(({ text, node }) => ({ text, node, shown: shownText(node) }));
}

type Pair = { readonly action: string; readonly resource: string };

function* pairFindings(
  { key }: ResolvedResource,
  actions: readonly Grant[],
  targets: readonly Grant[],
  allow: readonly Pair[] | undefined,
  deny: readonly Pair[] | undefined,
): Generator<CheckFinding> {
  for (const action of actions) {
    for (const target of targets) {
      const both = (test: typeof mayMatch) => (pair: Pair) =>
        test(pair.action, action.text) && test(pair.resource, target.text);
      const open = isOpen(action.text) || isOpen(target.text);
      const finding = (verdict: string, sure: boolean): CheckFinding => ({
        logicalId: key,
        message: `Action & Resource ${action.shown} & ${target.shown} ${verdict}`,
        node: action.node,
        ...(sure ? {} : { open: true as const }),
      });
      if (allow !== undefined && !allow.some(both(surelyMatches))) {
        yield finding('not allowed', !open || !allow.some(both(mayMatch)));
      }
      if (deny?.some(both(mayMatch))) yield finding('denied', !open || deny.some(both(surelyMatches)));
    }
  }
}

function statementsOf(resource: ResolvedResource): Node[] {
  const type = typeOf(resource);
  if (!type.startsWith('AWS::IAM::')) return [];
  const documents = [
    propertyOf(resource, 'PolicyDocument'),
    ...itemsOf(propertyOf(resource, 'Policies')).map((policy) => member(policy, 'PolicyDocument')),
  ];
  return documents.flatMap((document) => {
    const statement = member(document, 'Statement');
    return statement?.kind === 'list' ? statement.items : statement === undefined ? [] : [statement];
  });
}
