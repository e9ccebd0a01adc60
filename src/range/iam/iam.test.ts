import { IAM } from '@aws-sdk/client-iam';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatedClock } from '../clock.ts';
import { type Range, startRange } from '../range.ts';

const ACCOUNT = '123456789012';
const clock = simulatedClock({ start: 1_800_000_000_000, speed: 0 });
let world: Range;
let iam: IAM;

beforeEach(async () => {
  world = await startRange({ clock });
  iam = clientWith({ accessKeyId: 'AKIASIMULATED0000000', secretAccessKey: 'x' });
});
afterEach(async () => {
  iam.destroy();
  await world.close();
});

const clientWith = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
  new IAM({ endpoint: world.endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });

const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
const READ = document({ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::logs/*' });
const TRUST = document({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const refused = (Code: string, status: number, message?: string) => ({
  Code,
  $metadata: { httpStatusCode: status },
  ...(message === undefined ? {} : { message }),
});

describe('users, groups and roles, through the real SDK', () => {
  it('are made with a path, an id and an ARN, and found by name', async () => {
    const { User } = await iam.createUser({
      UserName: 'ada',
      Path: '/eng/',
      Tags: [{ Key: 'a', Value: '<&>' }],
    });
    expect(User).toMatchObject({
      Arn: `arn:aws:iam::${ACCOUNT}:user/eng/ada`,
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      CreateDate: new Date(1_800_000_000_000),
      Tags: [{ Key: 'a', Value: '<&>' }],
    });
    expect((await iam.getUser({ UserName: 'ada' })).User).toEqual(User);
    await iam.createRole({ RoleName: 'web', AssumeRolePolicyDocument: TRUST, Description: 'of the web' });
    const { Role } = await iam.getRole({ RoleName: 'web' });
    expect(Role).toMatchObject({ Arn: `arn:aws:iam::${ACCOUNT}:role/web`, MaxSessionDuration: 3_600 });
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(TRUST);
    await iam.createGroup({ GroupName: 'ops' });
    await iam.addUserToGroup({ GroupName: 'ops', UserName: 'ada' });
    await iam.addUserToGroup({ GroupName: 'ops', UserName: 'ada' });
    expect((await iam.listGroupsForUser({ UserName: 'ada' })).Groups).toMatchObject([{ GroupName: 'ops' }]);
    expect((await iam.getGroup({ GroupName: 'ops' })).Users).toMatchObject([{ UserName: 'ada' }]);
  });

  it('are listed below a path, a page at a time', async () => {
    for (const UserName of ['c', 'a', 'b']) await iam.createUser({ UserName, Path: '/x/' });
    await iam.createUser({ UserName: 'd' });
    const first = await iam.listUsers({ PathPrefix: '/x/', MaxItems: 2 });
    expect(first.Users?.map(({ UserName }) => UserName)).toEqual(['a', 'b']);
    expect(first.IsTruncated).toBe(true);
    const second = await iam.listUsers({ PathPrefix: '/x/', MaxItems: 2, Marker: first.Marker });
    expect(second.Users?.map(({ UserName }) => UserName)).toEqual(['c']);
    expect(second.IsTruncated).toBe(false);
  });

  it('are refused a name that differs only in its case, and a name that is none', async () => {
    await iam.createUser({ UserName: 'ada' });
    await expect(iam.createUser({ UserName: 'Ada' })).rejects.toMatchObject(
      refused('EntityAlreadyExists', 409, 'User with name Ada already exists.'),
    );
    await expect(iam.createUser({ UserName: 'a b' })).rejects.toMatchObject(refused('ValidationError', 400));
    await expect(iam.getUser({ UserName: 'eve' })).rejects.toMatchObject(
      refused('NoSuchEntity', 404, 'The user with name eve cannot be found.'),
    );
  });

  it('are deleted only when they have nothing any more', async () => {
    await iam.createUser({ UserName: 'ada' });
    const gone = () => iam.deleteUser({ UserName: 'ada' });
    const conflict = (what: string) => refused('DeleteConflict', 409, `Cannot delete entity, ${what}`);
    const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' });
    await expect(gone()).rejects.toMatchObject(conflict('must delete access keys first.'));
    await iam.deleteAccessKey({ UserName: 'ada', AccessKeyId: AccessKey?.AccessKeyId });
    await iam.putUserPolicy({ UserName: 'ada', PolicyName: 'p', PolicyDocument: READ });
    await expect(gone()).rejects.toMatchObject(conflict('must delete policies first.'));
    await iam.deleteUserPolicy({ UserName: 'ada', PolicyName: 'p' });
    await iam.createLoginProfile({ UserName: 'ada', Password: 'correct horse' });
    await expect(gone()).rejects.toMatchObject(conflict('must delete login profile first.'));
    await iam.deleteLoginProfile({ UserName: 'ada' });
    await gone();
    await expect(iam.getUser({ UserName: 'ada' })).rejects.toMatchObject(refused('NoSuchEntity', 404));
  });

  it('keep their groups when they are renamed', async () => {
    await iam.createUser({ UserName: 'ada' });
    await iam.createGroup({ GroupName: 'ops' });
    await iam.addUserToGroup({ GroupName: 'ops', UserName: 'ada' });
    await iam.updateUser({ UserName: 'ada', NewUserName: 'ada.l' });
    expect((await iam.getGroup({ GroupName: 'ops' })).Users).toMatchObject([{ UserName: 'ada.l' }]);
  });

  it('of a service are changed by nobody else', async () => {
    const Path = '/aws-service-role/guardduty.amazonaws.com/';
    await iam.createRole({ RoleName: 'AWSServiceRoleX', Path, AssumeRolePolicyDocument: TRUST });
    const put = { RoleName: 'AWSServiceRoleX', PolicyName: 'p', PolicyDocument: READ };
    await expect(iam.putRolePolicy(put)).rejects.toMatchObject(refused('UnmodifiableEntity', 400));
    await expect(iam.deleteRole(put)).rejects.toMatchObject(refused('UnmodifiableEntity', 400));
  });
});

describe('access keys', () => {
  it('are two of a user at most, are switched off, and tell when they were used', async () => {
    await iam.createUser({ UserName: 'ada' });
    const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' });
    await iam.createAccessKey({ UserName: 'ada' });
    await expect(iam.createAccessKey({ UserName: 'ada' })).rejects.toMatchObject(
      refused('LimitExceeded', 409, 'Cannot exceed quota for AccessKeysPerUser: 2'),
    );
    const id = AccessKey?.AccessKeyId ?? '';
    const used = async () => (await iam.getAccessKeyLastUsed({ AccessKeyId: id })).AccessKeyLastUsed;
    expect(await used()).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
    await iam.attachUserPolicy({ UserName: 'ada', PolicyArn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' });
    const own = clientWith({ accessKeyId: id, secretAccessKey: AccessKey?.SecretAccessKey ?? '' });
    // Without a name it is about who calls.
    expect((await own.getUser({})).User).toMatchObject({ UserName: 'ada' });
    expect(await used()).toMatchObject({ ServiceName: 'iam', LastUsedDate: new Date(1_800_000_000_000) });
    await iam.updateAccessKey({ UserName: 'ada', AccessKeyId: id, Status: 'Inactive' });
    expect((await iam.listAccessKeys({ UserName: 'ada' })).AccessKeyMetadata).toMatchObject([
      { AccessKeyId: id, Status: 'Inactive' },
      { Status: 'Active' },
    ]);
    await expect(own.getUser({})).rejects.toMatchObject(refused('InvalidClientTokenId', 403));
    await iam.deleteAccessKey({ UserName: 'ada', AccessKeyId: id });
    await expect(own.getUser({})).rejects.toMatchObject(refused('InvalidClientTokenId', 403));
    await expect(
      iam.updateAccessKey({ UserName: 'ada', AccessKeyId: id, Status: 'Active' }),
    ).rejects.toMatchObject(refused('NoSuchEntity', 404, `The Access Key with id ${id} cannot be found.`));
    own.destroy();
  });
});

describe('policies', () => {
  const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/read`;

  it('have five versions at most, whose numbers are never given again', async () => {
    await iam.createPolicy({ PolicyName: 'read', PolicyDocument: READ });
    const next = () => iam.createPolicyVersion({ PolicyArn, PolicyDocument: READ, SetAsDefault: false });
    for (let count = 0; count < 4; count++) await next();
    await expect(next()).rejects.toMatchObject(refused('LimitExceeded', 409));
    await iam.deletePolicyVersion({ PolicyArn, VersionId: 'v5' });
    expect((await next()).PolicyVersion).toMatchObject({ VersionId: 'v6', IsDefaultVersion: false });
    await iam.setDefaultPolicyVersion({ PolicyArn, VersionId: 'v6' });
    expect((await iam.getPolicy({ PolicyArn })).Policy).toMatchObject({ DefaultVersionId: 'v6' });
    await expect(iam.deletePolicyVersion({ PolicyArn, VersionId: 'v6' })).rejects.toMatchObject(
      refused('DeleteConflict', 409),
    );
    const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId: 'v6' });
    expect(decodeURIComponent(PolicyVersion?.Document ?? '')).toBe(READ);
    const { Versions } = await iam.listPolicyVersions({ PolicyArn });
    expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['v6', 'v4', 'v3', 'v2', 'v1']);
  });

  it.each(['User', 'Role', 'Group'] as const)('are attached to and put into a %s', async (kind) => {
    const call = async (operation: string, input: object): Promise<Record<string, unknown>> =>
      (iam as unknown as Record<string, (input: object) => Promise<Record<string, unknown>>>)[operation]?.(
        input,
      ) ?? {};
    const named = { UserName: 'one', RoleName: 'one', GroupName: 'one' };
    await iam.createUser({ UserName: 'one' });
    await iam.createRole({ RoleName: 'one', AssumeRolePolicyDocument: TRUST });
    await iam.createGroup({ GroupName: 'one' });
    await iam.createPolicy({ PolicyName: 'read', PolicyDocument: READ });
    await call(`attach${kind}Policy`, { ...named, PolicyArn });
    await call(`attach${kind}Policy`, { ...named, PolicyArn });
    expect((await call(`listAttached${kind}Policies`, named)).AttachedPolicies).toEqual([
      { PolicyArn, PolicyName: 'read' },
    ]);
    await expect(iam.deletePolicy({ PolicyArn })).rejects.toMatchObject(refused('DeleteConflict', 409));
    await call(`detach${kind}Policy`, { ...named, PolicyArn });
    await expect(call(`detach${kind}Policy`, { ...named, PolicyArn })).rejects.toMatchObject(
      refused('NoSuchEntity', 404, `Policy ${PolicyArn} was not found.`),
    );
    await call(`put${kind}Policy`, { ...named, PolicyName: 'in', PolicyDocument: READ });
    expect((await call(`list${kind}Policies`, named)).PolicyNames).toEqual(['in']);
    const got = await call(`get${kind}Policy`, { ...named, PolicyName: 'in' });
    expect(decodeURIComponent(String(got.PolicyDocument))).toBe(READ);
    await call(`delete${kind}Policy`, { ...named, PolicyName: 'in' });
    await expect(call(`get${kind}Policy`, { ...named, PolicyName: 'in' })).rejects.toMatchObject(
      refused('NoSuchEntity', 404, `The ${kind.toLowerCase()} policy with name in cannot be found.`),
    );
    await iam.deletePolicy({ PolicyArn });
  });

  it('of AWS can be attached and not changed; one that nobody has does not exist', async () => {
    await iam.createUser({ UserName: 'ada' });
    const admin = 'arn:aws:iam::aws:policy/AdministratorAccess';
    await iam.attachUserPolicy({ UserName: 'ada', PolicyArn: admin });
    const { Policy } = await iam.getPolicy({ PolicyArn: admin });
    expect(Policy).toMatchObject({ DefaultVersionId: 'v1', AttachmentCount: 1 });
    await expect(iam.createPolicyVersion({ PolicyArn: admin, PolicyDocument: READ })).rejects.toMatchObject(
      refused('AccessDenied', 403),
    );
    const none = 'arn:aws:iam::aws:policy/AdministratorAcces';
    await expect(iam.attachUserPolicy({ UserName: 'ada', PolicyArn: none })).rejects.toMatchObject(
      refused('NoSuchEntity', 404, `Policy ${none} does not exist or is not attachable.`),
    );
  });

  it.each([
    ['{', 'Syntax errors in policy.'],
    ['[]', 'Syntax errors in policy.'],
    [document({ Effect: 'Maybe', Action: '*', Resource: '*' }), 'Syntax errors in policy.'],
    [document({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions.'],
    [document({ Effect: 'Allow', Action: '*' }), 'Policy statement must contain resources.'],
    [document({ Effect: 'Allow', Action: 'GetObject', Resource: '*' }), /must be prefaced by a vendor/],
    [document({ Effect: 'Allow', Action: '*', Resource: 'logs' }), /must be in ARN format/],
    [document({ Effect: 'Allow', Action: '*', Resource: '*', Principal: '*' }), /not specify a principal/],
  ])('%s is malformed', async (PolicyDocument, message) => {
    await iam.createUser({ UserName: 'ada' });
    await expect(
      iam.putUserPolicy({ UserName: 'ada', PolicyName: 'p', PolicyDocument }),
    ).rejects.toMatchObject({
      ...refused('MalformedPolicyDocument', 400),
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  });

  it('inside a user are together as large as AWS allows; white space does not count', async () => {
    await iam.createUser({ UserName: 'ada' });
    const size = (length: number) =>
      document({ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${'x'.repeat(length)}` });
    const put = (PolicyName: string, PolicyDocument: string) =>
      iam.putUserPolicy({ UserName: 'ada', PolicyName, PolicyDocument });
    await put('a', size(1_000) + ' '.repeat(5_000));
    await expect(put('b', size(1_000))).rejects.toMatchObject(refused('LimitExceeded', 409));
    await put('a', size(1_900));
  });
});

describe('signing in', () => {
  it('a user has one password, as long as the account wants it', async () => {
    await iam.createUser({ UserName: 'ada' });
    await iam.updateAccountPasswordPolicy({ MinimumPasswordLength: 14, RequireSymbols: true });
    expect((await iam.getAccountPasswordPolicy({})).PasswordPolicy).toMatchObject({
      MinimumPasswordLength: 14,
      RequireNumbers: false,
    });
    const create = (Password: string) => iam.createLoginProfile({ UserName: 'ada', Password });
    await expect(create('short one')).rejects.toMatchObject(refused('PasswordPolicyViolation', 400));
    await create('a longer one, that fits');
    await expect(create('another long one, too')).rejects.toMatchObject(refused('EntityAlreadyExists', 409));
    await iam.deleteLoginProfile({ UserName: 'ada' });
    await expect(iam.getLoginProfile({ UserName: 'ada' })).rejects.toMatchObject(
      refused('NoSuchEntity', 404, 'Login Profile for User ada cannot be found.'),
    );
    await iam.deleteAccountPasswordPolicy({});
    await expect(iam.getAccountPasswordPolicy({})).rejects.toMatchObject(refused('NoSuchEntity', 404));
  });

  it('an MFA device is of one user, and comes back only with two codes of its own', async () => {
    await iam.createUser({ UserName: 'ada' });
    const SerialNumber = `arn:aws:iam::${ACCOUNT}:mfa/ada`;
    const enable = (AuthenticationCode1: string, AuthenticationCode2: string) =>
      iam.enableMFADevice({ UserName: 'ada', SerialNumber, AuthenticationCode1, AuthenticationCode2 });
    await expect(enable('123456', '123456')).rejects.toMatchObject(refused('InvalidAuthenticationCode', 403));
    await enable('123456', '654321');
    expect((await iam.listMFADevices({ UserName: 'ada' })).MFADevices).toMatchObject([{ SerialNumber }]);
    await iam.deactivateMFADevice({ UserName: 'ada', SerialNumber });
    await expect(iam.deactivateMFADevice({ UserName: 'ada', SerialNumber })).rejects.toMatchObject(
      refused('NoSuchEntity', 404),
    );
  });
});

describe('instance profiles', () => {
  it('hold one role', async () => {
    const InstanceProfileName = 'web';
    await iam.createInstanceProfile({ InstanceProfileName });
    for (const RoleName of ['web', 'other'])
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: TRUST });
    await iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName: 'web' });
    await expect(
      iam.addRoleToInstanceProfile({ InstanceProfileName, RoleName: 'other' }),
    ).rejects.toMatchObject(refused('LimitExceeded', 409));
    await expect(iam.deleteRole({ RoleName: 'web' })).rejects.toMatchObject(refused('DeleteConflict', 409));
    expect((await iam.getInstanceProfile({ InstanceProfileName })).InstanceProfile).toMatchObject({
      Arn: `arn:aws:iam::${ACCOUNT}:instance-profile/web`,
      Roles: [{ RoleName: 'web' }],
    });
  });
});

describe('faults of IAM', () => {
  it.each([
    ['throttle', 'Throttling', 400],
    ['internal-error', 'ServiceFailure', 500],
    ['unauthorized', 'AccessDenied', 403],
  ] as const)('%s is answered as %s', async (kind, code, status) => {
    world.faults.add({ operation: 'ListUsers', fault: { kind } });
    await expect(iam.listUsers({})).rejects.toMatchObject(refused(code, status));
  });
});
