import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { type CaseSnapshot, describeCaseSnapshots } from './snapshot-volumes.ts';

export const awaitSnapshots = defineAction({
  name: 'await-snapshots',
  title: 'Wait for the snapshots',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'read',
  needs: ['snapshot-volumes'],
  permissions: ['ec2:DescribeSnapshots'],
  about: {
    precondition: 'snapshots were begun',
    effect: 'waits until each is completed; one in state error stops the playbook',
    proof: 'AWS says completed, and whose volume each is of',
    idempotency: 'it only reads',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: () => 'wait until AWS says of each snapshot that it is completed; stop and ask if one errs',
  async run({ aws, incident, output, caseFile }) {
    const wanted = (output('snapshot-volumes') ?? []) as unknown as readonly CaseSnapshot[];
    const found = await describeCaseSnapshots(aws, incident.id);
    const states = wanted.map(({ snapshotId, volumeId }) => {
      const snapshot = found.find(({ SnapshotId }) => SnapshotId === snapshotId);
      const belongs = snapshot === undefined || snapshot.VolumeId === volumeId;
      return { snapshotId, volumeId, belongs, snapshot };
    });
    for (const { snapshotId, volumeId, belongs, snapshot } of states) {
      if (!belongs) return { status: 'ask', reason: `${snapshotId} is not of ${volumeId}` };
      if (snapshot?.State === 'error') {
        const why = snapshot.StateMessage ? `: ${snapshot.StateMessage}` : '';
        return {
          status: 'ask',
          reason: `${snapshotId} of ${volumeId} is in state error${why}`,
          redo: 'snapshot-volumes',
        };
      }
    }
    const open = states.filter(({ snapshot }) => snapshot?.State !== 'completed');
    if (wanted.length === 0 || open.length > 0) {
      const progress = open.map(
        ({ snapshotId, snapshot }) => `${snapshotId} ${snapshot?.Progress || 'pending'}`,
      );
      return { status: 'waiting', progress: progress.join(', ') };
    }
    caseFile.writeJson('snapshots.json', toJson(states.map(({ snapshot }) => snapshot)));
    return done(
      states.map(({ snapshotId, volumeId }) => ({ snapshotId, volumeId })),
      `${states.map(({ snapshotId }) => snapshotId).join(', ')} completed`,
    );
  },
});
