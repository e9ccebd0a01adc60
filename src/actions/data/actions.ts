import { blockPublicAccount } from './block-public-account.ts';
import { blockPublicBucket } from './block-public-bucket.ts';
import { cancelKeyDeletion } from './cancel-key-deletion.ts';
import { makeDatabasePrivate } from './make-database-private.ts';
import { recordBucket } from './record-bucket.ts';
import { recordDatabase } from './record-database.ts';
import { recordDatabaseSnapshotSharing } from './record-database-snapshot-sharing.ts';
import { recordImageSharing } from './record-image-sharing.ts';
import { recordPublicAccess } from './record-public-access.ts';
import { recordSnapshotSharing } from './record-snapshot-sharing.ts';
import { restoreBucketPolicy } from './restore-bucket-policy.ts';
import { rotateSecret } from './rotate-secret.ts';
import { unshareDatabaseSnapshot } from './unshare-database-snapshot.ts';
import { unshareImage } from './unshare-image.ts';
import { unshareSnapshot } from './unshare-snapshot.ts';

export const DATA_ACTIONS = [
  recordBucket,
  blockPublicBucket,
  restoreBucketPolicy,
  recordPublicAccess,
  blockPublicAccount,
  recordSnapshotSharing,
  unshareSnapshot,
  recordImageSharing,
  unshareImage,
  recordDatabaseSnapshotSharing,
  unshareDatabaseSnapshot,
  recordDatabase,
  makeDatabasePrivate,
  cancelKeyDeletion,
  rotateSecret,
];
