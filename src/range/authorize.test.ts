import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { EC2 } from '@aws-sdk/client-ec2';
import { IAM } from '@aws-sdk/client-iam';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatedClock } from './clock.ts';
import { type Range, startRange } from './range.ts';

const ACCOUNT = '123456789012';
const START = 1_800_000_000_000;

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
const OWNER: Credentials = { accessKeyId: 'AKIASIMULATED0000000', secretAccessKey: 'x' };

let clock: ReturnType<typeof simulatedClock>;
let world: Range;
let iam: IAM;

beforeEach(async () => {
  clock = simulatedClock({ start: START, speed: 0 });
  world = await startRange({ clock });
  iam = new IAM(as(OWNER));
});
afterEach(() => world.close());

const as = (credentials: Credentials) => ({
  endpoint: world.endpoint,
  region: 'us-east-1',
  credentials,
  maxAttempts: 1,
  forcePathStyle: true,
});

type Statement = Readonly<Record<string, unknown>>;
const documentOf = (...statements: Statement[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (Action: string | string[], more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
});
const deny = (Action: string, more: Statement = {}): Statement => ({
  ...allow(Action, more),
  Effect: 'Deny',
});

/** A user with one inline policy, and its key. */
async function user(UserName: string, ...statements: Statement[]): Promise<Credentials> {
  await iam.createUser({ UserName });
  if (statements.length > 0)
    await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: documentOf(...statements) });
  const { AccessKey } = await iam.createAccessKey({ UserName });
  return {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
}

/** A role that the account may assume, and a session of it. */
async function session(RoleName: string, ...statements: Statement[]): Promise<Credentials> {
  await iam.createRole({
    RoleName,
    AssumeRolePolicyDocument: trusting({ AWS: `arn:aws:iam::${ACCOUNT}:root` }),
  });
  if (statements.length > 0)
    await iam.putRolePolicy({ RoleName, PolicyName: 'own', PolicyDocument: documentOf(...statements) });
  return assumed(RoleName);
}

const trusting = (Principal: object, more: Statement = {}) =>
  documentOf({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });

