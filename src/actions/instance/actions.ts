import { awaitSnapshots } from './await-snapshots.ts';
import { isolateInstance } from './isolate-instance.ts';
import { recordInstance } from './record-instance.ts';
import { snapshotVolumes } from './snapshot-volumes.ts';
import { terminateInstance } from './terminate-instance.ts';
import { verifyTerminated } from './verify-terminated.ts';

export const INSTANCE_ACTIONS = [
  recordInstance,
  isolateInstance,
  snapshotVolumes,
  awaitSnapshots,
  terminateInstance,
  verifyTerminated,
];
