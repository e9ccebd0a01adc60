import { remember } from '../../../cloudformation/recorded.ts';
import { missingFrom, unless } from '../../changes.ts';
import type { Properties, ResourceType } from '../../resource-type.ts';
import { iam, inlineOf, type Kind, putInline } from './principal.ts';

const TYPE = 'AWS::IAM::Policy';
const OF: readonly (readonly [Kind, string])[] = [
  ['User', 'Users'],
  ['Role', 'Roles'],
  ['Group', 'Groups'],
];

/**
 * The same inline policy of several principals: only the stack knows whose, so the Cloud Control API does
 * not support it. Source: AWS CloudFormation Template Reference, "AWS::IAM::Policy".
 */
export const INLINE_POLICY: ResourceType = {
  replacement: [],
  isIam: true,
  create(account, properties, newName) {
    this.update(account, newName, properties, {});
    return { physicalId: newName, attributes: { Id: newName } };
  },
  update(account, id, after, before) {
    const [name, was] = [String(after.PolicyName), String(before.PolicyName ?? after.PolicyName)];
    for (const [kind, property] of OF) {
      const principals = (after[property] ?? []) as string[];
      for (const principal of principals)
        putInline(account, kind, principal, { PolicyName: name, PolicyDocument: after.PolicyDocument });
      const left =
        name === was ? missingFrom(principals, before[property]) : ((before[property] ?? []) as string[]);
      for (const principal of left)
        unless(/^NoSuchEntity$/, () =>
          iam(account, `Delete${kind}Policy`, { [`${kind}Name`]: principal, PolicyName: was }),
        );
    }
    remember(account, TYPE, id, after);
  },
  delete(account, id) {
    const known = account.cloudformation.records.get(id)?.properties ?? {};
    for (const [kind, property] of OF)
      for (const principal of (known[property] ?? []) as string[])
        unless(/^NoSuchEntity$/, () =>
          iam(account, `Delete${kind}Policy`, { [`${kind}Name`]: principal, PolicyName: known.PolicyName }),
        );
    account.cloudformation.records.delete(id);
  },
  /** As the first of its principals has it. */
  read(account, id): Properties | undefined {
    const known = account.cloudformation.records.get(id)?.properties;
    if (known === undefined) return undefined;
    for (const [kind, property] of OF)
      for (const principal of (known[property] ?? []) as string[]) {
        const PolicyDocument = unless(/^NoSuchEntity$/, () =>
          inlineOf(account, kind, principal, String(known.PolicyName)),
        );
        return PolicyDocument === undefined ? undefined : { ...known, PolicyDocument };
      }
    return known;
  },
};
