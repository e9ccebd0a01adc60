import type { CreateTagsRequest } from '@aws-sdk/client-ec2';
import { type Account, putTags } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { imagesOf } from './images.ts';

export function createTags(
  account: Account,
  { Resources = [], Tags = [] }: CreateTagsRequest,
): Record<string, never> {
  const all = [
    account.instances,
    account.volumes,
    account.snapshots,
    account.securityGroups,
    account.networkInterfaces,
    account.vpcs,
    account.subnets,
    imagesOf(account),
  ];
  for (const id of Resources) {
    if (!all.some((kind) => kind.has(id))) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  }
  for (const id of Resources) putTags(account, id, Tags);
  return {};
}
