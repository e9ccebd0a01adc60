import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { type RecordedTarget, recordedMemberships } from './record-memberships.ts';

export const deregisterFromTargetGroups = defineAction({
  name: 'deregister-from-target-groups',
  title: 'Take the instance out of its target groups',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-memberships'],
  permissions: ['elasticloadbalancing:DescribeTargetHealth', 'elasticloadbalancing:DeregisterTargets'],
  about: {
    precondition: 'none; an instance that is in no target group is left alone',
    effect:
      'load balancers send it no new requests; those that are under way end within the deregistration delay of the group',
    proof: 'each target is draining, or no longer registered',
    idempotency: 'a target that is draining or not registered is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'register each target again at the port it had, if it is not registered',
    permissions: ['elasticloadbalancing:DescribeTargetHealth', 'elasticloadbalancing:RegisterTargets'],
    run: registerAgain,
  },
  plan: ({ id }) => `take ${id} out of every target group that it is registered in`,
  async run({ aws, output }) {
    const { targets } = recordedMemberships(output('record-memberships'));
    const elb = await aws.use('elasticloadbalancing');
    for (const target of targets) {
      if (!(await isRegistered(aws, target))) continue;
      const TargetGroupArn = target.targetGroup;
      await elb.deregisterTargets({ TargetGroupArn, Targets: [described(target)] });
    }
    const left: string[] = [];
    for (const target of targets) if (await isRegistered(aws, target)) left.push(nameOf(target));
    if (left.length > 0) return { status: 'waiting', progress: `still registered: ${left.join(', ')}` };
    return done(
      toJson(targets),
      targets.length === 0
        ? 'it was in no target group'
        : `${targets.map(nameOf).join(', ')} draining or gone`,
    );
  },
});

function described({ id, port, availabilityZone }: RecordedTarget) {
  return {
    Id: id,
    Port: port,
    ...(availabilityZone === undefined ? {} : { AvailabilityZone: availabilityZone }),
  };
}

/** As a person knows it: the group's name and the port. */
function nameOf({ targetGroup, port }: RecordedTarget): string {
  return `${targetGroup.split('/')[1] ?? targetGroup}:${port}`;
}

/** Whether the load balancer may send the target requests; a group that is gone sends none. */
async function isRegistered(aws: AwsClients, target: RecordedTarget): Promise<boolean> {
  const state = await stateOf(aws, target);
  return state !== undefined && state !== 'gone' && state !== 'draining';
}

async function stateOf(aws: AwsClients, target: RecordedTarget): Promise<string | undefined> {
  const elb = await aws.use('elasticloadbalancing');
  try {
    const answer = await elb.describeTargetHealth({
      TargetGroupArn: target.targetGroup,
      Targets: [described(target)],
    });
    const [found] = answer.TargetHealthDescriptions ?? [];
    // `unused` alone says only that no load balancer uses the group, or the target's zone, now.
    return found?.TargetHealth?.Reason === 'Target.NotRegistered' ? undefined : found?.TargetHealth?.State;
  } catch (error) {
    if (/^TargetGroupNotFound/.test(awsErrorCode(error))) return 'gone';
    throw error;
  }
}

async function registerAgain({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const targets = undone as unknown as readonly RecordedTarget[];
  const elb = await aws.use('elasticloadbalancing');
  const back: string[] = [];
  const gone: string[] = [];
  for (const target of targets) {
    const state = await stateOf(aws, target);
    if (state === 'gone') gone.push(nameOf(target));
    if (state !== undefined && state !== 'draining') continue;
    await elb.registerTargets({ TargetGroupArn: target.targetGroup, Targets: [described(target)] });
    back.push(nameOf(target));
  }
  const lost = gone.length === 0 ? '' : `; no longer there: ${gone.join(', ')}`;
  return done(
    back,
    (back.length === 0 ? 'nothing was to be registered' : `${back.join(', ')} registered again`) + lost,
  );
}
