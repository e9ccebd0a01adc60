import type { Account } from '../../../account.ts';
import { iamOf } from '../../../iam/state.ts';
import { applyChanges, missingFrom, present, type Setter, textOf, unless } from '../../changes.ts';
import type { Properties, ResourceType } from '../../resource-type.ts';
import { documentOf, iam, type Kind } from './principal.ts';

interface Version {
  readonly VersionId: string;
  readonly IsDefaultVersion: boolean;
  readonly Document: string;
}

/** Source: IAM User Guide, "IAM and AWS STS quotas". */
const VERSION_LIMIT = 5;
const KINDS = ['User', 'Role', 'Group'] as const;

const attachments =
  (kind: Kind): Setter =>
  (account, PolicyArn, after, before) => {
    for (const name of missingFrom(before, after))
      iam(account, `Attach${kind}Policy`, { [`${kind}Name`]: name, PolicyArn });
    for (const name of missingFrom(after, before))
      iam(account, `Detach${kind}Policy`, { [`${kind}Name`]: name, PolicyArn });
  };

const SETTERS: Readonly<Record<string, Setter>> = {
  PolicyDocument(account, PolicyArn, after) {
    const versions = versionsOf(account, PolicyArn);
    // The oldest that is not in use makes room for a new one.
    const oldest = versions.filter(({ IsDefaultVersion }) => !IsDefaultVersion).at(-1);
    if (versions.length >= VERSION_LIMIT && oldest !== undefined)
      iam(account, 'DeletePolicyVersion', { PolicyArn, VersionId: oldest.VersionId });
    iam(account, 'CreatePolicyVersion', { PolicyArn, PolicyDocument: textOf(after), SetAsDefault: true });
  },
  Users: attachments('User'),
  Roles: attachments('Role'),
  Groups: attachments('Group'),
};

/** Source: AWS CloudFormation Template Reference, "AWS::IAM::ManagedPolicy". */
export const MANAGED_POLICY: ResourceType = {
  replacement: ['ManagedPolicyName', 'Description', 'Path'],
  readOnly: ['PolicyArn', 'PolicyId', 'DefaultVersionId', 'AttachmentCount'],
  name: 'ManagedPolicyName',
  isIam: true,
  create(account, properties, newName) {
    const { PolicyDocument, Path, Description, ...rest } = properties;
    const { Policy } = iam<{ Policy: { Arn: string; PolicyId: string } }>(account, 'CreatePolicy', {
      PolicyName: String(properties.ManagedPolicyName ?? newName),
      PolicyDocument: textOf(PolicyDocument ?? {}),
      ...present({ Path, Description }),
    });
    this.update(account, Policy.Arn, { ...rest, PolicyDocument }, { PolicyDocument });
    return { physicalId: Policy.Arn, attributes: { PolicyArn: Policy.Arn, PolicyId: Policy.PolicyId } };
  },
  update(account, arn, after, before) {
    applyChanges(SETTERS, account, arn, { before, after });
  },
  delete(account, PolicyArn) {
    for (const kind of KINDS)
      attachments(kind)(account, PolicyArn, undefined, attachedTo(account, kind, PolicyArn));
    for (const { VersionId, IsDefaultVersion } of versionsOf(account, PolicyArn))
      if (!IsDefaultVersion) iam(account, 'DeletePolicyVersion', { PolicyArn, VersionId });
    iam(account, 'DeletePolicy', { PolicyArn });
  },
  read(account, PolicyArn): Properties | undefined {
    const found = unless(/^NoSuchEntity$/, () =>
      iam<{ Policy: Properties }>(account, 'GetPolicy', { PolicyArn }),
    );
    if (found === undefined) return undefined;
    const { PolicyName, PolicyId, Path, Description, DefaultVersionId, AttachmentCount } = found.Policy;
    const { PolicyVersion } = iam<{ PolicyVersion: Version }>(account, 'GetPolicyVersion', {
      PolicyArn,
      VersionId: DefaultVersionId,
    });
    const names = (kind: Kind): string[] | undefined => {
      const all = attachedTo(account, kind, PolicyArn);
      return all.length === 0 ? undefined : all;
    };
    return present({
      ManagedPolicyName: PolicyName,
      PolicyArn,
      PolicyId,
      Path,
      Description,
      DefaultVersionId,
      AttachmentCount,
      PolicyDocument: documentOf(PolicyVersion.Document),
      Users: names('User'),
      Roles: names('Role'),
      Groups: names('Group'),
    });
  },
  list: (account) => [...iamOf(account).policies.keys()],
};

/** The newest first. */
function versionsOf(account: Account, PolicyArn: string): Version[] {
  const { Versions } = iam<{ Versions: Version[] }>(account, 'ListPolicyVersions', { PolicyArn });
  const number = ({ VersionId }: Version): number => Number(VersionId.slice(1));
  return [...Versions].sort((a, b) => number(b) - number(a));
}

function attachedTo(account: Account, kind: Kind, arn: string): string[] {
  const { users, roles, groups } = iamOf(account);
  const all = { User: users, Role: roles, Group: groups }[kind];
  return [...all.values()].filter(({ attached }) => attached.has(arn)).map(({ name }) => name);
}
