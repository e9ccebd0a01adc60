import type { CreateTagsRequest, DeleteTagsRequest } from '@aws-sdk/client-ec2';
import { type Account, putTags } from '../account.ts';
import { AwsError, badParameter } from '../aws-error.ts';
import { imagesOf } from './images.ts';

export function createTags(
  account: Account,
  { Resources = [], Tags = [] }: CreateTagsRequest,
): Record<string, never> {
  for (const { Key = '' } of Tags) {
    if (Key.startsWith('aws:'))
      throw badParameter(`Tag keys starting with 'aws:' are reserved for internal use`);
  }
  mustExist(account, Resources);
  for (const id of Resources) putTags(account, id, Tags);
  return {};
}

/** A tag that is named with a value goes only if it has that value; without tags all go but AWS's own. */
export function deleteTags(
  account: Account,
  { Resources = [], Tags }: DeleteTagsRequest,
): Record<string, never> {
  mustExist(account, Resources);
  for (const id of Resources) {
    const own = account.tags.get(id);
    if (own === undefined) continue;
    const keys = [...own.keys()].filter((key) => !key.startsWith('aws:'));
    for (const { Key = '', Value } of Tags ?? keys.map((Key) => ({ Key, Value: undefined }))) {
      if (Value === undefined || own.get(Key) === Value) own.delete(Key);
    }
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
    imagesOf(account),
  ];
  for (const id of ids) {
    if (!all.some((kind) => kind.has(id))) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  }
}
