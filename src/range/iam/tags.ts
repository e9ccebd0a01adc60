import type { Tag } from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { page } from './page.ts';
import { roleOf, userOf } from './state.ts';

const TAG_LIMIT = 50;

export function tagList(tags: ReadonlyMap<string, string>): Tag[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

export function tagMap(tags: readonly Tag[] | undefined): Map<string, string> {
  const map = new Map<string, string>();
  put(map, tags);
  return map;
}

function put(map: Map<string, string>, tags: readonly Tag[] = []): void {
  for (const { Key = '', Value = '' } of tags) map.set(Key, Value);
  if (map.size > TAG_LIMIT)
    throw new AwsError('LimitExceeded', 'The number of tags has reached the maximum limit.', 409);
}

interface Named {
  readonly UserName?: string | undefined;
  readonly RoleName?: string | undefined;
}

const OF = {
  user: (account: Account, { UserName }: Named) => userOf(account, UserName).tags,
  role: (account: Account, { RoleName }: Named) => roleOf(account, RoleName).tags,
};

export function tag(kind: keyof typeof OF) {
  return (account: Account, input: Named & { Tags?: Tag[] | undefined }): object => {
    put(OF[kind](account, input), input.Tags);
    return {};
  };
}

export function untag(kind: keyof typeof OF) {
  return (account: Account, input: Named & { TagKeys?: string[] | undefined }): object => {
    const tags = OF[kind](account, input);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  };
}

export function listTags(kind: keyof typeof OF) {
  return (
    account: Account,
    input: Named & { Marker?: string | undefined; MaxItems?: number | undefined },
  ) => {
    const { items, ...rest } = page(tagList(OF[kind](account, input)), input);
    return { Tags: items, ...rest };
  };
}
