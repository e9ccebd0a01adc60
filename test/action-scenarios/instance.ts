import { QUARANTINE_GROUP } from '../../src/actions/instance/quarantine.ts';
import { manage } from '../../src/range/ssm/managed.ts';
import type { Acting } from '../acting.ts';
import type { ActionScenario, ActionScenarios, Prepared } from './scenario.ts';

const SNAPSHOTS = ['record-instance', 'snapshot-volumes', 'await-snapshots'];
const FORENSICS = '999988887777';
const FORENSICS_KEY = `arn:aws:kms:us-east-1:${FORENSICS}:key/0987dcba-09fe-87dc-65ba-ab0987654321`;

const running: ActionScenario = { name: 'a running instance', prepare: async ({ subject }) => ({ subject }) };

const given = (input: unknown): ActionScenario => ({
  name: running.name,
  prepare: async ({ subject }) => ({ subject, with: input }),
});

const openedQuarantine: ActionScenario = {
  name: 'a quarantine group that somebody has opened',
  async prepare({ aws, honeypot, subject }) {
    const { GroupId } = await aws.ec2.createSecurityGroup({
      GroupName: QUARANTINE_GROUP,
      Description: 'Cordon: lets nothing in or out',
      VpcId: honeypot.vpcId,
    });
    const IpPermissions = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await aws.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
    return { subject };
  },
};

const member: ActionScenario = {
  name: 'an instance in an Auto Scaling group and a target group',
  async prepare({ aws, honeypot, clock, subject }) {
    const elb = await aws.use('elasticloadbalancing');
    const Id = honeypot.instanceId;
    const { TargetGroups } = await elb.createTargetGroup({ Name: 'shop', Port: 80, VpcId: honeypot.vpcId });
    await elb.registerTargets({ TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn, Targets: [{ Id }] });
    const autoscaling = await aws.use('autoscaling');
    const AutoScalingGroupName = 'shop';
    await autoscaling.createAutoScalingGroup({
      AutoScalingGroupName,
      InstanceId: Id,
      MinSize: 0,
      MaxSize: 2,
    });
    await autoscaling.attachInstances({ AutoScalingGroupName, InstanceIds: [Id] });
    clock.advance(30_000);
    return { subject };
  },
};

function protectedBefore(on: boolean): ActionScenario {
  return {
    name: on ? 'a protected instance' : 'an instance without protection',
    async prepare({ account, honeypot, subject }) {
      Object.assign(account.instances.get(honeypot.instanceId) ?? {}, { terminationProtected: on });
      return { subject };
    },
  };
}

const hibernating: ActionScenario = {
  name: 'an instance that can hibernate',
  async prepare({ account, honeypot, subject }) {
    const { instance } = account.instances.get(honeypot.instanceId) ?? {};
    Object.assign(instance ?? {}, { HibernationOptions: { Configured: true } });
    return { subject };
  },
};

const tagged: ActionScenario = {
  name: 'an instance that has one of the tags',
  async prepare({ aws, honeypot, subject }) {
    const Tags = [{ Key: 'quarantine', Value: 'no' }];
    await aws.ec2.createTags({ Resources: [honeypot.instanceId], Tags });
    return { subject, with: { tags: { quarantine: 'true', case: '1' } } };
  },
};

const COMMANDS = { commands: ['ss -tnp'] };
const managed = async ({ account, honeypot, subject }: Acting): Promise<Prepared> => {
  manage(account, honeypot.instanceId);
  return { subject, with: COMMANDS };
};

/** With a bucket in which the case is copied and locked. */
const vaulted: ActionScenario = {
  name: 'copied to a bucket with Object Lock',
  first: [],
  async prepare({ aws, subject }) {
    const s3 = await aws.use('s3');
    await s3.createBucket({ Bucket: 'evidence', ObjectLockEnabledForBucket: true });
    const vault = { bucket: 'evidence', prefix: '', mode: 'GOVERNANCE', days: 30 } as const;
    return { subject, evidence: { vault } };
  },
};

export const INSTANCE_SCENARIOS: ActionScenarios = {
  'record-instance': [running],
  'record-memberships': [member],
  'capture-console': [running],
  'collect-live': [{ name: 'a managed instance', prepare: managed }],
  'await-live': [
    {
      name: 'a managed instance',
      async prepare(world) {
        const { subject } = await managed(world);
        return { subject, before: { 'collect-live': COMMANDS } };
      },
    },
  ],
  'tag-instance': [tagged],
  'protect-from-termination': [protectedBefore(false)],
  'allow-termination': [protectedBefore(true)],
  'isolate-instance': [running, openedQuarantine],
  'block-address': [
    given({ address: '198.51.100.7' }),
    {
      name: 'an instance that called an address',
      prepare: async ({ subject }) => ({
        subject,
        with: { fields: ['dst_ip'] },
        found: { dst_ip: '198.51.100.7' },
      }),
    },
  ],
  'detach-from-autoscaling': [member],
  'deregister-from-target-groups': [member],
  'detach-instance-profile': [running],
  'keep-volumes': [running],
  'snapshot-volumes': [running],
  'await-snapshots': [running],
  'copy-snapshots': [{ ...given({ key: FORENSICS_KEY }), first: SNAPSHOTS }],
  'share-snapshots': [{ ...given({ account: FORENSICS }), first: SNAPSHOTS }],
  'stop-instance': [running],
  'hibernate-instance': [hibernating],
  'terminate-instance': [{ ...running, first: [...SNAPSHOTS, 'seal-evidence'] }],
  'verify-terminated': [{ ...running, first: [...SNAPSHOTS, 'seal-evidence', 'terminate-instance'] }],
  'seal-evidence': [{ ...running, first: SNAPSHOTS }, vaulted],
};
