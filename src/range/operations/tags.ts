import type {
  CreateTagsRequest,
  DeleteTagsRequest,
  DescribeTagsRequest,
  DescribeTagsResult,
} from '@aws-sdk/client-ec2';
import { type Account, putTags } from '../account.ts';
import { AwsError, badParameter } from '../aws-error.ts';
import { flowLogsOf } from './flow-logs.ts';
import { imagesOf } from './images.ts';
import { filtered, page } from './query.ts';

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

export function describeTags(account: Account, request: DescribeTagsRequest): DescribeTagsResult {
  const all = [...account.tags].flatMap(([ResourceId, tags]) =>
    [...tags].map(([Key, Value]) => ({ ResourceId, Key, Value })),
  );
  const fields = {
    'resource-id': ({ ResourceId }: (typeof all)[number]) => [ResourceId],
    key: ({ Key }: (typeof all)[number]) => [Key],
    value: ({ Value }: (typeof all)[number]) => [Value],
  };
  const { items, NextToken } = page(
    filtered(all, request.Filters, fields, () => []),
    request,
  );
  return { Tags: items, ...(NextToken === undefined ? {} : { NextToken }) };
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
    flowLogsOf(account),
  ];
  for (const id of ids) {
    if (!all.some((kind) => kind.has(id))) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  }
}
