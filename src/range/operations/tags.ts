import type { CreateTagsRequest, DeleteTagsRequest } from '@aws-sdk/client-ec2';
import { type Account, putTags } from '../account.ts';
import { AwsError } from '../aws-error.ts';

export function createTags(
  account: Account,
  { Resources = [], Tags = [] }: CreateTagsRequest,
): Record<string, never> {
  mustExist(account, Resources);
  for (const id of Resources) putTags(account, id, Tags);
  return {};
}

/** A tag that is named with a value goes only when it has that value; without tags all of them go. */
export function deleteTags(
  account: Account,
  { Resources = [], Tags }: DeleteTagsRequest,
): Record<string, never> {
  mustExist(account, Resources);
  for (const id of Resources) {
    const stored = account.tags.get(id);
    if (Tags === undefined) account.tags.delete(id);
    for (const { Key = '', Value } of Tags ?? [])
      if (Value === undefined || stored?.get(Key) === Value) stored?.delete(Key);
  }
  return {};
}

function mustExist(account: Account, ids: readonly string[]): void {
  const all = [
    account.instances,
    account.volumes,
    account.snapshots,
    account.securityGroups,
    account.networkInterfaces,
    account.vpcs,
    account.subnets,
  ];
  for (const id of ids) {
    if (!all.some((kind) => kind.has(id))) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  }
}
