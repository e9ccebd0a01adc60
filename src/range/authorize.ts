import type { Account } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Caller } from './caller.ts';
import { type Decision, evaluate } from './iam/evaluate.ts';
import { contextOf, policySetsOf } from './iam/principal-policies.ts';
import { iamActionsOf } from './iam-action.ts';
import { resourcesOf } from './iam-resource.ts';
import type { Service } from './service.ts';

/** STS looks at the trust policy of the role before it asks what the caller may do. */
const ANSWERS_FOR_ITSELF = 'sts:AssumeRole';

/**
 * Refuses what the policies of the caller do not allow, with the service's own error. Looked at are inline
 * and managed policies of the user, its groups or the role, the permissions boundary and the policies of the
 * session. Policies of resources, of organizations and of VPC endpoints are not; nor is what a service calls
 * for the caller, such as CloudFormation for a stack. The owner of the range may do everything.
 */
export function authorize(
  account: Account,
  caller: Caller,
  service: Service,
  operation: string,
  input: unknown,
): void {
  if (caller.principal === undefined) return;
  const members = (input ?? {}) as Readonly<Record<string, unknown>>;
  const actions = iamActionsOf(service.name, operation, members);
  for (const [index, action] of actions.entries()) {
    if (action === ANSWERS_FOR_ITSELF) continue;
    // What is needed besides is about other things than the call itself.
    const resources = index === 0 ? resourcesOf(account, service.name, operation, members) : ['*'];
    for (const resource of resources) {
      const decision = decide(account, caller, action, resource);
      if (decision !== 'allow') throw denial(service, caller, action, resource, decision);
    }
  }
}

/** What the policies of the caller say; each set must allow it, and any may deny it. */
export function decide(account: Account, caller: Caller, action: string, resource: string): Decision {
  if (caller.principal === undefined) return 'allow';
  const context = contextOf(account, caller);
  const decisions = policySetsOf(account, caller.principal).map((statements) =>
    evaluate(statements, action, resource, context),
  );
  if (decisions.includes('explicit-deny')) return 'explicit-deny';
  return decisions.every((decision) => decision === 'allow') ? 'allow' : 'implicit-deny';
}

/** Source: IAM User Guide, "Troubleshoot access denied error messages". */
export function denial(
  { name, faults }: Pick<Service, 'name' | 'faults'>,
  { arn }: Caller,
  action: string,
  resource: string,
  decision: Decision,
): AwsError {
  const { code, status, queryCode, message: general } = faults.unauthorized();
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  const why =
    decision === 'explicit-deny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${arn} is not authorized to perform: ${action}${on} ${why}`;
  return new AwsError(code, name === 'ec2' ? `${general} ${message}` : message, status, queryCode);
}
