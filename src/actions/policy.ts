import type { Action } from './action.ts';

/** What one part of Cordon asks of AWS. */
export interface Grant {
  /** Letters and digits. */
  readonly sid: string;
  /** IAM actions. */
  readonly actions: readonly string[];
}

/** A policy document of IAM. Source: IAM User Guide, "Grammar of the IAM JSON policy language". */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: '*';
  }[];
}

/** Characters that a managed policy may have, white space aside. Source: IAM User Guide, "IAM and AWS STS quotas". */
export const MANAGED_POLICY_LIMIT = 6_144;

/** What actions need; of an undo only what its action does not need as well. */
export function grantsOf(actions: Iterable<Action>, { undo }: { readonly undo: boolean }): Grant[] {
  return [...actions].flatMap((action) => {
    const sid = sidOf(action.name);
    const own = { sid, actions: action.permissions };
    if (!undo || action.undo.kind !== 'by') return [own];
    const more = action.undo.permissions.filter((one) => !action.permissions.includes(one));
    return [own, { sid: `Undo${sid}`, actions: more }];
  });
}

/** One statement a grant; a grant of nothing has none. */
export function policyOf(grants: readonly Grant[]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: grants
      .filter(({ actions }) => actions.length > 0)
      .map(({ sid, actions }) => ({
        Sid: sid,
        Effect: 'Allow',
        Action: [...new Set(actions)].sort(),
        Resource: '*',
      })),
  };
}

export function policySize(policy: PolicyDocument): number {
  return JSON.stringify(policy).length;
}

/** `isolate-instance` is `IsolateInstance`: a Sid has only letters and digits. */
function sidOf(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
