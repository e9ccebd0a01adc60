import type { Action } from './action.ts';
import { awaitSnapshots } from './await-snapshots.ts';
import { isolateInstance } from './isolate-instance.ts';
import { recordInstance } from './record-instance.ts';
import { sealEvidence } from './seal-evidence.ts';
import { snapshotVolumes } from './snapshot-volumes.ts';
import { terminateInstance } from './terminate-instance.ts';
import { verifyTerminated } from './verify-terminated.ts';

/** Every action, by the name that playbooks use. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  [
    recordInstance,
    isolateInstance,
    snapshotVolumes,
    awaitSnapshots,
    sealEvidence,
    terminateInstance,
    verifyTerminated,
  ].map((action) => [action.name, action]),
);
