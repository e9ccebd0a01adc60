import type {
  CreatePolicyCommandInput,
  CreatePolicyVersionCommandInput,
  GetPolicyVersionCommandInput,
  ListPoliciesCommandInput,
  ListPolicyVersionsCommandInput,
  Policy,
  PolicyVersion,
} from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { attachments } from './attached-policies.ts';
import { AWS_MANAGED, isAwsManaged } from './aws-managed.ts';
import { below, page } from './page.ts';
import { encodedDocument, parsePolicy, policySize } from './policy-document.ts';
import { checkName, checkPath, found, iamId, iamOf, type SimulatedPolicy } from './state.ts';
import { tagMap } from './tags.ts';

interface VersionInput {
  readonly PolicyArn?: string | undefined;
  readonly VersionId?: string | undefined;
}

/** Source: IAM User Guide, "IAM and AWS STS quotas". */
const SIZE_LIMIT = 6_144;
const VERSION_LIMIT = 5;

export function createPolicy(account: Account, input: CreatePolicyCommandInput): { Policy: Policy } {
  const { PolicyName: name = '', Path: path = '/', PolicyDocument: document = '' } = input;
  const { policies } = iamOf(account);
  checkName(name, 'policyName', 128);
  checkPath(path);
  checkDocument(document);
  if ([...policies.values()].some((one) => one.name.toLowerCase() === name.toLowerCase()))
    throw new AwsError(
      'EntityAlreadyExists',
      `A policy called ${name} already exists. Duplicate names are not allowed.`,
      409,
    );
  const createdAt = account.clock.now();
  const policy: SimulatedPolicy = {
    name,
    path,
    id: iamId(account, 'ANPA'),
    arn: `arn:aws:iam::${account.id}:policy${path}${name}`,
    createdAt,
    description: input.Description,
    tags: tagMap(input.Tags),
    versions: new Map([['v1', { document, createdAt }]]),
    defaultVersion: 'v1',
    newestVersion: 1,
    updatedAt: createdAt,
  };
  policies.set(policy.arn, policy);
  return { Policy: described(account, policy) };
}

export function getPolicy(account: Account, { PolicyArn = '' }: VersionInput): { Policy: Policy } {
  const managed = AWS_MANAGED.get(PolicyArn);
  if (managed === undefined) return { Policy: described(account, policyOf(account, PolicyArn)) };
  return {
    Policy: {
      PolicyName: managed.name,
      Path: managed.path,
      Arn: managed.arn,
      DefaultVersionId: managed.version,
      AttachmentCount: attachments(account, managed.arn),
      IsAttachable: true,
    },
  };
}

/** The account's own; of AWS's, those that the range has. */
export function listPolicies(account: Account, input: ListPoliciesCommandInput) {
  const { Scope: scope = 'All', OnlyAttached: onlyAttached = false } = input;
  const own = scope === 'AWS' ? [] : [...iamOf(account).policies.values()];
  const ofAws = scope === 'Local' ? [] : [...AWS_MANAGED.values()];
  const all = below([...own, ...ofAws], input).map(
    ({ arn }) => getPolicy(account, { PolicyArn: arn }).Policy,
  );
  const { items, ...rest } = page(
    all.filter(({ AttachmentCount = 0 }) => !onlyAttached || AttachmentCount > 0),
    input,
  );
  return { Policies: items, ...rest };
}

export function deletePolicy(account: Account, { PolicyArn = '' }: VersionInput): object {
  const policy = ownPolicy(account, PolicyArn);
  if (attachments(account, policy.arn) > 0)
    throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
  if (policy.versions.size > 1)
    throw new AwsError(
      'DeleteConflict',
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      409,
    );
  iamOf(account).policies.delete(policy.arn);
  return {};
}

