import type { AwsClients } from '../../aws/clients.ts';
import { fourOf, ifThere, NO_PUBLIC_ACCESS_BLOCK, type PublicAccessBlock } from './bucket.ts';

/** The public access block of a whole account; nothing where there is none. */
export async function accountBlockOf(
  aws: AwsClients,
  AccountId: string,
): Promise<PublicAccessBlock | undefined> {
  const control = await aws.use('s3control');
  const answer = await ifThere(control.getPublicAccessBlock({ AccountId }), NO_PUBLIC_ACCESS_BLOCK);
  return fourOf(answer?.PublicAccessBlockConfiguration);
}
