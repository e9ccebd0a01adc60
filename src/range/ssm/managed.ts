import type {
  DescribeInstanceInformationRequest,
  DescribeInstanceInformationResult,
  InstanceInformation,
} from '@aws-sdk/client-ssm';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { stateOf } from '../operations/instances.ts';

/** What an instance makes of the commands that it is sent. */
export interface Answer {
  readonly stdout: string;
  readonly stderr?: string;
  /** Exit code of the script; 0 by default. */
  readonly code?: number;
}

export interface ManagedNode {
  readonly platform: 'Linux' | 'Windows';
  /** The agent no longer answers, although the instance runs. */
  silent: boolean;
  answer(commands: readonly string[]): Answer;
}

/** The instances on which an agent of Systems Manager runs. */
export const managedNodes = accountState(() => new Map<string, ManagedNode>());

/** Puts an agent on an instance. */
export function manage(account: Account, instanceId: string, node: Partial<ManagedNode> = {}): void {
  managedNodes(account).set(instanceId, {
    platform: 'Linux',
    silent: false,
    answer: (commands) => ({ stdout: commands.map((command) => `$ ${command}\n`).join('') }),
    ...node,
  });
}

export function isOnline(account: Account, instanceId: string): boolean {
  const simulated = account.instances.get(instanceId);
  const node = managedNodes(account).get(instanceId);
  return node?.silent === false && simulated !== undefined && stateOf(account, simulated) === 'running';
}

export function describeInstanceInformation(
  account: Account,
  { Filters = [], InstanceInformationFilterList = [] }: DescribeInstanceInformationRequest,
): DescribeInstanceInformationResult {
  const tests = [
    ...Filters.map(({ Key, Values }) => ({ key: Key, values: Values })),
    ...InstanceInformationFilterList.map(({ key, valueSet }) => ({ key, values: valueSet })),
  ];
  const fields: Readonly<Record<string, (one: InstanceInformation) => string | undefined>> = {
    InstanceIds: ({ InstanceId }) => InstanceId,
    PingStatus: ({ PingStatus }) => PingStatus,
    PlatformTypes: ({ PlatformType }) => PlatformType,
  };
  for (const { key } of tests)
    if (!Object.hasOwn(fields, key ?? ''))
      throw new AwsError('InvalidFilterKey', `The filter key ${key} is not valid.`);
  const all = [...managedNodes(account)].map(([InstanceId, { platform }]): InstanceInformation => {
    const online = isOnline(account, InstanceId);
    return {
      InstanceId,
      PingStatus: online ? 'Online' : 'ConnectionLost',
      ...(online ? { LastPingDateTime: new Date(account.clock.now()) } : {}),
      AgentVersion: '3.3.1142.0',
      PlatformType: platform,
      ResourceType: 'EC2Instance',
    };
  });
  return {
    InstanceInformationList: all.filter((one) =>
      tests.every(({ key, values }) => (values ?? []).includes(fields[key ?? '']?.(one) ?? '')),
    ),
  };
}
