import { type Json, toJson } from '../../model/json.ts';
import type { Subject } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { type GroupRule, rulesOfGroup } from './security-group.ts';

export const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';

/** The rules as they were found: what the undo of a revocation brings back. */
export interface RecordedSecurityGroup {
  readonly groupId: string;
  readonly rules: readonly GroupRule[];
}

export const recordSecurityGroup = defineAction({
  name: 'record-security-group',
  title: 'Record the security group',
  group: 'network',
  subjects: [SECURITY_GROUP],
  effect: 'read',
  needs: [],
  permissions: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
  about: {
    precondition: 'EC2 still knows the security group',
    effect: 'writes what EC2 says of the group and of each of its rules into the case',
    proof: 'the files are in the case folder',
    idempotency: 'it only reads, and writes the same files again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record ${id} and its rules`,
  async run({ aws, subject, caseFile }) {
    const answer = await aws.ec2.describeSecurityGroups({ GroupIds: [subject.id] });
    const rules = await rulesOfGroup(aws, subject.id);
    caseFile.writeJson('security-group.json', toJson(answer.SecurityGroups?.[0]));
    caseFile.writeJson('security-group-rules.json', toJson(rules));
    const recorded: RecordedSecurityGroup = { groupId: subject.id, rules };
    return done(toJson(recorded), `${subject.id}: ${rules.length} rules`);
  },
});

/** The rules of one direction as {@link recordSecurityGroup} found them; nothing when it was another group. */
export function recordedRules(
  output: Json | undefined,
  { id }: Subject,
  egress: boolean,
): readonly GroupRule[] | undefined {
  const recorded = output as unknown as RecordedSecurityGroup | undefined;
  return recorded?.groupId === id ? recorded.rules.filter((rule) => rule.egress === egress) : undefined;
}
