import type {
  AccessKey,
  AccessKeyMetadata,
  GetAccessKeyLastUsedCommandInput,
  GetAccessKeyLastUsedCommandOutput,
  ListAccessKeysCommandInput,
  UpdateAccessKeyCommandInput,
} from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Caller } from '../caller.ts';
import { page } from './page.ts';
import { found, iamId, iamOf, type SimulatedAccessKey, type SimulatedUser, userOf } from './state.ts';
import { callerName } from './users.ts';

interface KeyInput {
  readonly UserName?: string | undefined;
  readonly AccessKeyId?: string | undefined;
}

const KEYS_PER_USER = 2;

export function createAccessKey(
  account: Account,
  input: KeyInput,
  _: AbortSignal,
  caller: Caller,
): { AccessKey: AccessKey } {
  const user = userOf(account, input.UserName ?? callerName(caller));
  if (user.accessKeys.size >= KEYS_PER_USER)
    throw new AwsError('LimitExceeded', `Cannot exceed quota for AccessKeysPerUser: ${KEYS_PER_USER}`, 409);
  const id = iamId(account, 'AKIA', 16);
  const key: SimulatedAccessKey = {
    id,
    secret: iamId(account, 'simulated/', 30),
    createdAt: account.clock.now(),
    status: 'Active',
    lastUsed: undefined,
  };
  user.accessKeys.set(id, key);
  return {
    AccessKey: {
      UserName: user.name,
      AccessKeyId: id,
      Status: key.status,
      SecretAccessKey: key.secret,
      CreateDate: new Date(key.createdAt),
    },
  };
}

export function updateAccessKey(
  account: Account,
  input: UpdateAccessKeyCommandInput,
  _: AbortSignal,
  caller: Caller,
): object {
  const { key } = keyOf(account, input, caller);
  const { Status: status } = input;
  if (status !== 'Active' && status !== 'Inactive')
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${status}' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [Active, Inactive]`,
    );
  key.status = status;
  return {};
}

export function deleteAccessKey(account: Account, input: KeyInput, _: AbortSignal, caller: Caller): object {
  const { user, key } = keyOf(account, input, caller);
  user.accessKeys.delete(key.id);
  iamOf(account).deletedKeys.add(key.id);
  return {};
}

export function listAccessKeys(
  account: Account,
  input: ListAccessKeysCommandInput,
  _: AbortSignal,
  caller: Caller,
) {
  const user = userOf(account, input.UserName ?? callerName(caller));
  const { items, ...rest } = page(user.accessKeys.values(), input);
  const AccessKeyMetadata = items.map(
    ({ id, status, createdAt }): AccessKeyMetadata => ({
      UserName: user.name,
      AccessKeyId: id,
      Status: status,
      CreateDate: new Date(createdAt),
    }),
  );
  return { AccessKeyMetadata, ...rest };
}

/** Of a key that was never used, AWS says `N/A` for service and region. */
export function getAccessKeyLastUsed(
  account: Account,
  { AccessKeyId = '' }: GetAccessKeyLastUsedCommandInput,
): Omit<GetAccessKeyLastUsedCommandOutput, '$metadata'> {
  const users = [...iamOf(account).users.values()];
  const user = users.find(({ accessKeys }) => accessKeys.has(AccessKeyId));
  const key = user?.accessKeys.get(AccessKeyId);
  if (user === undefined || key === undefined)
    // AWS does not say whether a key that is not the account's exists.
    throw new AwsError(
      'AccessDenied',
      'User is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key *',
      403,
    );
  const { lastUsed } = key;
  return {
    UserName: user.name,
    AccessKeyLastUsed: {
      LastUsedDate: lastUsed === undefined ? undefined : new Date(lastUsed.at),
      ServiceName: lastUsed?.service ?? 'N/A',
      Region: lastUsed?.region ?? 'N/A',
    },
  };
}

function keyOf(
  account: Account,
  { UserName, AccessKeyId = '' }: KeyInput,
  caller: Caller,
): { user: SimulatedUser; key: SimulatedAccessKey } {
  const user = userOf(account, UserName ?? callerName(caller));
  const key = found(
    user.accessKeys.get(AccessKeyId),
    `The Access Key with id ${AccessKeyId} cannot be found.`,
  );
  return { user, key };
}
