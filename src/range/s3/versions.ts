import type { ListObjectVersionsCommandInput } from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { canonicalId } from './access-control-lists.ts';
import { bucketOf } from './bucket.ts';

const PAGE = 1_000;

/** Every version of every key, keys in order and the newest version first. Source: Amazon S3 API Reference, "ListObjectVersions". */
export function listObjectVersions(account: Account, input: ListObjectVersionsCommandInput): object {
  const bucket = bucketOf(account, input.Bucket);
  const { Prefix = '', KeyMarker = '', VersionIdMarker, MaxKeys = PAGE } = input;
  const all = [...bucket.objects]
    .filter(([key]) => key.startsWith(Prefix))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, versions]) =>
      versions.map((version, index) => ({ ...version, latest: index === versions.length - 1 })).reverse(),
    );
  const marked = all.findIndex(({ key, versionId }) => key === KeyMarker && versionId === VersionIdMarker);
  const rest = marked === -1 ? all.filter(({ key }) => key > KeyMarker) : all.slice(marked + 1);
  const page = rest.slice(0, Math.min(MaxKeys, PAGE));
  const truncated = page.length < rest.length;
  const last = page.at(-1);
  const Owner = { ID: canonicalId(account) };
  const common = ({ key, versionId, lastModified, latest }: (typeof page)[number]) => ({
    Key: key,
    VersionId: versionId,
    IsLatest: latest,
    LastModified: new Date(lastModified),
    Owner,
  });
  return {
    Name: bucket.name,
    Prefix,
    KeyMarker,
    MaxKeys,
    IsTruncated: truncated,
    ...(truncated ? { NextKeyMarker: last?.key, NextVersionIdMarker: last?.versionId } : {}),
    Versions: page
      .filter(({ deleteMarker }) => !deleteMarker)
      .map((version) => ({
        ...common(version),
        ETag: version.etag,
        Size: version.body.length,
        StorageClass: version.storageClass,
      })),
    DeleteMarkers: page.filter(({ deleteMarker }) => deleteMarker).map(common),
  };
}
