import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsClients } from '../aws/clients.ts';

/** Who decides. */
export interface Person {
  /** The name that counts: as given, or the ARN that AWS says. */
  readonly by: string;
  /** The user of the operating system, whatever name was given. */
  readonly osUser?: string;
}

/** Whose credentials these are, as STS says: a name that nobody can merely claim. */
export async function callerArn(aws: AwsClients): Promise<string> {
  const { Arn } = await aws.sts.send(new GetCallerIdentityCommand({}));
  if (Arn === undefined) throw new Error('STS does not say whose credentials these are');
  return Arn;
}
