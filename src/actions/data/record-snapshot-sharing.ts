import { defineAction } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { recordSharing } from './sharing.ts';
import { SNAPSHOT, snapshotSharing } from './snapshot-sharing.ts';

export const recordSnapshotSharing = defineAction({
  name: 'record-snapshot-sharing',
  title: 'Record whom the snapshot is shared with',
  group: 'data',
  subjects: [SNAPSHOT],
  effect: 'read',
  needs: [],
  permissions: ['ec2:DescribeSnapshotAttribute'],
  about: {
    precondition: 'EC2 still knows the snapshot',
    effect: 'writes whom the snapshot is shared with into the case',
    proof: 'the file is in the case folder',
    idempotency: 'it only reads, and writes the same file again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record whom ${id} is shared with`,
  run: (context) => recordSharing(context, snapshotSharing),
});