async function assumed(RoleName: string, by = OWNER, more: object = {}): Promise<Credentials> {
  const { Credentials: given } = await new STS(as(by)).assumeRole({
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/${RoleName}`,
    RoleSessionName: 'test',
    ...more,
  });
  return {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken ?? '',
  };
}

const DENIED = { name: expect.stringMatching(/^(AccessDenied|UnauthorizedOperation)/) };

describe('what a caller may do', () => {
  it('is nothing until a policy allows it', async () => {
    const ada = await user('ada');
    await expect(new IAM(as(ada)).listUsers({})).rejects.toMatchObject({
      Code: 'AccessDenied',
      $metadata: { httpStatusCode: 403 },
      message: `User: arn:aws:iam::${ACCOUNT}:user/ada is not authorized to perform: iam:ListUsers because no identity-based policy allows the iam:ListUsers action`,
    });
    expect((await new STS(as(ada)).getCallerIdentity({})).Arn).toBe(`arn:aws:iam::${ACCOUNT}:user/ada`);
  });

  it('is what its groups and managed policies allow, and a deny wins', async () => {
    const ada = await user('ada');
    await iam.createGroup({ GroupName: 'ops' });
    await iam.attachGroupPolicy({ GroupName: 'ops', PolicyArn: 'arn:aws:iam::aws:policy/IAMReadOnlyAccess' });
    await iam.addUserToGroup({ GroupName: 'ops', UserName: 'ada' });
    await new IAM(as(ada)).listUsers({});
    await iam.attachUserPolicy({ UserName: 'ada', PolicyArn: 'arn:aws:iam::aws:policy/AWSDenyAll' });
    await expect(new IAM(as(ada)).listUsers({})).rejects.toMatchObject({
      message: expect.stringContaining('with an explicit deny in an identity-based policy'),
    });
  });

  it('is what the default version of a managed policy says', async () => {
    const ada = await user('ada');
    const PolicyArn = `arn:aws:iam::${ACCOUNT}:policy/p`;
    await iam.createPolicy({ PolicyName: 'p', PolicyDocument: documentOf(allow('iam:ListUsers')) });
    await iam.attachUserPolicy({ UserName: 'ada', PolicyArn });
    await new IAM(as(ada)).listUsers({});
    const PolicyDocument = documentOf(allow('iam:ListRoles'));
    await iam.createPolicyVersion({ PolicyArn, PolicyDocument, SetAsDefault: true });
    await expect(new IAM(as(ada)).listUsers({})).rejects.toMatchObject(DENIED);
  });

  it('is no more than the permissions boundary', async () => {
    const ada = await user('ada', allow('*'));
    const PermissionsBoundary = 'arn:aws:iam::aws:policy/IAMReadOnlyAccess';
    await iam.putUserPermissionsBoundary({ UserName: 'ada', PermissionsBoundary });
    await new IAM(as(ada)).listUsers({});
    await expect(new IAM(as(ada)).createGroup({ GroupName: 'x' })).rejects.toMatchObject(DENIED);
  });

  it.each<[string, Statement, boolean]>([
    ['another name of the action in other letters', allow('S3:getobject'), true],
    ['a wildcard in the action', allow('s3:Get*'), true],
    ['the very object', allow('s3:*', { Resource: 'arn:aws:s3:::logs/a/b' }), true],
    [
      'a wildcard in the resource',
      allow('s3:*', { Resource: ['arn:aws:s3:::other', 'arn:aws:s3:::logs/*'] }),
      true,
    ],
    ['the bucket alone', allow('s3:*', { Resource: 'arn:aws:s3:::logs' }), false],
    ['another object', allow('s3:*', { Resource: 'arn:aws:s3:::logs/b/*' }), false],
    ['everything but the action', { Effect: 'Allow', NotAction: 's3:GetObject', Resource: '*' }, false],
    ['everything but another action', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }, true],
    [
      'everything but the object',
      { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::logs/a/*' },
      false,
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    ['a variable', allow('s3:*', { Resource: 'arn:aws:s3:::logs/${aws:username}/*' }), true],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    ['a variable that nobody has', allow('s3:*', { Resource: 'arn:aws:s3:::logs/${aws:nothing}*' }), false],
  ])('with a policy of %s', async (_, statement, allowed) => {
    const owner = new S3(as(OWNER));
    await owner.createBucket({ Bucket: 'logs' });
    await owner.putObject({ Bucket: 'logs', Key: 'a/b', Body: 'x' });
    const call = new S3(as(await user('a', statement))).getObject({ Bucket: 'logs', Key: 'a/b' });
    if (allowed) expect(await (await call).Body?.transformToString()).toBe('x');
    else await expect(call).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it.each<[string, Statement, boolean]>([
    ['a time that has not come', { DateLessThan: { 'aws:CurrentTime': '2027-02-01T00:00:00Z' } }, true],
    ['a time that is over', { DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } }, false],
    ['the region', { StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'us-east-1'] } }, true],
    ['not the region', { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } }, false],
    ['the tag of the user', { StringLike: { 'aws:PrincipalTag/team': 'r*d' } }, true],
    ['the ARN of the user', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/ada' } }, true],
    ['an MFA, which a key has not', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }, false],
    ['an MFA if it is known', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }, true],
    ['no token', { Null: { 'aws:TokenIssueTime': 'true' } }, true],
    [
      'two of which one fails',
      { Bool: { 'aws:SecureTransport': 'true' }, Null: { 'aws:username': 'true' } },
      false,
    ],
    ['something that the range does not know', { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }, false],
    ['an operator that nobody knows', { StringAbout: { 'aws:username': 'ada' } }, false],
  ])('on the condition of %s', async (_, Condition, allowed) => {
    const ada = await user('ada', allow('iam:ListUsers', { Condition }));
    await iam.tagUser({ UserName: 'ada', Tags: [{ Key: 'team', Value: 'red' }] });
    const call = new IAM(as(ada)).listUsers({});
    if (allowed) await call;
    else await expect(call).rejects.toMatchObject(DENIED);
  });

  it('a deny whose condition the range does not know denies', async () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
    const ada = await user('ada', allow('*'), deny('iam:ListUsers', { Condition }));
    await expect(new IAM(as(ada)).listUsers({})).rejects.toMatchObject(DENIED);
  });

  it('who tags what is made needs the right to tag', async () => {
    const ada = await user('ada', allow('ec2:CreateSecurityGroup'));
    world.account.vpcs.set('vpc-1', { id: 'vpc-1', cidr: '10.0.0.0/16' });
    const create = (TagSpecifications?: object[]) =>
      new EC2(as(ada)).createSecurityGroup({
        GroupName: 'g',
        Description: 'd',
        VpcId: 'vpc-1',
        ...(TagSpecifications === undefined ? {} : { TagSpecifications }),
      });
    await expect(
      create([{ ResourceType: 'security-group', Tags: [{ Key: 'a', Value: 'b' }] }]),
    ).rejects.toMatchObject({ message: expect.stringContaining('ec2:CreateTags') });
    await create();
  });

  it('without a right nobody learns whether something is there', async () => {
    const ada = await user('ada');
    await expect(new IAM(as(ada)).getUser({ UserName: 'eve' })).rejects.toMatchObject(DENIED);
    const none = { InstanceIds: ['i-0123456789abcdef0'], DryRun: true };
    await expect(new EC2(as(ada)).terminateInstances(none)).rejects.toMatchObject(DENIED);
  });
});

describe('a refusal', () => {
  it('looks as the service writes it', async () => {
    const ada = as(await user('ada'));
    const told = `User: arn:aws:iam::${ACCOUNT}:user/ada is not authorized to perform:`;
    await expect(new EC2(ada).describeInstances({})).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: `You are not authorized to perform this operation. ${told} ec2:DescribeInstances because no identity-based policy allows the ec2:DescribeInstances action`,
      $metadata: { httpStatusCode: 403 },
    });
    await expect(new S3(ada).listObjectsV2({ Bucket: 'logs' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`${told} s3:ListBucket on resource: arn:aws:s3:::logs because`),
    });
    await expect(new SQS(ada).createQueue({ QueueName: 'q' })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `${told} sqs:CreateQueue on resource: arn:aws:sqs:us-east-1:${ACCOUNT}:q`,
      ),
    });
    await expect(new CloudFormation(ada).describeStacks({})).rejects.toMatchObject({
      Code: 'AccessDenied',
      message: expect.stringContaining(`${told} cloudformation:DescribeStacks`),
    });
  });

  it('of credentials that are good for nothing, too', async () => {
    const ada = await user('ada', allow('*'));
    await iam.updateAccessKey({ UserName: 'ada', AccessKeyId: ada.accessKeyId, Status: 'Inactive' });
    const refusals = await Promise.allSettled([
      new EC2(as(ada)).describeInstances({}),
      new S3(as(ada)).createBucket({ Bucket: 'b' }),
      new SQS(as(ada)).createQueue({ QueueName: 'q' }),
      new STS(as(ada)).getCallerIdentity({}),
    ]);
    expect(
      refusals.map(
        (one) => one.status === 'rejected' && [one.reason.name, one.reason.$metadata.httpStatusCode],
      ),
    ).toEqual([
      ['AuthFailure', 401],
      ['InvalidAccessKeyId', 403],
      ['UnrecognizedClientException', 403],
      ['InvalidClientTokenId', 403],
    ]);
  });
});

describe('a session of a role', () => {
  it('may do what the role may, and is told as an assumed role', async () => {
    const web = await session('web', allow('iam:ListUsers'));
    await new IAM(as(web)).listUsers({});
    await expect(new IAM(as(web)).listRoles({})).rejects.toMatchObject({
      message: expect.stringContaining(`User: arn:aws:sts::${ACCOUNT}:assumed-role/web/test is not`),
    });
    expect(await new STS(as(web)).getCallerIdentity({})).toMatchObject({
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:test$/),
    });
  });

  it('is over after its time, and with its role', async () => {
    const web = await session('web', allow('*'));
    clock.advance(3_600_000);
    await expect(new IAM(as(web)).listUsers({})).rejects.toMatchObject({ Code: 'ExpiredToken' });
    const again = await assumed('web');
    await iam.deleteRolePolicy({ RoleName: 'web', PolicyName: 'own' });
    await iam.deleteRole({ RoleName: 'web' });
    await expect(new STS(as(again)).getCallerIdentity({})).rejects.toMatchObject({
      Code: 'InvalidClientTokenId',
    });
  });

  it('is nothing without its token', async () => {
    const { accessKeyId, secretAccessKey } = await session('web', allow('*'));
    await expect(new IAM(as({ accessKeyId, secretAccessKey })).listUsers({})).rejects.toMatchObject({
      Code: 'InvalidClientTokenId',
    });
  });

  it('that is older than a revocation is denied everything, a newer one is not', async () => {
    const old = await session('web', allow('*'));
    clock.advance(60_000);
    const cut = new Date(START + 60_000).toISOString();
    await iam.putRolePolicy({
      RoleName: 'web',
      PolicyName: 'AWSRevokeOlderSessions',
      PolicyDocument: documentOf(deny('*', { Condition: { DateLessThan: { 'aws:TokenIssueTime': cut } } })),
    });
    await expect(new IAM(as(old)).listUsers({})).rejects.toMatchObject(DENIED);
    await new IAM(as(await assumed('web'))).listUsers({});
  });

  it('is narrowed by its own policy', async () => {
    await session('web', allow('iam:*'));
    const narrow = await assumed('web', OWNER, { Policy: documentOf(allow('iam:ListRoles')) });
    await new IAM(as(narrow)).listRoles({});
    await expect(new IAM(as(narrow)).listUsers({})).rejects.toMatchObject(DENIED);
  });

  it('is given to whom the role trusts', async () => {
    const ada = await user('ada');
    const may = await user('may', allow('sts:AssumeRole'));
    const role = async (RoleName: string, trust: string) => {
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust });
      const tries = await Promise.allSettled([assumed(RoleName, ada), assumed(RoleName, may)]);
      return tries.map(({ status }) => status === 'fulfilled');
    };
    const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
    expect(await role('service', trusting({ Service: 'ec2.amazonaws.com' }))).toEqual([false, false]);
    expect(await role('account', trusting(root))).toEqual([false, true]);
    expect(await role('ada-only', trusting({ AWS: `arn:aws:iam::${ACCOUNT}:user/ada` }))).toEqual([
      true,
      false,
    ]);
    const Condition = { StringEquals: { 'sts:ExternalId': 'secret' } };
    expect(await role('external', trusting(root, { Condition }))).toEqual([false, false]);
    await assumed('external', may, { ExternalId: 'secret' });
  });
});
