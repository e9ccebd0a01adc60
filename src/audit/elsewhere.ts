import type { Subject } from '../model/subject.ts';

/** Services without regions; CloudTrail has their calls in one. Source: AWS CloudTrail User Guide, "Global service events". */
const GLOBAL = /^AWS::(IAM|CloudFront|Organizations|Route53)::/;

export function isGlobal(type: string): boolean {
  return GLOBAL.test(type);
}

/** The account and the region that clients reach. */
export interface Here {
  readonly account: string;
  readonly region: string;
}

/** Why a resource cannot be reached: another one here may have its name. Nothing when it can be. */
export function elsewhere({ type, id, account, region }: Subject, here: Here): string | undefined {
  if (account !== here.account) return `${id} is in the account ${account}, and Cordon in ${here.account}`;
  if (isGlobal(type) || region === here.region) return undefined;
  return `${id} is in ${region}, and Cordon in ${here.region}`;
}
