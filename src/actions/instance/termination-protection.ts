import type { AwsClients } from '../../aws/clients.ts';
import { type ActionContext, type ActionOutcome, done, type UndoContext } from '../action.ts';
import { recordedInstance } from './record-instance.ts';

export const PROTECTION_PERMISSIONS = ['ec2:DescribeInstanceAttribute', 'ec2:ModifyInstanceAttribute'];

/** Turns termination protection on or off. */
export async function setProtection({ aws, subject }: ActionContext, on: boolean): Promise<ActionOutcome> {
  if ((await isProtected(aws, subject.id)) !== on) {
    await aws.ec2.modifyInstanceAttribute({ InstanceId: subject.id, DisableApiTermination: { Value: on } });
    if ((await isProtected(aws, subject.id)) !== on)
      return { status: 'waiting', progress: `termination protection is not ${word(on)} yet` };
  }
  return done({ protected: on }, `termination protection of ${subject.id} is ${word(on)}`);
}

/** Back to what was recorded, if it still is as the action left it. */
export async function putProtectionBack({
  aws,
  subject,
  undone,
  output,
}: UndoContext): Promise<ActionOutcome> {
  const { protected: left } = undone as { readonly protected: boolean };
  const { terminationProtected: before } = recordedInstance(output('record-instance'));
  const now = await isProtected(aws, subject.id);
  if (now === left && now !== before) {
    await aws.ec2.modifyInstanceAttribute({
      InstanceId: subject.id,
      DisableApiTermination: { Value: before },
    });
    return done({ protected: before }, `termination protection of ${subject.id} is ${word(before)} again`);
  }
  return done({ protected: now }, `termination protection of ${subject.id} is ${word(now)}, and was left so`);
}

async function isProtected({ ec2 }: AwsClients, InstanceId: string): Promise<boolean> {
  const answer = await ec2.describeInstanceAttribute({ InstanceId, Attribute: 'disableApiTermination' });
  return answer.DisableApiTermination?.Value ?? false;
}

function word(on: boolean): string {
  return on ? 'on' : 'off';
}
