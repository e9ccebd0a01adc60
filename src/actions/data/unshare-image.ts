import { defineAction } from '../action.ts';
import { IMAGE, imageSharing } from './image-sharing.ts';
import { recordImageSharing } from './record-image-sharing.ts';
import { KEEP, shareAgain, unshare } from './sharing.ts';

const PERMISSIONS = ['ec2:DescribeImageAttribute', 'ec2:ModifyImageAttribute'];

export const unshareImage = defineAction({
  name: 'unshare-image',
  title: 'Stop sharing the image',
  group: 'data',
  subjects: [IMAGE],
  effect: 'reversible',
  needs: [recordImageSharing.name],
  permissions: PERMISSIONS,
  about: {
    precondition: 'EC2 still knows the image',
    effect:
      'takes it from everybody and from every other account but those that may keep it; instances that were started from it go on, and its snapshots are shared on their own',
    proof: 'EC2 shows nobody else',
    idempotency: 'who has no share is not taken it from, and taking it twice changes nothing',
  },
  input: KEEP,
  undo: {
    kind: 'by',
    how: 'share it again with those it was taken from',
    permissions: PERMISSIONS,
    run: (context) => shareAgain(context, imageSharing),
  },
  plan: ({ id }, { keep }) =>
    `share ${id} with ${keep.length === 0 ? 'nobody' : keep.join(', ')} but this account`,
  run: (context) => unshare(context, imageSharing, recordImageSharing.name),
});
