import type {
  InstanceStateChange,
  StartInstancesRequest,
  StartInstancesResult,
  StopInstancesRequest,
  StopInstancesResult,
  TerminateInstancesRequest,
  TerminateInstancesResult,
} from '@aws-sdk/client-ec2';
import type { Account, SimulatedInstance } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { STATE_CODES, stateOf } from './instances.ts';
import { NO_INSTANCE, named } from './query.ts';

export function terminateInstances(
  account: Account,
  { InstanceIds }: TerminateInstancesRequest,
): TerminateInstancesResult {
  const wanted = named(account.instances, InstanceIds, NO_INSTANCE);
  for (const { instance, terminationProtected } of wanted) {
    if (terminationProtected) {
      throw new AwsError(
        'OperationNotPermitted',
        `The instance '${instance.InstanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
      );
    }
  }
  return {
    TerminatingInstances: wanted.map((simulated) =>
      changed(account, simulated, () => end(account, simulated, { to: 'terminated' })),
    ),
  };
}

/** Source: Amazon EC2 API Reference, "StopInstances"; Amazon EC2 User Guide, "Hibernate your Amazon EC2 instance". */
export function stopInstances(
  account: Account,
  { InstanceIds, Hibernate }: StopInstancesRequest,
): StopInstancesResult {
  const wanted = named(account.instances, InstanceIds, NO_INSTANCE);
  for (const { instance, ending, stopProtected } of wanted) {
    if (ending?.to === 'terminated') {
      throw new AwsError(
        'IncorrectInstanceState',
        `This instance '${instance.InstanceId}' is not in a state from which it can be stopped.`,
      );
    }
    if (stopProtected) {
      throw new AwsError(
        'OperationNotPermitted',
        `The instance '${instance.InstanceId}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
      );
    }
    if (Hibernate && !instance.HibernationOptions?.Configured) {
      throw new AwsError(
        'UnsupportedHibernationConfiguration',
        `Instance is not configured for hibernation: ${instance.InstanceId}`,
      );
    }
  }
  const ending = { to: 'stopped', ...(Hibernate ? { hibernates: true } : {}) } as const;
  return {
    StoppingInstances: wanted.map((simulated) =>
      changed(account, simulated, () => end(account, simulated, ending)),
    ),
  };
}

export function startInstances(
  account: Account,
  { InstanceIds }: StartInstancesRequest,
): StartInstancesResult {
  const wanted = named(account.instances, InstanceIds, NO_INSTANCE);
  for (const simulated of wanted) {
    if (!['stopped', 'pending', 'running'].includes(stateOf(account, simulated))) {
      throw new AwsError(
        'IncorrectInstanceState',
        `The instance '${simulated.instance.InstanceId}' is not in a state from which it can be started.`,
      );
    }
  }
  const start = (simulated: SimulatedInstance) => () => {
    if (simulated.ending === undefined) return;
    delete simulated.ending;
    simulated.startedAt = account.clock.now();
  };
  return { StartingInstances: wanted.map((simulated) => changed(account, simulated, start(simulated))) };
}

function end(
  account: Account,
  simulated: SimulatedInstance,
  ending: Omit<NonNullable<SimulatedInstance['ending']>, 'at'>,
): void {
  if (simulated.ending?.to !== ending.to) simulated.ending = { ...ending, at: account.clock.now() };
}

function changed(account: Account, simulated: SimulatedInstance, change: () => void): InstanceStateChange {
  const before = stateOf(account, simulated);
  change();
  const after = stateOf(account, simulated);
  return {
    InstanceId: simulated.instance.InstanceId,
    PreviousState: { Name: before, Code: STATE_CODES[before] },
    CurrentState: { Name: after, Code: STATE_CODES[after] },
  };
}
