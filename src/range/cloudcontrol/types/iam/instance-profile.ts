import { iamOf } from '../../../iam/state.ts';
import { missingFrom, present, unless } from '../../changes.ts';
import type { Properties, ResourceType } from '../../resource-type.ts';
import { iam } from './principal.ts';

interface Profile {
  readonly Arn: string;
  readonly Path: string;
  readonly Roles: readonly { readonly RoleName: string }[];
}

/** Source: AWS CloudFormation Template Reference, "AWS::IAM::InstanceProfile". */
export const INSTANCE_PROFILE: ResourceType = {
  replacement: ['InstanceProfileName', 'Path'],
  readOnly: ['Arn'],
  name: 'InstanceProfileName',
  isIam: true,
  create(account, properties, newName) {
    const InstanceProfileName = String(properties.InstanceProfileName ?? newName);
    const { Path, Roles } = properties;
    const { InstanceProfile } = iam<{ InstanceProfile: Profile }>(account, 'CreateInstanceProfile', {
      InstanceProfileName,
      ...present({ Path }),
    });
    this.update(account, InstanceProfileName, { Roles }, {});
    return { physicalId: InstanceProfileName, attributes: { Arn: InstanceProfile.Arn } };
  },
  /** It has one role at most: the old one goes first. */
  update(account, InstanceProfileName, after, before) {
    for (const RoleName of missingFrom(after.Roles, before.Roles))
      iam(account, 'RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName });
    for (const RoleName of missingFrom(before.Roles, after.Roles))
      iam(account, 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName });
  },
  delete(account, InstanceProfileName) {
    this.update(account, InstanceProfileName, {}, this.read?.(account, InstanceProfileName) ?? {});
    iam(account, 'DeleteInstanceProfile', { InstanceProfileName });
  },
  read(account, InstanceProfileName): Properties | undefined {
    const found = unless(/^NoSuchEntity$/, () =>
      iam<{ InstanceProfile: Profile }>(account, 'GetInstanceProfile', { InstanceProfileName }),
    );
    if (found === undefined) return undefined;
    const { Arn, Path, Roles } = found.InstanceProfile;
    return { InstanceProfileName, Arn, Path, Roles: Roles.map(({ RoleName }) => RoleName) };
  },
  list: (account) => [...iamOf(account).profiles.keys()],
};
