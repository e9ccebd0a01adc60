import { QUARANTINE_GROUP } from '../../src/actions/instance/quarantine.ts';
import { INSTANCE, type Subject } from '../../src/model/subject.ts';
import { createHoneypot } from '../../src/range/honeypot.ts';
import { type Acting, subjectOf } from '../acting.ts';
import type { ActionScenario, ActionScenarios } from './scenario.ts';

async function instance(stage: Acting): Promise<Subject> {
  return subjectOf(INSTANCE, createHoneypot(stage.range.account).instanceId);
}

const running: ActionScenario = { name: 'a running instance', prepare: instance };
const SNAPSHOTS = ['record-instance', 'snapshot-volumes', 'await-snapshots'];

const openedQuarantine: ActionScenario = {
  name: 'a quarantine group that somebody has opened',
  async prepare(stage) {
    const { instanceId, vpcId } = createHoneypot(stage.range.account);
    const { GroupId } = await stage.aws.ec2.createSecurityGroup({
      GroupName: QUARANTINE_GROUP,
      Description: 'Cordon: lets nothing in or out',
      VpcId: vpcId,
    });
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await stage.aws.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
    return subjectOf(INSTANCE, instanceId);
  },
};

export const INSTANCE_SCENARIOS: ActionScenarios = {
  'record-instance': [running],
  'isolate-instance': [running, openedQuarantine],
  'snapshot-volumes': [running],
  'await-snapshots': [{ ...running, first: SNAPSHOTS.slice(0, 2) }],
  'terminate-instance': [{ ...running, first: [...SNAPSHOTS, 'seal-evidence'] }],
  'verify-terminated': [{ ...running, first: [...SNAPSHOTS, 'seal-evidence', 'terminate-instance'] }],
  'seal-evidence': [{ ...running, first: SNAPSHOTS }],
};
