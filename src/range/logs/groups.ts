import type {
  CreateLogGroupRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  PutRetentionPolicyRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

export interface SimulatedLogGroup {
  readonly name: string;
  /** Without the `:*` of some answers. */
  readonly arn: string;
  readonly createdAt: number;
  readonly logClass: NonNullable<CreateLogGroupRequest['logGroupClass']>;
  /** For ever without it. */
  retentionInDays: number | undefined;
  kmsKeyId: string | undefined;
  readonly tags: Map<string, string>;
}

export const logGroupsOf = accountState(() => new Map<string, SimulatedLogGroup>());

const PAGE = 50;
/** Source: Amazon CloudWatch Logs API Reference, "PutRetentionPolicy". */
const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function createLogGroup(account: Account, input: CreateLogGroupRequest): object {
  const { logGroupName: name = '', kmsKeyId, tags = {}, logGroupClass = 'STANDARD' } = input;
  if (!/^[\w./#-]{1,512}$/.test(name))
    throw new AwsError(
      'InvalidParameterException',
      `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
    );
  const groups = logGroupsOf(account);
  if (groups.has(name))
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
  groups.set(name, {
    name,
    arn: `arn:aws:logs:${account.region}:${account.id}:log-group:${name}`,
    createdAt: account.clock.now(),
    logClass: logGroupClass,
    retentionInDays: undefined,
    kmsKeyId,
    tags: new Map(Object.entries(tags)),
  });
  return {};
}

export function deleteLogGroup(
  account: Account,
  { logGroupName }: { logGroupName?: string | undefined },
): object {
  logGroupsOf(account).delete(groupOf(account, logGroupName).name);
  return {};
}

export function describeLogGroups(
  account: Account,
  input: DescribeLogGroupsRequest,
): DescribeLogGroupsResponse {
  const { logGroupNamePrefix = '', logGroupNamePattern, limit = PAGE, nextToken } = input;
  const found = [...logGroupsOf(account).values()]
    .filter(({ name }) => name.startsWith(logGroupNamePrefix))
    .filter(({ name }) => logGroupNamePattern === undefined || name.includes(logGroupNamePattern))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const from = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  const to = from + limit;
  return {
    logGroups: found.slice(from, to).map((group) => ({
      logGroupName: group.name,
      arn: `${group.arn}:*`,
      logGroupArn: group.arn,
      creationTime: group.createdAt,
      metricFilterCount: 0,
      storedBytes: 0,
      logGroupClass: group.logClass,
      ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
      ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
    })),
    ...(to < found.length ? { nextToken: Buffer.from(String(to)).toString('base64url') } : {}),
  };
}

export function putRetentionPolicy(
  account: Account,
  { logGroupName, retentionInDays = 0 }: PutRetentionPolicyRequest,
): object {
  if (!RETENTIONS.includes(retentionInDays))
    throw new AwsError(
      'InvalidParameterException',
      `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(', ')}]`,
    );
  groupOf(account, logGroupName).retentionInDays = retentionInDays;
  return {};
}

export function deleteRetentionPolicy(
  account: Account,
  { logGroupName }: { logGroupName?: string | undefined },
): object {
  groupOf(account, logGroupName).retentionInDays = undefined;
  return {};
}

export function associateKmsKey(
  account: Account,
  { logGroupName, kmsKeyId }: { logGroupName?: string | undefined; kmsKeyId?: string | undefined },
): object {
  groupOf(account, logGroupName).kmsKeyId = kmsKeyId;
  return {};
}

export function disassociateKmsKey(
  account: Account,
  { logGroupName }: { logGroupName?: string | undefined },
): object {
  groupOf(account, logGroupName).kmsKeyId = undefined;
  return {};
}

interface Tagging {
  readonly resourceArn?: string | undefined;
  readonly tags?: Record<string, string> | undefined;
  readonly tagKeys?: string[] | undefined;
}

export function tagResource(account: Account, { resourceArn, tags = {} }: Tagging): object {
  const group = tagged(account, resourceArn);
  for (const [key, value] of Object.entries(tags)) group.tags.set(key, value);
  return {};
}

export function untagResource(account: Account, { resourceArn, tagKeys = [] }: Tagging): object {
  const group = tagged(account, resourceArn);
  for (const key of tagKeys) group.tags.delete(key);
  return {};
}

export function listTagsForResource(account: Account, { resourceArn }: Tagging): object {
  return { tags: Object.fromEntries(tagged(account, resourceArn).tags) };
}

function tagged(account: Account, arn = ''): SimulatedLogGroup {
  return groupOf(account, arn.split(':log-group:')[1]?.replace(/:\*$/, ''));
}

function groupOf(account: Account, name = ''): SimulatedLogGroup {
  const group = logGroupsOf(account).get(name);
  if (group === undefined)
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  return group;
}
