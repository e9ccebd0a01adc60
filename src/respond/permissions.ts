import type { Action } from '../actions/action.ts';
import type { Grant } from '../actions/policy.ts';
import { allSteps, type Playbook } from './playbook/playbook.ts';

/** What a watch asks of AWS before any action runs; what its sources read is in docs/sources.md. */
export const ENGINE_GRANTS: readonly Grant[] = [
  { sid: 'KnowNetworkInterfaces', actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups'] },
  {
    sid: 'AskGuardrails',
    actions: [
      'ec2:DescribeInstances',
      'autoscaling:DescribeAutoScalingInstances',
      'autoscaling:DescribeAutoScalingGroups',
      'elasticloadbalancing:DescribeTargetGroups',
      'elasticloadbalancing:DescribeTargetHealth',
    ],
  },
];

/** The actions of playbooks, each once, in the order in which they come. */
export function actionsOf(playbooks: Iterable<Playbook>): Set<Action> {
  const steps = [...playbooks].flatMap((playbook) => [...allSteps(playbook.steps)]);
  return new Set(steps.flatMap((step) => (step.kind === 'action' ? [step.action] : [])));
}
