import { createHash } from 'node:crypto';
import type { Grant, Permission, PutBucketAclCommandInput } from '@aws-sdk/client-s3';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { bucketOf, type SimulatedBucket } from './bucket.ts';
import { publicAccessBlockOf, refusedBecausePublic } from './public-access.ts';

const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
const AUTHENTICATED_USERS = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers';
const LOG_DELIVERY = 'http://acs.amazonaws.com/groups/s3/LogDelivery';

/** Source: Amazon S3 User Guide, "Access control list (ACL) overview": canned ACLs. */
const CANNED: Readonly<Record<string, readonly Grant[]>> = {
  private: [],
  'public-read': [toGroup(ALL_USERS, 'READ')],
  'public-read-write': [toGroup(ALL_USERS, 'READ'), toGroup(ALL_USERS, 'WRITE')],
  'authenticated-read': [toGroup(AUTHENTICATED_USERS, 'READ')],
  'log-delivery-write': [toGroup(LOG_DELIVERY, 'WRITE'), toGroup(LOG_DELIVERY, 'READ_ACP')],
};

/** The canonical user id of the account, as grants name it. */
export function canonicalId({ id }: Account): string {
  return createHash('sha256').update(`canonical/${id}`).digest('hex');
}

/** The owner has full control, whatever else is granted. */
export function getBucketAcl(account: Account, { Bucket }: { Bucket?: string | undefined }): object {
  const { grants } = bucketOf(account, Bucket);
  return { Owner: { ID: canonicalId(account) }, Grants: [ownGrant(account), ...grants] };
}

/** Sources: Amazon S3 API Reference, "PutBucketAcl"; User Guide, "Controlling ownership of objects". */
export function putBucketAcl(account: Account, input: PutBucketAclCommandInput): object {
  const bucket = bucketOf(account, input.Bucket);
  const grants = input.AccessControlPolicy?.Grants ?? CANNED[input.ACL ?? 'private'];
  if (grants === undefined) throw new AwsError('InvalidArgument', '');
  const others = grants.filter(({ Grantee }) => Grantee?.ID !== canonicalId(account));
  if (bucket.ownership === 'BucketOwnerEnforced') {
    // What only says what is so already is let through.
    if (others.length > 0) throw new AwsError('AccessControlListNotSupported', NO_LISTS);
    return {};
  }
  if (isPublicAcl(others) && publicAccessBlockOf(account, bucket).BlockPublicAcls)
    throw refusedBecausePublic(account, bucket, 'PutBucketAcl', 'public ACLs', 'BlockPublicAcls');
  bucket.grants = others;
  return {};
}

export function isPublicAcl(grants: readonly Grant[]): boolean {
  return grants.some(({ Grantee }) => Grantee?.URI === ALL_USERS || Grantee?.URI === AUTHENTICATED_USERS);
}

/** Uploads may say what is so anyway, also where lists are off. */
export function refuseObjectAcl({ ownership }: SimulatedBucket, acl: string | undefined): void {
  if (ownership === 'BucketOwnerEnforced' && acl !== undefined && acl !== 'bucket-owner-full-control')
    throw new AwsError('AccessControlListNotSupported', NO_LISTS);
}

const NO_LISTS = 'The bucket does not allow ACLs';

function ownGrant(account: Account): Grant {
  return { Grantee: { Type: 'CanonicalUser', ID: canonicalId(account) }, Permission: 'FULL_CONTROL' };
}

function toGroup(URI: string, Permission: Permission): Grant {
  return { Grantee: { Type: 'Group', URI }, Permission };
}
