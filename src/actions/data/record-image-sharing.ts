import { defineAction } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { IMAGE, imageSharing } from './image-sharing.ts';
import { recordSharing } from './sharing.ts';

export const recordImageSharing = defineAction({
  name: 'record-image-sharing',
  title: 'Record whom the image is shared with',
  group: 'data',
  subjects: [IMAGE],
  effect: 'read',
  needs: [],
  permissions: ['ec2:DescribeImageAttribute'],
  about: {
    precondition: 'EC2 still knows the image',
    effect: 'writes whom the image is shared with into the case',
    proof: 'the file is in the case folder',
    idempotency: 'it only reads, and writes the same file again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `record whom ${id} is shared with`,
  run: (context) => recordSharing(context, imageSharing),
});
