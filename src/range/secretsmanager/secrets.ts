import type {
  CreateSecretCommandInput,
  DeleteSecretCommandInput,
  DescribeSecretCommandOutput,
  GetSecretValueCommandInput,
  GetSecretValueCommandOutput,
  PutResourcePolicyCommandInput,
  RotateSecretCommandInput,
} from '@aws-sdk/client-secrets-manager';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { parsePolicy } from '../iam/policy-document.ts';
import { iamId } from '../iam/state.ts';
import {
  makeCurrent,
  newVersionId,
  type SimulatedSecret,
  secretOf,
  secretsOf,
  versionWith,
} from './secret.ts';

type SecretInput = { readonly SecretId?: string | undefined };

const DAY = 86_400_000;

export function createSecret(account: Account, input: CreateSecretCommandInput) {
  const { Name: name = '', ClientRequestToken: token = newVersionId(account) } = input;
  const secrets = secretsOf(account);
  if (!/^[\w/+=.@-]{1,512}$/.test(name))
    throw new AwsError(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  if (secrets.has(name))
    throw new AwsError(
      'ResourceExistsException',
      `The operation failed because the secret ${name} already exists.`,
    );
  const now = account.clock.now();
  const secret: SimulatedSecret = {
    name,
    arn: `arn:aws:secretsmanager:${account.region}:${account.id}:secret:${name}-${iamId(account, '', 6)}`,
    createdAt: now,
    description: input.Description,
    kmsKeyId: input.KmsKeyId,
    tags: new Map((input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    versions: new Map(),
    changedAt: now,
    policy: undefined,
    rotation: { lambda: undefined, rules: undefined, enabled: false },
    rotatedAt: undefined,
    deletedAt: undefined,
  };
  secrets.set(name, secret);
  if (input.SecretString === undefined && input.SecretBinary === undefined) return named(secret);
  secret.versions.set(token, {
    text: input.SecretString,
    binary: input.SecretBinary,
    createdAt: now,
    stages: new Set(),
  });
  makeCurrent(secret, token);
  return { ...named(secret), VersionId: token };
}

export function describeSecret(
  account: Account,
  input: SecretInput,
): Omit<DescribeSecretCommandOutput, '$metadata'> {
  const secret = secretOf(account, input, { deleted: true });
  const { rotation, rotatedAt, deletedAt, tags } = secret;
  const staged = [...secret.versions].filter(([, { stages }]) => stages.size > 0);
  return {
    ...named(secret),
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    ...(rotation.lambda === undefined && rotation.rules === undefined
      ? {}
      : {
          RotationEnabled: rotation.enabled,
          RotationLambdaARN: rotation.lambda,
          RotationRules: rotation.rules,
        }),
    LastRotatedDate: rotatedAt === undefined ? undefined : new Date(rotatedAt),
    LastChangedDate: new Date(secret.changedAt),
    DeletedDate: deletedAt === undefined ? undefined : new Date(deletedAt),
    Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
    VersionIdsToStages: Object.fromEntries(staged.map(([id, { stages }]) => [id, [...stages]])),
    CreatedDate: new Date(secret.createdAt),
  };
}

export function getSecretValue(
  account: Account,
  input: GetSecretValueCommandInput,
): Omit<GetSecretValueCommandOutput, '$metadata'> {
  const secret = secretOf(account, input);
  const { VersionId: id, VersionStage: stage = 'AWSCURRENT' } = input;
  const found = id === undefined ? versionWith(secret, stage) : undefined;
  const version = id === undefined ? found?.[1] : secret.versions.get(id);
  if (version === undefined)
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${id === undefined ? `staging label: ${stage}` : `VersionId: ${id}`}`,
    );
  return {
    ...named(secret),
    VersionId: id ?? found?.[0],
    SecretString: version.text,
    SecretBinary: version.binary,
    VersionStages: [...version.stages],
    CreatedDate: new Date(version.createdAt),
  };
}

/** The same token again is the same rotation. */
export function rotateSecret(account: Account, input: RotateSecretCommandInput) {
  const secret = secretOf(account, input);
  const { ClientRequestToken: token = newVersionId(account), RotateImmediately: atOnce = true } = input;
  const lambda = input.RotationLambdaARN ?? secret.rotation.lambda;
  if (lambda === undefined)
    throw new AwsError(
      'InvalidRequestException',
      'No Lambda rotation function ARN is associated with this secret.',
    );
  if (secret.versions.has(token)) return { ...named(secret), VersionId: token };
  if (versionWith(secret, 'AWSPENDING') !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "A previous rotation isn't complete. That rotation will be reattempted.",
    );
  secret.rotation = { lambda, rules: input.RotationRules ?? secret.rotation.rules, enabled: true };
  if (!atOnce) return named(secret);
  secret.versions.set(token, {
    text: `rotated-${token}`,
    binary: undefined,
    createdAt: account.clock.now(),
    stages: new Set(['AWSPENDING']),
  });
  return { ...named(secret), VersionId: token };
}

/** A version that is pending stays so. */
export function cancelRotateSecret(account: Account, input: SecretInput) {
  const secret = secretOf(account, input);
  if (!secret.rotation.enabled)
    throw new AwsError('InvalidRequestException', "You tried to cancel a rotation that isn't enabled.");
  secret.rotation.enabled = false;
  const pending = versionWith(secret, 'AWSPENDING');
  return { ...named(secret), ...(pending === undefined ? {} : { VersionId: pending[0] }) };
}

export function getResourcePolicy(account: Account, input: SecretInput) {
  const secret = secretOf(account, input);
  return { ...named(secret), ...(secret.policy === undefined ? {} : { ResourcePolicy: secret.policy }) };
}

export function putResourcePolicy(account: Account, input: PutResourcePolicyCommandInput) {
  const secret = secretOf(account, input);
  const { ResourcePolicy: policy = '' } = input;
  let statements: ReturnType<typeof parsePolicy>;
  try {
    statements = parsePolicy(policy, 'resource');
  } catch {
    throw new AwsError('MalformedPolicyDocumentException', 'This resource policy contains a syntax error.');
  }
  const isPublic = statements.some(
    ({ effect, principals = {}, conditions }) =>
      effect === 'Allow' &&
      conditions.length === 0 &&
      [...(principals.AWS ?? []), ...(principals['*'] ?? [])].includes('*'),
  );
  if (input.BlockPublicPolicy && isPublic)
    throw new AwsError('PublicPolicyException', 'This resource policy grants broad access to the secret.');
  secret.policy = policy;
  return named(secret);
}

export function deleteResourcePolicy(account: Account, input: SecretInput) {
  const secret = secretOf(account, input);
  secret.policy = undefined;
  return named(secret);
}

export function deleteSecret(account: Account, input: DeleteSecretCommandInput) {
  const secret = secretOf(account, input);
  const { RecoveryWindowInDays: days = 30, ForceDeleteWithoutRecovery: force = false } = input;
  if (force) secretsOf(account).delete(secret.name);
  secret.deletedAt = account.clock.now() + (force ? 0 : days * DAY);
  return { ...named(secret), DeletionDate: new Date(secret.deletedAt) };
}

export function restoreSecret(account: Account, input: SecretInput) {
  const secret = secretOf(account, input, { deleted: true });
  secret.deletedAt = undefined;
  return named(secret);
}

function named({ name, arn }: SimulatedSecret) {
  return { ARN: arn, Name: name };
}
