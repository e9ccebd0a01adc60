import type { Account } from '../../../account.ts';
import { IAM } from '../../../iam/service.ts';
import { perform } from '../../../perform.ts';
import { missingFrom, type Setter, textOf } from '../../changes.ts';
import { type CfnTag, tagChanges } from '../../resource-type.ts';

/** What has policies. */
export type Kind = 'User' | 'Role' | 'Group';

export interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

export const iam = <Output = Record<string, unknown>>(account: Account, operation: string, input: object) =>
  perform<Output>(account, IAM, operation, input);

/** Attached and inline policies, which users, roles and groups all have. */
export function policySetters(kind: Kind): Readonly<Record<string, Setter>> {
  return {
    ManagedPolicyArns(account, name, after, before) {
      for (const PolicyArn of missingFrom(before, after))
        iam(account, `Attach${kind}Policy`, { [`${kind}Name`]: name, PolicyArn });
      for (const PolicyArn of missingFrom(after, before))
        iam(account, `Detach${kind}Policy`, { [`${kind}Name`]: name, PolicyArn });
    },
    Policies(account, name, after, before) {
      for (const { PolicyName, PolicyDocument } of missingFrom(before, after) as InlinePolicy[])
        putInline(account, kind, name, { PolicyName, PolicyDocument });
      const kept = new Set(((after ?? []) as InlinePolicy[]).map(({ PolicyName }) => PolicyName));
      for (const { PolicyName } of (before ?? []) as InlinePolicy[])
        if (!kept.has(PolicyName)) iam(account, `Delete${kind}Policy`, { [`${kind}Name`]: name, PolicyName });
    },
  };
}

/** Tags and the permissions boundary, which users and roles have. */
export function identitySetters(kind: 'User' | 'Role'): Readonly<Record<string, Setter>> {
  return {
    PermissionsBoundary(account, name, after) {
      const named = { [`${kind}Name`]: name };
      if (after === undefined) iam(account, `Delete${kind}PermissionsBoundary`, named);
      else iam(account, `Put${kind}PermissionsBoundary`, { ...named, PermissionsBoundary: after });
    },
    Tags(account, name, after, before) {
      const { put, remove } = tagChanges((before ?? []) as CfnTag[], after);
      if (put.length > 0) iam(account, `Tag${kind}`, { [`${kind}Name`]: name, Tags: put });
      if (remove.length > 0) iam(account, `Untag${kind}`, { [`${kind}Name`]: name, TagKeys: remove });
    },
  };
}

export function putInline(
  account: Account,
  kind: Kind,
  name: string,
  { PolicyName, PolicyDocument }: InlinePolicy,
): void {
  const input = { [`${kind}Name`]: name, PolicyName, PolicyDocument: textOf(PolicyDocument) };
  iam(account, `Put${kind}Policy`, input);
}

/** The policies of a user, role or group as its schema has them: left out where there are none. */
export function policiesOf(account: Account, kind: Kind, name: string) {
  const named = { [`${kind}Name`]: name, MaxItems: 1_000 };
  const { AttachedPolicies } = iam<{ AttachedPolicies: { PolicyArn: string }[] }>(
    account,
    `ListAttached${kind}Policies`,
    named,
  );
  const { PolicyNames } = iam<{ PolicyNames: string[] }>(account, `List${kind}Policies`, named);
  const Policies = PolicyNames.map((PolicyName) => ({
    PolicyName,
    PolicyDocument: inlineOf(account, kind, name, PolicyName),
  }));
  return {
    ...(AttachedPolicies.length === 0
      ? {}
      : { ManagedPolicyArns: AttachedPolicies.map(({ PolicyArn }) => PolicyArn) }),
    ...(Policies.length === 0 ? {} : { Policies }),
  };
}

export function inlineOf(account: Account, kind: Kind, name: string, PolicyName: string): unknown {
  const input = { [`${kind}Name`]: name, PolicyName };
  const { PolicyDocument } = iam<{ PolicyDocument: string }>(account, `Get${kind}Policy`, input);
  return documentOf(PolicyDocument);
}

/** IAM answers documents percent-encoded. */
export function documentOf(encoded: string): unknown {
  return JSON.parse(decodeURIComponent(encoded)) as unknown;
}

/** IAM deletes nothing that still has policies. */
export function clearPolicies(account: Account, kind: Kind, name: string): void {
  const before = policiesOf(account, kind, name) as Record<string, unknown>;
  for (const [property, set] of Object.entries(policySetters(kind)))
    if (before[property] !== undefined) set(account, name, undefined, before[property]);
}
