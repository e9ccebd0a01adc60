import type { Json } from '../../model/json.ts';
import { shellWord } from '../../model/shell-word.ts';
import { textOf } from '../members.ts';
import type { Inverse } from '../way-back.ts';
import { backCall, calls, documentOf, linesOf, noBefore, none, notInRecord, stateBefore } from './inverse.ts';

const row = linesOf('organizations.amazonaws.com');
const ACCOUNT = 'AWS::Organizations::Account';
const POLICY = 'AWS::Organizations::Policy';
const ORGANIZATION = 'AWS::Organizations::Organization';

/** The members of a request that are all there, as the API takes them. */
function inputOf<Name extends string>(
  request: Json,
  ...names: readonly Name[]
): Record<Name, string> | undefined {
  const input: Record<string, string> = {};
  for (const name of names) {
    const value = textOf(request, name.charAt(0).toLowerCase() + name.slice(1));
    if (value === undefined) return undefined;
    input[name] = value;
  }
  return input;
}

export const ORGANIZATIONS_INVERSES: readonly Inverse[] = [
  row('LeaveOrganization', ACCOUNT, [], ({ account }) =>
    none(
      'the account is out, and its policies no longer hold: only the organization can invite it, and it must accept',
      `aws organizations invite-account-to-organization --target Id=${account},Type=ACCOUNT`,
      'aws organizations accept-handshake --handshake-id ID',
    ),
  ),
  row('RemoveAccountFromOrganization', ACCOUNT, [], (call) =>
    none(
      'the account is out, and its policies no longer hold: it must accept an invitation',
      `aws organizations invite-account-to-organization --target Id=${shellWord(textOf(call.request, 'accountId') ?? 'ACCOUNT')},Type=ACCOUNT`,
    ),
  ),
  row('CloseAccount', ACCOUNT, [], () =>
    none(
      'AWS Support opens an account again within 90 days',
      'open a case at https://support.console.aws.amazon.com/support',
    ),
  ),
  row('MoveAccount', ACCOUNT, ['organizations:MoveAccount'], (call) => {
    const move = inputOf(call.request, 'AccountId', 'SourceParentId', 'DestinationParentId');
    if (move === undefined) return notInRecord(call);
    return calls(
      `move the account ${move.AccountId} back to ${move.SourceParentId}`,
      backCall(
        'organizations',
        'MoveAccount',
        {
          AccountId: move.AccountId,
          SourceParentId: move.DestinationParentId,
          DestinationParentId: move.SourceParentId,
        },
        ['DuplicateAccountException'],
      ),
    );
  }),
  row('AttachPolicy', POLICY, ['organizations:DetachPolicy'], (call) => {
    const input = inputOf(call.request, 'PolicyId', 'TargetId');
    if (input === undefined) return notInRecord(call);
    return calls(
      `detach ${input.PolicyId} from ${input.TargetId}`,
      backCall('organizations', 'DetachPolicy', input, ['PolicyNotAttachedException']),
    );
  }),
  row('DetachPolicy', POLICY, ['organizations:AttachPolicy'], (call) => {
    const input = inputOf(call.request, 'PolicyId', 'TargetId');
    if (input === undefined) return notInRecord(call);
    return calls(
      `attach ${input.PolicyId} to ${input.TargetId} again`,
      backCall('organizations', 'AttachPolicy', input, ['DuplicatePolicyAttachmentException']),
    );
  }),
  row('UpdatePolicy', POLICY, ['organizations:UpdatePolicy'], (call, states) => {
    const PolicyId = textOf(call.request, 'policyId');
    if (PolicyId === undefined) return notInRecord(call);
    const before = stateBefore(states);
    const values = {
      Content: documentOf(before, 'Content'),
      Name: textOf(before, 'Name'),
      Description: textOf(before, 'Description') ?? '',
    };
    const input: Record<string, string> = { PolicyId };
    for (const [name, value] of Object.entries(values)) {
      if (textOf(call.request, name.toLowerCase()) === undefined) continue;
      if (before === undefined || value === undefined) return noBefore(`${name} of the policy ${PolicyId}`);
      input[name] = value;
    }
    return calls(
      `put the policy ${PolicyId} back as it was`,
      backCall('organizations', 'UpdatePolicy', input),
    );
  }),
  row('DisablePolicyType', ORGANIZATION, ['organizations:EnablePolicyType'], (call) => {
    const input = inputOf(call.request, 'RootId', 'PolicyType');
    if (input === undefined) return notInRecord(call);
    return calls(
      `enable ${input.PolicyType} in ${input.RootId} again; what was attached is detached and must be attached again`,
      backCall('organizations', 'EnablePolicyType', input, ['PolicyTypeAlreadyEnabledException']),
    );
  }),
  row(
    'RegisterDelegatedAdministrator',
    ACCOUNT,
    ['organizations:DeregisterDelegatedAdministrator'],
    (call) => {
      const input = inputOf(call.request, 'AccountId', 'ServicePrincipal');
      if (input === undefined) return notInRecord(call);
      return calls(
        `take the administration of ${input.ServicePrincipal} from the account ${input.AccountId}`,
        backCall('organizations', 'DeregisterDelegatedAdministrator', input, [
          'AccountNotRegisteredException',
        ]),
      );
    },
  ),
  row(
    'DeregisterDelegatedAdministrator',
    ACCOUNT,
    ['organizations:RegisterDelegatedAdministrator'],
    (call) => {
      const input = inputOf(call.request, 'AccountId', 'ServicePrincipal');
      if (input === undefined) return notInRecord(call);
      return calls(
        `give the administration of ${input.ServicePrincipal} back to the account ${input.AccountId}`,
        backCall('organizations', 'RegisterDelegatedAdministrator', input, [
          'AccountAlreadyRegisteredException',
        ]),
      );
    },
  ),
];
