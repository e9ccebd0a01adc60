import type {
  DeregisterTargetsInput,
  DescribeTargetHealthInput,
  DescribeTargetHealthOutput,
  RegisterTargetsInput,
  TargetDescription,
  TargetHealth,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { stateOf } from '../operations/instances.ts';
import { type SimulatedTarget, type SimulatedTargetGroup, targetGroup, targetKey } from './target-groups.ts';

export function registerTargets(
  account: Account,
  { TargetGroupArn, Targets = [] }: RegisterTargetsInput,
): object {
  const group = targetGroup(account, TargetGroupArn);
  for (const { Id = '' } of Targets) {
    const simulated = account.instances.get(Id);
    if (simulated === undefined || stateOf(account, simulated) !== 'running')
      throw new AwsError(
        'InvalidTarget',
        `The following targets are not in a running state and cannot be registered: '${Id}'`,
      );
  }
  for (const target of Targets) {
    const { id, port } = named(group, target);
    const known = group.targets.get(targetKey(id, port));
    if (known !== undefined && known.deregisteredAt === undefined) continue;
    group.targets.set(targetKey(id, port), { id, port, registeredAt: account.clock.now() });
  }
  return {};
}

/** What is deregistered drains first; the range waits as long as for a change of an instance's state. */
export function deregisterTargets(
  account: Account,
  { TargetGroupArn, Targets = [] }: DeregisterTargetsInput,
): object {
  const group = targetGroup(account, TargetGroupArn);
  const wanted = Targets.map((target) => {
    const { id, port } = named(group, target);
    const found = registered(account, group).find((one) => one.id === id && one.port === port);
    if (found === undefined)
      throw new AwsError('InvalidTarget', `The following targets are not registered: '${id}'`);
    return found;
  });
  for (const target of wanted) target.deregisteredAt ??= account.clock.now();
  return {};
}

/** The targets that a group still shows: those that have drained are gone. */
function registered(account: Account, { targets }: SimulatedTargetGroup): SimulatedTarget[] {
  const now = account.clock.now();
  for (const [key, { deregisteredAt }] of targets)
    if (deregisteredAt !== undefined && now - deregisteredAt >= account.settings.stateChangeDuration)
      targets.delete(key);
  return [...targets.values()];
}

export function describeTargetHealth(
  account: Account,
  { TargetGroupArn, Targets }: DescribeTargetHealthInput,
): DescribeTargetHealthOutput {
  const group = targetGroup(account, TargetGroupArn);
  const known = registered(account, group);
  const shown = (target: SimulatedTarget): TargetHealthDescription => ({
    Target: { Id: target.id, Port: target.port },
    HealthCheckPort: String(target.port),
    TargetHealth: healthOf(account, target),
  });
  if (!Targets?.length) return { TargetHealthDescriptions: known.map(shown) };
  const descriptions = Targets.map((target) => {
    const { id, port } = named(group, target);
    const found = known.find((one) => one.id === id && one.port === port);
    if (found !== undefined) return shown(found);
    const Description = 'Target is not registered to the target group';
    const TargetHealth = { State: 'unused', Reason: 'Target.NotRegistered', Description } as const;
    return { Target: { Id: id, Port: port }, TargetHealth };
  });
  return { TargetHealthDescriptions: descriptions };
}

function healthOf(account: Account, { registeredAt, deregisteredAt }: SimulatedTarget): TargetHealth {
  if (deregisteredAt !== undefined)
    return {
      State: 'draining',
      Reason: 'Target.DeregistrationInProgress',
      Description: 'Target deregistration is in progress',
    };
  return account.clock.now() - registeredAt < account.settings.stateChangeDuration
    ? {
        State: 'initial',
        Reason: 'Elb.RegistrationInProgress',
        Description: 'Target registration is in progress',
      }
    : { State: 'healthy' };
}

/** Without a port it is the group's own. */
function named({ group }: SimulatedTargetGroup, { Id = '', Port }: TargetDescription) {
  return { id: Id, port: Port ?? group.Port ?? 80 };
}
