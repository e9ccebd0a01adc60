import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { describeInstance, isGone } from './instance.ts';

export const verifyTerminated = defineAction({
  name: 'verify-terminated',
  title: 'Verify the termination',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'read',
  needs: [],
  permissions: ['ec2:DescribeInstances'],
  about: {
    precondition: 'none',
    effect: 'waits until EC2 says that the instance is terminated; writes what it says then into the case',
    proof: 'EC2 says terminated, or no longer knows it',
    idempotency: 'it only reads',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `ask EC2 until ${id} is terminated`,
  async run({ aws, subject, caseFile }) {
    const instance = await describeInstance(aws, subject.id);
    const state = instance?.State?.Name ?? 'gone';
    if (!isGone(instance)) return { status: 'waiting', progress: `${subject.id} is ${state}` };
    caseFile.writeJson('instance-after.json', toJson(instance));
    return done({ state }, `${subject.id} is ${state}`);
  },
});
