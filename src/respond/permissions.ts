import type { Action } from '../actions/action.ts';
import type { Grant } from '../actions/policy.ts';
import type { Playbook } from './playbook.ts';

/** What a watch asks of AWS before any action runs; what its sources read is in docs/sources.md. */
export const ENGINE_GRANTS: readonly Grant[] = [
  { sid: 'KnowNetworkInterfaces', actions: ['ec2:DescribeNetworkInterfaces', 'ec2:DescribeSecurityGroups'] },
  { sid: 'AskGuardrails', actions: ['ec2:DescribeInstances'] },
];

/** The actions of playbooks, each once, in the order in which they come. */
export function actionsOf(playbooks: Iterable<Playbook>): Set<Action> {
  return new Set([...playbooks].flatMap(({ steps }) => steps.map(({ action }) => action)));
}