export function createPolicyVersion(
  account: Account,
  input: CreatePolicyVersionCommandInput,
): { PolicyVersion: PolicyVersion } {
  const policy = ownPolicy(account, input.PolicyArn);
  const { PolicyDocument: document = '' } = input;
  checkDocument(document);
  if (policy.versions.size >= VERSION_LIMIT)
    throw new AwsError(
      'LimitExceeded',
      `A managed policy can have up to ${VERSION_LIMIT} versions. Before you create a new version, you must delete an existing version.`,
      409,
    );
  policy.newestVersion++;
  const id = `v${policy.newestVersion}`;
  const createdAt = account.clock.now();
  policy.versions.set(id, { document, createdAt });
  policy.updatedAt = createdAt;
  if (input.SetAsDefault) policy.defaultVersion = id;
  const IsDefaultVersion = policy.defaultVersion === id;
  return { PolicyVersion: { VersionId: id, IsDefaultVersion, CreateDate: new Date(createdAt) } };
}

export function getPolicyVersion(
  account: Account,
  { PolicyArn = '', VersionId = '' }: GetPolicyVersionCommandInput,
): { PolicyVersion: PolicyVersion } {
  const managed = AWS_MANAGED.get(PolicyArn);
  if (managed?.version === VersionId) {
    const Document = encodedDocument(managed.document);
    return { PolicyVersion: { Document, VersionId, IsDefaultVersion: true } };
  }
  const policy = policyOf(account, PolicyArn);
  const { document, createdAt } = versionOf(policy, VersionId);
  return {
    PolicyVersion: {
      Document: encodedDocument(document),
      VersionId,
      IsDefaultVersion: policy.defaultVersion === VersionId,
      CreateDate: new Date(createdAt),
    },
  };
}

export function listPolicyVersions(account: Account, input: ListPolicyVersionsCommandInput) {
  const managed = AWS_MANAGED.get(input.PolicyArn ?? '');
  if (managed !== undefined)
    return { Versions: [{ VersionId: managed.version, IsDefaultVersion: true }], IsTruncated: false };
  const policy = policyOf(account, input.PolicyArn);
  const { items, ...rest } = page([...policy.versions].reverse(), input);
  const Versions = items.map(([VersionId, { createdAt }]) => ({
    VersionId,
    IsDefaultVersion: policy.defaultVersion === VersionId,
    CreateDate: new Date(createdAt),
  }));
  return { Versions, ...rest };
}

export function setDefaultPolicyVersion(
  account: Account,
  { PolicyArn, VersionId = '' }: VersionInput,
): object {
  const policy = ownPolicy(account, PolicyArn);
  versionOf(policy, VersionId);
  policy.defaultVersion = VersionId;
  policy.updatedAt = account.clock.now();
  return {};
}

export function deletePolicyVersion(account: Account, { PolicyArn, VersionId = '' }: VersionInput): object {
  const policy = ownPolicy(account, PolicyArn);
  versionOf(policy, VersionId);
  if (policy.defaultVersion === VersionId)
    throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.', 409);
  policy.versions.delete(VersionId);
  return {};
}

function policyOf(account: Account, arn = ''): SimulatedPolicy {
  return found(iamOf(account).policies.get(arn), `Policy ${arn} was not found.`);
}

/** A policy that the account may change. */
function ownPolicy(account: Account, arn = ''): SimulatedPolicy {
  if (isAwsManaged(arn))
    throw new AwsError('AccessDenied', `The policy ${arn} is managed by AWS and cannot be changed.`, 403);
  return policyOf(account, arn);
}

function versionOf({ arn, versions }: SimulatedPolicy, id: string) {
  return found(versions.get(id), `Policy ${arn} version ${id} does not exist or is not attachable.`);
}

function checkDocument(document: string): void {
  parsePolicy(document, 'identity');
  if (policySize(document) > SIZE_LIMIT)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for PolicySize: ${SIZE_LIMIT}`, 409);
}

function described(account: Account, policy: SimulatedPolicy): Policy {
  const { description } = policy;
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: attachments(account, policy.arn),
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    ...(description === undefined ? {} : { Description: description }),
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
}
