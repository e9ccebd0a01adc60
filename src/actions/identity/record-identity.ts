import type { IAM } from '@aws-sdk/client-iam';
import { awsErrorCode } from '../../aws/errors.ts';
import { toJson } from '../../model/json.ts';
import { ACCESS_KEY, ROLE, USER } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { FIND_ROLE, FIND_USER, type FoundPrincipal, findPrincipal } from './principal.ts';

/** What the other actions need to know of the identity as it was found. */
export interface RecordedIdentity {
  readonly kind: 'user' | 'role';
  readonly name: string;
  readonly arn: string;
  readonly attachedPolicies: readonly string[];
  /** Documents by name, decoded. */
  readonly inlinePolicies: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly accessKeys: readonly { readonly id: string; readonly status: string }[];
  readonly hasPassword: boolean;
}

export const recordIdentity = defineAction({
  name: 'record-identity',
  title: 'Record the identity',
  group: 'identity',
  subjects: [USER, ROLE, ACCESS_KEY],
  effect: 'read',
  needs: [],
  permissions: [
    ...FIND_USER,
    ...FIND_ROLE,
    'iam:ListAttachedUserPolicies',
    'iam:ListUserPolicies',
    'iam:GetUserPolicy',
    'iam:ListGroupsForUser',
    'iam:ListAccessKeys',
    'iam:ListMFADevices',
    'iam:GetLoginProfile',
    'iam:ListAttachedRolePolicies',
    'iam:ListRolePolicies',
    'iam:GetRolePolicy',
  ],
  about: {
    precondition:
      'the subject is a user or a role of this account, and neither the root user nor a role of a service',
    effect:
      'writes what IAM says of the user or role into the case: policies, trust, groups, keys with their last use, MFA devices, password',
    proof: 'the files are in the case folder',
    idempotency: 'it only reads, and writes the same files again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record ${id}: policies, groups, access keys with their last use, MFA devices, password`,
  async run({ aws, subject, caseFile }) {
    const principal = await findPrincipal(aws, subject);
    if ('refused' in principal) return { status: 'ask', reason: principal.refused };
    const iam = await aws.use('iam');
    const facts =
      principal.kind === 'user' ? await userFacts(iam, principal) : await roleFacts(iam, principal);
    caseFile.writeJson('identity.json', toJson({ ...facts.described, policies: facts.inlinePolicies }));
    const { kind, name, arn } = principal;
    const { described: _, ...rest } = facts;
    const recorded: RecordedIdentity = { kind, name, arn, ...rest };
    const parts = [
      `${recorded.attachedPolicies.length} attached and ${Object.keys(recorded.inlinePolicies).length} inline policies`,
      ...(kind === 'user' ? [`${recorded.groups.length} groups`, `${recorded.accessKeys.length} keys`] : []),
    ];
    return done(toJson(recorded), `${arn}: ${parts.join(', ')}`);
  },
});

/** The identity as {@link recordIdentity} found it. */
export function recordedIdentity(output: unknown): RecordedIdentity {
  if (output === undefined) throw new Error('record-identity must come first in the playbook');
  return output as RecordedIdentity;
}

interface Facts extends Omit<RecordedIdentity, 'kind' | 'name' | 'arn'> {
  readonly described: object;
}

async function userFacts(iam: IAM, { name, user }: FoundPrincipal): Promise<Facts> {
  const of = { UserName: name };
  const attached = (await all(iam.paginateListAttachedUserPolicies(of))).flatMap(
    (page) => page.AttachedPolicies ?? [],
  );
  const names = (await all(iam.paginateListUserPolicies(of))).flatMap((page) => page.PolicyNames ?? []);
  const groups = (await all(iam.paginateListGroupsForUser(of))).flatMap((page) => page.Groups ?? []);
  const keys = (await all(iam.paginateListAccessKeys(of))).flatMap((page) => page.AccessKeyMetadata ?? []);
  const devices = (await all(iam.paginateListMFADevices(of))).flatMap((page) => page.MFADevices ?? []);
  const used: object[] = [];
  for (const key of keys) {
    const { AccessKeyLastUsed } = await iam.getAccessKeyLastUsed({ AccessKeyId: key.AccessKeyId });
    used.push({ ...key, AccessKeyLastUsed });
  }
  const password = await loginProfile(iam, name);
  const inlinePolicies: Record<string, string> = {};
  for (const PolicyName of names) {
    const { PolicyDocument } = await iam.getUserPolicy({ ...of, PolicyName });
    inlinePolicies[PolicyName] = decodeURIComponent(PolicyDocument ?? '');
  }
  return {
    described: {
      user,
      attachedPolicies: attached,
      groups,
      accessKeys: used,
      mfaDevices: devices,
      loginProfile: password,
    },
    attachedPolicies: attached.map(({ PolicyArn }) => PolicyArn ?? ''),
    inlinePolicies,
    groups: groups.map(({ GroupName }) => GroupName ?? ''),
    accessKeys: keys.map(({ AccessKeyId, Status }) => ({ id: AccessKeyId ?? '', status: Status ?? '' })),
    hasPassword: password !== undefined,
  };
}

async function roleFacts(iam: IAM, { name, role }: FoundPrincipal): Promise<Facts> {
  const of = { RoleName: name };
  const attached = (await all(iam.paginateListAttachedRolePolicies(of))).flatMap(
    (page) => page.AttachedPolicies ?? [],
  );
  const names = (await all(iam.paginateListRolePolicies(of))).flatMap((page) => page.PolicyNames ?? []);
  const inlinePolicies: Record<string, string> = {};
  for (const PolicyName of names) {
    const { PolicyDocument } = await iam.getRolePolicy({ ...of, PolicyName });
    inlinePolicies[PolicyName] = decodeURIComponent(PolicyDocument ?? '');
  }
  const trust = decodeURIComponent(role?.AssumeRolePolicyDocument ?? '');
  return {
    described: { role: { ...role, AssumeRolePolicyDocument: trust }, attachedPolicies: attached },
    attachedPolicies: attached.map(({ PolicyArn }) => PolicyArn ?? ''),
    inlinePolicies,
    groups: [],
    accessKeys: [],
    hasPassword: false,
  };
}

export async function loginProfile(iam: IAM, name: string): Promise<object | undefined> {
  try {
    return (await iam.getLoginProfile({ UserName: name })).LoginProfile;
  } catch (error) {
    if (awsErrorCode(error) === 'NoSuchEntity') return undefined;
    throw error;
  }
}

async function all<Page>(pages: AsyncIterable<Page>): Promise<Page[]> {
  return Array.fromAsync(pages);
}
