import { describe, expect, it } from 'vitest';
import type { Action, ActionOutcome } from '../src/actions/action.ts';
import { policyOf } from '../src/actions/policy.ts';
import { ACTIONS } from '../src/actions/registry.ts';
import { type AwsClients, awsClients } from '../src/aws/clients.ts';
import { iamActionsOf } from '../src/range/iam-action.ts';
import { ENGINE_GRANTS } from '../src/respond/permissions.ts';
import { ACCOUNT, type Acting, acting } from './acting.ts';
import type { ActionScenario } from './action-scenarios/scenario.ts';
import { SCENARIOS, WITHOUT_SCENARIO } from './action-scenarios/scenarios.ts';
import { type Stage, stage } from './scene.ts';
import { beacons } from './sources.ts';

/** Clients of a user who may do this and nothing else, by the policy that `cordon actions iam` writes. */
async function responder({ aws, range }: Acting, permissions: readonly string[]): Promise<AwsClients> {
  const iam = await aws.use('iam');
  const UserName = `responder-${range.calls.length}`;
  await iam.createUser({ UserName });
  if (permissions.length > 0) {
    const PolicyDocument = JSON.stringify(policyOf([{ sid: 'Only', actions: permissions }]));
    await iam.createPolicy({ PolicyName: UserName, PolicyDocument });
    await iam.attachUserPolicy({ UserName, PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${UserName}` });
  }
  const { AccessKeyId = '', SecretAccessKey = '' } =
    (await iam.createAccessKey({ UserName })).AccessKey ?? {};
  const simulatedCredentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
  return awsClients({ region: aws.region, endpoint: range.endpoint, simulatedCredentials });
}

/** The actions that come before it, each after those that it needs itself. */
function before(action: Action, { first }: ActionScenario): Action[] {
  const order = new Set<Action>();
  const add = (name: string): void => {
    const one = ACTIONS.get(name);
    if (one === undefined) throw new Error(`there is no action ${name}`);
    for (const need of one.needs) add(need);
    order.add(one);
  };
  if (first === undefined) for (const need of action.needs) add(need);
  return first === undefined ? [...order] : first.map((name) => ACTIONS.get(name) as Action);
}

/** Does what comes before as the owner, then the action (and its undo) as one who has these permissions. */
async function play(
  action: Action,
  scenario: ActionScenario,
  { permissions, undo }: { permissions?: readonly string[]; undo?: readonly string[] },
): Promise<ActionOutcome> {
  await using world = await acting({ snapshotDuration: 20_000, stateChangeDuration: 20_000 });
  const { subject, with: input, before: given = {}, ...more } = await scenario.prepare(world);
  for (const one of before(action, scenario)) await world.done(one, { subject, with: given[one.name] });
  const own = permissions === undefined ? world.aws : await responder(world, permissions);
  const outcome = await world.act(action, { ...more, subject, with: input, aws: own });
  own.close();
  if (undo === undefined || outcome.status !== 'done') return outcome;
  const undoing = await responder(world, undo);
  const undone = await world.undo(action, { subject, with: input, aws: undoing });
  undoing.close();
  return undone;
}

/** Whether one of the scenarios ends with, or tells, AWS's answer that this very permission is missing. */
async function isNeeded(
  permission: string,
  scenarios: readonly ActionScenario[],
  playIt: (scenario: ActionScenario) => Promise<ActionOutcome>,
): Promise<boolean> {
  const told = `is not authorized to perform: ${permission} `;
  for (const scenario of scenarios) {
    const isDenied = await playIt(scenario).then(
      // What is only worth having is left out, and says why.
      (outcome) => JSON.stringify(outcome).includes(told),
      (error: unknown) => `${(error as Error).message} `.includes(told) || isWordlessDenial(error),
    );
    if (isDenied) return true;
  }
  return false;
}

/** A HEAD request has no body that could say which permission is missing. */
function isWordlessDenial(error: unknown): boolean {
  const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode === 403 && !/Denied|Unauthorized/.test(name);
}

const known = [...ACTIONS.values()].filter(({ name }) => SCENARIOS[name] !== undefined);
const without = (all: readonly string[], one: string) => all.filter((permission) => permission !== one);

describe('what an action says that it needs', () => {
  it('is tried with every action', () => {
    const missing = [...ACTIONS.keys()].filter((name) => SCENARIOS[name] === undefined);
    expect(missing).toEqual(WITHOUT_SCENARIO);
    expect(Object.keys(SCENARIOS).filter((name) => !ACTIONS.has(name))).toEqual([]);
  });

  describe.each(known)('$name', (action) => {
    const scenarios = SCENARIOS[action.name] ?? [];
    const { permissions } = action;

    it.each(scenarios)('is enough: $name', async (scenario) => {
      expect(await play(action, scenario, { permissions })).toMatchObject({ status: 'done' });
    });

    it.each(permissions)('without %s it fails', async (permission) => {
      const less = { permissions: without(permissions, permission) };
      expect(await isNeeded(permission, scenarios, (one) => play(action, one, less))).toBe(true);
    });

    it('is named once', () => {
      expect(new Set(permissions).size).toBe(permissions.length);
    });
  });
});

describe('what an undo says that it needs', () => {
  const undone = known.flatMap((action) =>
    action.undo.kind === 'by' ? [{ action, undo: action.undo }] : [],
  );

  describe.each(undone)('$action.name', ({ action, undo: { permissions } }) => {
    const scenarios = SCENARIOS[action.name] ?? [];

    it.each(scenarios)('is enough: $name', async (scenario) => {
      expect(await play(action, scenario, { undo: permissions })).toMatchObject({ status: 'done' });
    });

    it.each(permissions)('without %s it fails', async (permission) => {
      const less = { undo: without(permissions, permission) };
      expect(await isNeeded(permission, scenarios, (one) => play(action, one, less))).toBe(true);
    });
  });
});

describe('what the watch itself asks of AWS', () => {
  it('is in the policy, and nothing else is', async () => {
    await using world = await stage({ mode: 'observe' });
    await inGroups(world);
    const before = world.range.calls.length;
    world.log('a.log', [beacons(world, 1)]);
    await world.watchOnce();
    const called = world.range.calls
      .slice(before)
      .flatMap(({ service, operation, input }) =>
        iamActionsOf(service, operation, (input ?? {}) as Record<string, unknown>, world.range.account),
      );
    const granted = ENGINE_GRANTS.flatMap(({ actions }) => actions);
    expect([...new Set(called)].sort()).toEqual([...granted].sort());
  });
});

/** Puts the honeypot into an Auto Scaling group with a target group: then every question is asked of them. */
async function inGroups({ config, honeypot: { instanceId, vpcId } }: Stage): Promise<void> {
  const aws = awsClients(config.aws);
  const elb = await aws.use('elasticloadbalancing');
  const { TargetGroups } = await elb.createTargetGroup({
    Name: 'web',
    Port: 80,
    Protocol: 'HTTP',
    VpcId: vpcId,
  });
  const autoscaling = await aws.use('autoscaling');
  await autoscaling.createAutoScalingGroup({
    AutoScalingGroupName: 'web',
    InstanceId: instanceId,
    MinSize: 0,
    MaxSize: 1,
    TargetGroupARNs: TargetGroups?.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []),
  });
  await autoscaling.attachInstances({ AutoScalingGroupName: 'web', InstanceIds: [instanceId] });
  aws.close();
}
