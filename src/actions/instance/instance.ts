import type { Instance, Volume } from '@aws-sdk/client-ec2';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';

/** The tag that ties what Cordon made to the case it was made for. */
export const CASE_TAG = 'cordon:case';

/** The instance as EC2 shows it now; nothing when EC2 no longer knows it. */
export async function describeInstance(aws: AwsClients, instanceId: string): Promise<Instance | undefined> {
  try {
    const answer = await aws.ec2.describeInstances({ InstanceIds: [instanceId] });
    return answer.Reservations?.[0]?.Instances?.[0];
  } catch (error) {
    if (awsErrorCode(error) === 'InvalidInstanceID.NotFound') return undefined;
    throw error;
  }
}

/** The volumes that are attached to the instance now. */
export async function attachedVolumes(aws: AwsClients, instanceId: string): Promise<Volume[]> {
  const volumes: Volume[] = [];
  const filters = [{ Name: 'attachment.instance-id', Values: [instanceId] }];
  for await (const page of aws.ec2.paginateDescribeVolumes({ Filters: filters })) {
    volumes.push(...(page.Volumes ?? []));
  }
  return volumes;
}

export function isGone(instance: Instance | undefined): boolean {
  return instance === undefined || instance.State?.Name === 'terminated';
}
