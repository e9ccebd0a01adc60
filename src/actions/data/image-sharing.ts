import type { SharingOf } from './sharing.ts';
import { EVERYBODY } from './sharing.ts';

export const IMAGE = 'AWS::EC2::Image';

/** Source: Amazon EC2 API Reference, "ModifyImageAttribute": launch permissions. */
export const imageSharing: SharingOf = (aws, { id: ImageId }) => {
  const permissions = (whom: readonly string[]) =>
    whom.map((one) => (one === EVERYBODY ? { Group: 'all' as const } : { UserId: one }));
  return {
    async read() {
      const answer = await aws.ec2.describeImageAttribute({ ImageId, Attribute: 'launchPermission' });
      return (answer.LaunchPermissions ?? []).flatMap(
        ({ Group, UserId, OrganizationArn, OrganizationalUnitArn }) =>
          Group ?? UserId ?? OrganizationArn ?? OrganizationalUnitArn ?? [],
      );
    },
    async add(whom) {
      await aws.ec2.modifyImageAttribute({ ImageId, LaunchPermission: { Add: permissions(whom) } });
    },
    async remove(whom) {
      await aws.ec2.modifyImageAttribute({ ImageId, LaunchPermission: { Remove: permissions(whom) } });
    },
  };
};
