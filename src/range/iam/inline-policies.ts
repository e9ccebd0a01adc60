import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { page } from './page.ts';
import { encodedDocument, parsePolicy, policySize } from './policy-document.ts';
import { unprotectedRole } from './roles.ts';
import { checkName, found, groupOf, roleOf, userOf } from './state.ts';

interface InlineInput {
  readonly UserName?: string | undefined;
  readonly RoleName?: string | undefined;
  readonly GroupName?: string | undefined;
  readonly PolicyName?: string | undefined;
  readonly PolicyDocument?: string | undefined;
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** Characters of all inline policies together. Source: IAM User Guide, "IAM and AWS STS quotas". */
const KINDS = {
  user: {
    of: (account: Account, { UserName }: InlineInput) => userOf(account, UserName),
    toChange: (account: Account, { UserName }: InlineInput) => userOf(account, UserName),
    named: (UserName: string) => ({ UserName }),
    limit: 2_048,
  },
  role: {
    of: (account: Account, { RoleName }: InlineInput) => roleOf(account, RoleName),
    toChange: (account: Account, { RoleName }: InlineInput) => unprotectedRole(account, RoleName),
    named: (RoleName: string) => ({ RoleName }),
    limit: 10_240,
  },
  group: {
    of: (account: Account, { GroupName }: InlineInput) => groupOf(account, GroupName),
    toChange: (account: Account, { GroupName }: InlineInput) => groupOf(account, GroupName),
    named: (GroupName: string) => ({ GroupName }),
    limit: 5_120,
  },
};

type Kind = keyof typeof KINDS;

export function putInline(kind: Kind) {
  return (account: Account, input: InlineInput): object => {
    const { toChange, limit } = KINDS[kind];
    const { name, inline } = toChange(account, input);
    const { PolicyName = '', PolicyDocument = '' } = input;
    checkName(PolicyName, 'policyName', 128);
    parsePolicy(PolicyDocument, 'identity');
    const others = [...inline].filter(([other]) => other !== PolicyName);
    const size = [PolicyDocument, ...others.map(([, text]) => text)].reduce(
      (sum, text) => sum + policySize(text),
      0,
    );
    if (size > limit)
      throw new AwsError(
        'LimitExceeded',
        `Maximum policy size of ${limit} bytes exceeded for ${kind} ${name}`,
        409,
      );
    inline.set(PolicyName, PolicyDocument);
    return {};
  };
}

export function getInline(kind: Kind) {
  return (account: Account, input: InlineInput) => {
    const { of, named } = KINDS[kind];
    const { name, inline } = of(account, input);
    const { PolicyName = '' } = input;
    const document = found(inline.get(PolicyName), missing(kind, PolicyName));
    return { ...named(name), PolicyName, PolicyDocument: encodedDocument(document) };
  };
}

export function deleteInline(kind: Kind) {
  return (account: Account, input: InlineInput): object => {
    const { inline } = KINDS[kind].toChange(account, input);
    const { PolicyName = '' } = input;
    found(inline.get(PolicyName), missing(kind, PolicyName));
    inline.delete(PolicyName);
    return {};
  };
}

export function listInline(kind: Kind) {
  return (account: Account, input: InlineInput) => {
    const { inline } = KINDS[kind].of(account, input);
    const { items, ...rest } = page([...inline.keys()].sort(), input);
    return { PolicyNames: items, ...rest };
  };
}

function missing(kind: Kind, name: string): string {
  return `The ${kind} policy with name ${name} cannot be found.`;
}
