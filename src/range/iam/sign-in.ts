import type {
  CreateLoginProfileCommandInput,
  EnableMFADeviceCommandInput,
  ListMFADevicesCommandInput,
  LoginProfile,
  UpdateAccountPasswordPolicyCommandInput,
  UpdateLoginProfileCommandInput,
} from '@aws-sdk/client-iam';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Caller } from '../caller.ts';
import { page } from './page.ts';
import { found, iamOf, type SimulatedUser, userOf } from './state.ts';
import { callerName } from './users.ts';

type UserInput = { readonly UserName?: string | undefined };

export function createLoginProfile(
  account: Account,
  input: CreateLoginProfileCommandInput,
  _: AbortSignal,
  caller: Caller,
): { LoginProfile: LoginProfile } {
  const user = userOf(account, input.UserName ?? callerName(caller));
  if (user.loginProfile !== undefined)
    throw new AwsError('EntityAlreadyExists', `Login Profile for user ${user.name} already exists.`, 409);
  checkPassword(account, input.Password ?? '');
  user.loginProfile = {
    createdAt: account.clock.now(),
    passwordResetRequired: input.PasswordResetRequired ?? false,
  };
  return { LoginProfile: profileOf(user) };
}

export function getLoginProfile(
  account: Account,
  { UserName }: UserInput,
  _: AbortSignal,
  caller: Caller,
): { LoginProfile: LoginProfile } {
  return { LoginProfile: profileOf(userOf(account, UserName ?? callerName(caller))) };
}

export function updateLoginProfile(account: Account, input: UpdateLoginProfileCommandInput): object {
  const user = userOf(account, input.UserName);
  profileOf(user);
  if (input.Password !== undefined) checkPassword(account, input.Password);
  if (user.loginProfile !== undefined && input.PasswordResetRequired !== undefined)
    user.loginProfile.passwordResetRequired = input.PasswordResetRequired;
  return {};
}

export function deleteLoginProfile(
  account: Account,
  { UserName }: UserInput,
  _: AbortSignal,
  caller: Caller,
): object {
  const user = userOf(account, UserName ?? callerName(caller));
  profileOf(user);
  user.loginProfile = undefined;
  return {};
}

function profileOf({ name, loginProfile }: SimulatedUser): LoginProfile {
  const profile = found(loginProfile, `Login Profile for User ${name} cannot be found.`);
  return {
    UserName: name,
    CreateDate: new Date(profile.createdAt),
    PasswordResetRequired: profile.passwordResetRequired,
  };
}

function checkPassword(account: Account, password: string): void {
  const least = Number(iamOf(account).passwordPolicy?.MinimumPasswordLength ?? 8);
  if (password.length >= least) return;
  throw new AwsError('PasswordPolicyViolation', `Password should have a minimum length of ${least}`);
}

/** Nobody can check the codes without the seed of a device; AWS wants two different ones. */
export function enableMfaDevice(account: Account, input: EnableMFADeviceCommandInput): object {
  const user = userOf(account, input.UserName);
  const {
    SerialNumber: serial = '',
    AuthenticationCode1: first = '',
    AuthenticationCode2: second = '',
  } = input;
  const others = [...iamOf(account).users.values()];
  if (others.some(({ mfaDevices }) => mfaDevices.has(serial)))
    throw new AwsError('EntityAlreadyExists', 'MFA Device is already in use.', 409);
  if (!/^\d{6}$/.test(first) || !/^\d{6}$/.test(second) || first === second)
    throw new AwsError('InvalidAuthenticationCode', 'Authentication code for device is not valid.', 403);
  user.mfaDevices.set(serial, account.clock.now());
  return {};
}

export function deactivateMfaDevice(
  account: Account,
  { UserName, SerialNumber = '' }: UserInput & { SerialNumber?: string | undefined },
  _: AbortSignal,
  caller: Caller,
): object {
  const user = userOf(account, UserName ?? callerName(caller));
  if (!user.mfaDevices.delete(SerialNumber))
    throw new AwsError('NoSuchEntity', `MFA Device invalid for user.`, 404);
  return {};
}

export function listMfaDevices(
  account: Account,
  input: ListMFADevicesCommandInput,
  _: AbortSignal,
  caller: Caller,
) {
  const user = userOf(account, input.UserName ?? callerName(caller));
  const { items, ...rest } = page(user.mfaDevices, input);
  const MFADevices = items.map(([SerialNumber, enabledAt]) => ({
    UserName: user.name,
    SerialNumber,
    EnableDate: new Date(enabledAt),
  }));
  return { MFADevices, ...rest };
}

/** What is not named falls back to its default. Source: IAM API Reference, "UpdateAccountPasswordPolicy". */
const PASSWORD_DEFAULTS = {
  MinimumPasswordLength: 6,
  RequireSymbols: false,
  RequireNumbers: false,
  RequireUppercaseCharacters: false,
  RequireLowercaseCharacters: false,
  AllowUsersToChangePassword: false,
};

export function updateAccountPasswordPolicy(
  account: Account,
  input: UpdateAccountPasswordPolicyCommandInput,
): object {
  const ages = input.MaxPasswordAge ?? 0;
  iamOf(account).passwordPolicy = { ...PASSWORD_DEFAULTS, ...input, ExpirePasswords: ages > 0 };
  return {};
}

export function getAccountPasswordPolicy(account: Account) {
  return { PasswordPolicy: passwordPolicyOf(account) };
}

export function deleteAccountPasswordPolicy(account: Account): object {
  passwordPolicyOf(account);
  iamOf(account).passwordPolicy = undefined;
  return {};
}

function passwordPolicyOf(account: Account): object {
  return found(
    iamOf(account).passwordPolicy,
    `The Password Policy with domain name ${account.id} cannot be found.`,
  );
}
