import { iamOf } from '../../../iam/state.ts';
import { applyChanges, present, type Setter, textOf, unless } from '../../changes.ts';
import { type CfnTag, type Properties, type ResourceType, tagProperty } from '../../resource-type.ts';
import { clearPolicies, documentOf, iam, identitySetters, policiesOf, policySetters } from './principal.ts';

interface Role {
  readonly Arn: string;
  readonly RoleId: string;
  readonly RoleName: string;
  readonly Path: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Description?: string;
  readonly MaxSessionDuration: number;
  readonly PermissionsBoundary?: { readonly PermissionsBoundaryArn: string };
  readonly Tags?: CfnTag[];
}

const SETTERS: Readonly<Record<string, Setter>> = {
  AssumeRolePolicyDocument(account, RoleName, after) {
    iam(account, 'UpdateAssumeRolePolicy', { RoleName, PolicyDocument: textOf(after) });
  },
  Description(account, RoleName, after) {
    iam(account, 'UpdateRole', { RoleName, Description: after ?? '' });
  },
  MaxSessionDuration(account, RoleName, after) {
    iam(account, 'UpdateRole', { RoleName, MaxSessionDuration: Number(after ?? 3_600) });
  },
  ...policySetters('Role'),
  ...identitySetters('Role'),
};

/** Source: AWS CloudFormation Template Reference, "AWS::IAM::Role". */
export const ROLE: ResourceType = {
  replacement: ['RoleName', 'Path'],
  readOnly: ['Arn', 'RoleId'],
  name: 'RoleName',
  isIam: true,
  create(account, properties, newName) {
    const RoleName = String(properties.RoleName ?? newName);
    const { AssumeRolePolicyDocument, Path, Description, MaxSessionDuration, PermissionsBoundary, Tags } =
      properties;
    const { Role } = iam<{ Role: Role }>(account, 'CreateRole', {
      RoleName,
      AssumeRolePolicyDocument: textOf(AssumeRolePolicyDocument ?? {}),
      ...present({ Path, Description, PermissionsBoundary, Tags }),
      ...(MaxSessionDuration === undefined ? {} : { MaxSessionDuration: Number(MaxSessionDuration) }),
    });
    const { ManagedPolicyArns, Policies } = properties;
    this.update(account, RoleName, { ManagedPolicyArns, Policies }, {});
    return { physicalId: RoleName, attributes: { Arn: Role.Arn, RoleId: Role.RoleId } };
  },
  update(account, name, after, before) {
    applyChanges(SETTERS, account, name, { before, after });
  },
  delete(account, RoleName) {
    clearPolicies(account, 'Role', RoleName);
    iam(account, 'DeleteRole', { RoleName });
  },
  read(account, RoleName): Properties | undefined {
    const found = unless(/^NoSuchEntity$/, () => iam<{ Role: Role }>(account, 'GetRole', { RoleName }));
    if (found === undefined) return undefined;
    const { Role } = found;
    return present({
      RoleName,
      Path: Role.Path,
      Arn: Role.Arn,
      RoleId: Role.RoleId,
      AssumeRolePolicyDocument: documentOf(Role.AssumeRolePolicyDocument),
      Description: Role.Description === '' ? undefined : Role.Description,
      MaxSessionDuration: Role.MaxSessionDuration,
      PermissionsBoundary: Role.PermissionsBoundary?.PermissionsBoundaryArn,
      ...policiesOf(account, 'Role', RoleName),
      ...tagProperty(Role.Tags ?? []),
    });
  },
  list: (account) => [...iamOf(account).roles.keys()],
};
