import { iamOf } from '../../../iam/state.ts';
import { applyChanges, present, unless } from '../../changes.ts';
import type { Properties, ResourceType } from '../../resource-type.ts';
import { clearPolicies, iam, policiesOf, policySetters } from './principal.ts';

interface Group {
  readonly Arn: string;
  readonly Path: string;
}

/** Source: AWS CloudFormation Template Reference, "AWS::IAM::Group". */
export const GROUP: ResourceType = {
  replacement: ['GroupName'],
  readOnly: ['Arn'],
  name: 'GroupName',
  isIam: true,
  create(account, properties, newName) {
    const GroupName = String(properties.GroupName ?? newName);
    const { Path, ...rest } = properties;
    const { Group } = iam<{ Group: Group }>(account, 'CreateGroup', { GroupName, ...present({ Path }) });
    this.update(account, GroupName, rest, {});
    return { physicalId: GroupName, attributes: { Arn: Group.Arn } };
  },
  update(account, name, after, before) {
    applyChanges(policySetters('Group'), account, name, { before, after });
  },
  delete(account, GroupName) {
    clearPolicies(account, 'Group', GroupName);
    iam(account, 'DeleteGroup', { GroupName });
  },
  read(account, GroupName): Properties | undefined {
    const found = unless(/^NoSuchEntity$/, () => iam<{ Group: Group }>(account, 'GetGroup', { GroupName }));
    if (found === undefined) return undefined;
    const { Path, Arn } = found.Group;
    return { GroupName, Path, Arn, ...policiesOf(account, 'Group', GroupName) };
  },
  list: (account) => [...iamOf(account).groups.keys()],
};
