import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';

/** Whose policies are spoken of. */
export interface Holder {
  readonly kind: 'user' | 'role';
  readonly name: string;
}

export const LIST_PERMISSIONS = ['iam:ListAttachedUserPolicies', 'iam:ListAttachedRolePolicies'];
export const ATTACH_PERMISSIONS = ['iam:AttachUserPolicy', 'iam:AttachRolePolicy'];
export const DETACH_PERMISSIONS = ['iam:DetachUserPolicy', 'iam:DetachRolePolicy'];

/** The ARNs of the managed policies that are attached; none of one who is gone. */
export async function attachedPolicies(aws: AwsClients, { kind, name }: Holder): Promise<string[]> {
  const iam = await aws.use('iam');
  const pages =
    kind === 'user'
      ? iam.paginateListAttachedUserPolicies({ UserName: name })
      : iam.paginateListAttachedRolePolicies({ RoleName: name });
  const arns: string[] = [];
  try {
    for await (const { AttachedPolicies } of pages)
      arns.push(...(AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn ?? ''));
  } catch (error) {
    if (awsErrorCode(error) !== 'NoSuchEntity') throw error;
  }
  return arns;
}

/** To attach what is attached is no error. */
export async function attach(aws: AwsClients, { kind, name }: Holder, policyArn: string): Promise<void> {
  const iam = await aws.use('iam');
  if (kind === 'user') await iam.attachUserPolicy({ UserName: name, PolicyArn: policyArn });
  else await iam.attachRolePolicy({ RoleName: name, PolicyArn: policyArn });
}

/** What is not attached any more is detached. */
export async function detach(aws: AwsClients, { kind, name }: Holder, policyArn: string): Promise<void> {
  const iam = await aws.use('iam');
  try {
    if (kind === 'user') await iam.detachUserPolicy({ UserName: name, PolicyArn: policyArn });
    else await iam.detachRolePolicy({ RoleName: name, PolicyArn: policyArn });
  } catch (error) {
    if (awsErrorCode(error) !== 'NoSuchEntity') throw error;
  }
}
