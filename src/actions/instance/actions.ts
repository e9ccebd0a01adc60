import { allowTermination } from './allow-termination.ts';
import { awaitLive } from './await-live.ts';
import { awaitSnapshots } from './await-snapshots.ts';
import { blockAddress } from './block-address.ts';
import { captureConsole } from './capture-console.ts';
import { collectLive } from './collect-live.ts';
import { copySnapshots } from './copy-snapshots.ts';
import { deregisterFromTargetGroups } from './deregister-from-target-groups.ts';
import { detachFromAutoscaling } from './detach-from-autoscaling.ts';
import { detachInstanceProfile } from './detach-instance-profile.ts';
import { hibernateInstance } from './hibernate-instance.ts';
import { isolateInstance } from './isolate-instance.ts';
import { keepVolumes } from './keep-volumes.ts';
import { protectFromTermination } from './protect-from-termination.ts';
import { recordInstance } from './record-instance.ts';
import { recordMemberships } from './record-memberships.ts';
import { shareSnapshots } from './share-snapshots.ts';
import { snapshotVolumes } from './snapshot-volumes.ts';
import { stopInstance } from './stop-instance.ts';
import { tagInstance } from './tag-instance.ts';
import { terminateInstance } from './terminate-instance.ts';
import { verifyTerminated } from './verify-terminated.ts';

export const INSTANCE_ACTIONS = [
  recordInstance,
  recordMemberships,
  captureConsole,
  collectLive,
  awaitLive,
  tagInstance,
  protectFromTermination,
  allowTermination,
  isolateInstance,
  blockAddress,
  detachFromAutoscaling,
  deregisterFromTargetGroups,
  detachInstanceProfile,
  keepVolumes,
  snapshotVolumes,
  awaitSnapshots,
  copySnapshots,
  shareSnapshots,
  stopInstance,
  hibernateInstance,
  terminateInstance,
  verifyTerminated,
];
