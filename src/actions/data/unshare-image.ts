import { IMAGE, imageSharing } from './image-sharing.ts';
import { recordImageSharing } from './record-image-sharing.ts';
import { unshareAction } from './unshare-action.ts';

export const unshareImage = unshareAction({
  name: 'unshare-image',
  what: 'the image',
  service: 'EC2',
  subjects: [IMAGE],
  recorder: recordImageSharing.name,
  permissions: ['ec2:DescribeImageAttribute', 'ec2:ModifyImageAttribute'],
  remains: 'instances that were started from it go on, and its snapshots are shared on their own',
  sharingOf: imageSharing,
});
