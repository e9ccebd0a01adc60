import type { IamInstanceProfileAssociation } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { recordedInstance } from './record-instance.ts';

export const detachInstanceProfile = defineAction({
  name: 'detach-instance-profile',
  title: 'Detach the instance profile',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: ['record-instance'],
  permissions: ['ec2:DescribeIamInstanceProfileAssociations', 'ec2:DisassociateIamInstanceProfile'],
  about: {
    precondition: 'none',
    effect:
      'the instance gets no new credentials; those that its role has given out live until they expire, unless the sessions of the role are revoked',
    proof: 'EC2 shows no association',
    idempotency: 'an instance without an association is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'associate the recorded profile again, if the instance has none',
    permissions: [
      'ec2:DescribeIamInstanceProfileAssociations',
      'ec2:AssociateIamInstanceProfile',
      // Of the profile's role.
      'iam:PassRole',
    ],
    run: attachAgain,
  },
  plan: ({ id }) => `take the instance profile from ${id}; credentials that are out live until they expire`,
  async run({ aws, subject, output }) {
    const recorded = recordedInstance(output('record-instance')).instanceProfile;
    const before = await associations(aws, subject.id);
    for (const { AssociationId } of before.filter(({ State }) => State !== 'disassociating')) {
      await aws.ec2.disassociateIamInstanceProfile({ AssociationId }).catch((error: unknown) => {
        if (awsErrorCode(error) !== 'InvalidAssociationID.NotFound') throw error;
      });
    }
    const left = before.length === 0 ? [] : await associations(aws, subject.id);
    if (left.length > 0)
      return { status: 'waiting', progress: `${left.length} association is still ${left[0]?.State}` };
    const profile = recorded ?? before[0]?.IamInstanceProfile?.Arn ?? null;
    return done(
      { profile },
      profile === null ? 'the instance has no profile' : `${subject.id} no longer has ${profile}`,
    );
  },
});

async function associations(
  { ec2 }: AwsClients,
  instanceId: string,
): Promise<IamInstanceProfileAssociation[]> {
  const Filters = [{ Name: 'instance-id', Values: [instanceId] }];
  const answer = await ec2.describeIamInstanceProfileAssociations({ Filters });
  return (answer.IamInstanceProfileAssociations ?? []).filter(({ State }) => State !== 'disassociated');
}

async function attachAgain({ aws, subject, undone }: UndoContext): Promise<ActionOutcome> {
  const { profile } = undone as { readonly profile: string | null };
  if (profile === null) return done({ profile }, 'there was no profile to attach');
  const [now] = await associations(aws, subject.id);
  if (now !== undefined) {
    const arn = now.IamInstanceProfile?.Arn ?? null;
    return done({ profile: arn }, `${subject.id} has ${arn}, and was left so`);
  }
  await aws.ec2.associateIamInstanceProfile({
    InstanceId: subject.id,
    IamInstanceProfile: { Arn: profile },
  });
  return done({ profile }, `${subject.id} has ${profile} again`);
}
