import { type Action, done } from './action.ts';
import { describeInstance, isGone } from './instance.ts';

export const verifyTerminated: Action = {
  name: 'verify-terminated',
  title: 'Verify the termination',
  effect: 'read',
  permissions: ['ec2:DescribeInstances'],
  undo: 'nothing to undo: it only reads',
  plan: ({ id }) => `ask EC2 until ${id} is terminated`,
  async run({ aws, subject }) {
    const instance = await describeInstance(aws, subject.id);
    const state = instance?.State?.Name ?? 'gone';
    if (!isGone(instance)) return { status: 'waiting', progress: `${subject.id} is ${state}` };
    return done({ state }, `${subject.id} is ${state}`);
  },
};
