import { awsClients } from '../src/aws/clients.ts';
import { startRange } from '../src/range/range.ts';

let warm: Promise<void> | undefined;

/**
 * Has the SDK load what it loads when it is first used: parts of itself and the files of its configuration.
 * Only that takes real time, which no world may see.
 */
export function warmUp(): Promise<void> {
  warm ??= callEverything();
  return warm;
}

async function callEverything(): Promise<void> {
  const range = await startRange();
  const aws = awsClients({ region: range.account.region, endpoint: range.endpoint });
  try {
    await aws.ec2.describeVolumes({});
    await aws.ec2Once.describeVolumes({});
    await (await aws.use('autoscaling')).describeAutoScalingInstances({});
    await (await aws.use('elasticloadbalancing')).describeTargetGroups({});
  } finally {
    aws.close();
    await range.close();
  }
}
