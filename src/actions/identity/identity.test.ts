import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, type Acting, acting, subjectOf } from '../../../test/acting.ts';
import { ACCESS_KEY, ROLE, USER } from '../../model/subject.ts';
import type { Action } from '../action.ts';
import { deactivateAccessKey } from './deactivate-access-key.ts';
import { deleteLoginProfile } from './delete-login-profile.ts';
import { detachPolicy } from './detach-policy.ts';
import { quarantinePrincipal } from './quarantine-principal.ts';
import { recordIdentity } from './record-identity.ts';
import { removeFromGroup } from './remove-from-group.ts';
import { REVOCATION, revokeRoleSessions } from './revoke-role-sessions.ts';

const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';
const DENY_ALL = 'arn:aws:iam::aws:policy/AWSDenyAll';
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }],
});
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
  ],
});

/** As CloudTrail names them. */
const ADA = subjectOf(USER, `arn:aws:iam::${ACCOUNT}:user/ada`);
const WEB = subjectOf(ROLE, `arn:aws:sts::${ACCOUNT}:assumed-role/web/i-0123456789abcdef0`);

let stage: Acting;
let keys: string[];

beforeEach(async () => {
  stage = await acting();
  const iam = await stage.aws.use('iam');
  await iam.createUser({ UserName: 'ada' });
  await iam.attachUserPolicy({ UserName: 'ada', PolicyArn: ADMIN });
  await iam.putUserPolicy({ UserName: 'ada', PolicyName: 'own', PolicyDocument: POLICY });
  await iam.createLoginProfile({ UserName: 'ada', Password: 'correct horse battery' });
  for (const GroupName of ['ops', 'staff']) {
    await iam.createGroup({ GroupName });
    await iam.addUserToGroup({ GroupName, UserName: 'ada' });
  }
  keys = [];
  for (let count = 0; count < 2; count++) {
    const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' });
    keys.push(AccessKey?.AccessKeyId ?? '');
  }
  await iam.createRole({ RoleName: 'web', AssumeRolePolicyDocument: TRUST });
  await iam.attachRolePolicy({ RoleName: 'web', PolicyArn: ADMIN });
});
afterEach(() => stage[Symbol.asyncDispose]());

const iam = () => stage.aws.use('iam');
const statuses = async () =>
  (await (await iam()).listAccessKeys({ UserName: 'ada' })).AccessKeyMetadata?.map(({ Status }) => Status);
const attached = async (name = 'ada') => {
  const client = await iam();
  const { AttachedPolicies = [] } =
    name === 'web'
      ? await client.listAttachedRolePolicies({ RoleName: name })
      : await client.listAttachedUserPolicies({ UserName: name });
  return AttachedPolicies.map(({ PolicyArn }) => PolicyArn);
};
const groups = async () =>
  (await (await iam()).listGroupsForUser({ UserName: 'ada' })).Groups?.map(({ GroupName }) => GroupName);
const revocation = async () => {
  const policies = (await (await iam()).listRolePolicies({ RoleName: 'web' })).PolicyNames ?? [];
  if (!policies.includes(REVOCATION)) return undefined;
  const got = await (await iam()).getRolePolicy({ RoleName: 'web', PolicyName: REVOCATION });
  return decodeURIComponent(got.PolicyDocument ?? '');
};
const record = (subject = ADA) => stage.done(recordIdentity, { subject });

describe('record-identity', () => {
  it('writes what IAM says of a user into the case', async () => {
    expect(await record()).toEqual({
      kind: 'user',
      name: 'ada',
      arn: `arn:aws:iam::${ACCOUNT}:user/ada`,
      attachedPolicies: [ADMIN],
      inlinePolicies: { own: POLICY },
      groups: ['ops', 'staff'],
      accessKeys: keys.map((id) => ({ id, status: 'Active' })),
      hasPassword: true,
    });
    const text = stage.piece('identity.json').toString();
    expect(JSON.parse(text)).toMatchObject({
      user: { UserName: 'ada' },
      accessKeys: [{ AccessKeyLastUsed: { ServiceName: 'N/A' } }, {}],
      loginProfile: { UserName: 'ada' },
      policies: { own: POLICY },
    });
  });

  it('and of the role of a session, with who may assume it', async () => {
    expect(await record(WEB)).toMatchObject({ kind: 'role', name: 'web', attachedPolicies: [ADMIN] });
    const text = stage.piece('identity.json').toString();
    expect(JSON.parse(text)).toMatchObject({ role: { AssumeRolePolicyDocument: TRUST } });
  });

  it('finds the user of an access key', async () => {
    expect(await record(subjectOf(ACCESS_KEY, keys[0] ?? ''))).toMatchObject({ name: 'ada' });
  });
});

describe('deactivate-access-key', () => {
  it('deactivates every key of the user, and activates them again', async () => {
    await record();
    expect(await stage.done(deactivateAccessKey, { subject: ADA })).toEqual({
      userName: 'ada',
      accessKeyIds: keys,
    });
    expect(await statuses()).toEqual(['Inactive', 'Inactive']);
    await stage.undo(deactivateAccessKey, { subject: ADA });
    expect(await statuses()).toEqual(['Active', 'Active']);
  });

  it('only the key that the playbook names, or the subject is', async () => {
    await record();
    await stage.done(deactivateAccessKey, { subject: ADA, with: { accessKeyId: keys[1] } });
    expect(await statuses()).toEqual(['Active', 'Inactive']);
    await stage.done(deactivateAccessKey, { subject: subjectOf(ACCESS_KEY, keys[0] ?? '') });
    expect(await statuses()).toEqual(['Inactive', 'Inactive']);
  });

  it('only the keys that signed what was found, whatever the records say besides', async () => {
    await record();
    const signedBy = (accessKeyId: unknown) =>
      JSON.stringify({ eventName: 'CreateUser', userIdentity: { type: 'IAMUser', accessKeyId } });
    const given = { subject: ADA, with: { used: true } };
    const strange = [
      '{',
      'null',
      signedBy(7),
      signedBy('ASIAIOSFODNN7EXAMPLE'),
      signedBy('AKIAIOSFODNN7EXAMPLE'),
    ];
    expect(await stage.act(deactivateAccessKey, { ...given, records: strange })).toMatchObject({
      status: 'ask',
      reason: 'ada has no access key that signed what was found',
    });
    await stage.done(deactivateAccessKey, { ...given, records: [...strange, signedBy(keys[1])] });
    expect(await statuses()).toEqual(['Active', 'Inactive']);
  });

  it('leaves a key that was inactive before as it was, in both directions', async () => {
    await (await iam()).updateAccessKey({ UserName: 'ada', AccessKeyId: keys[0], Status: 'Inactive' });
    await record();
    await stage.done(deactivateAccessKey, { subject: ADA, earlierTry: 'unknown' });
    await stage.undo(deactivateAccessKey, { subject: ADA });
    expect(await statuses()).toEqual(['Inactive', 'Active']);
  });

  it('a key that a person deactivated meanwhile is the business of that person', async () => {
    await record();
    await (await iam()).updateAccessKey({ UserName: 'ada', AccessKeyId: keys[0], Status: 'Inactive' });
    await stage.done(deactivateAccessKey, { subject: ADA });
    await stage.undo(deactivateAccessKey, { subject: ADA });
    expect(await statuses()).toEqual(['Inactive', 'Active']);
  });

  it('knows what it did before its answer was lost', async () => {
    await record();
    const [first = ''] = keys;
    await (await iam()).updateAccessKey({ UserName: 'ada', AccessKeyId: first, Status: 'Inactive' });
    const output = await stage.done(deactivateAccessKey, { subject: ADA, earlierTry: 'unknown' });
    expect(output).toMatchObject({ accessKeyIds: keys });
    const made = stage.made('UpdateAccessKey');
    await stage.done(deactivateAccessKey, { subject: ADA, earlierTry: 'unknown' });
    expect(stage.made('UpdateAccessKey')).toBe(made);
  });

  it('tells of keys that are gone when it is undone', async () => {
    await record();
    await stage.done(deactivateAccessKey, { subject: ADA });
    await (await iam()).deleteAccessKey({ UserName: 'ada', AccessKeyId: keys[0] });
    expect(await stage.undo(deactivateAccessKey, { subject: ADA })).toMatchObject({
      output: [keys[1]],
      proof: expect.stringContaining(`${keys[0]} deleted since`),
    });
  });

  it('has a person look at a role, at a key of somebody else', async () => {
    await record();
    expect(await stage.act(deactivateAccessKey, { subject: WEB })).toMatchObject({
      status: 'ask',
      reason: expect.stringContaining('is a role'),
    });
    const input = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE' };
    expect(await stage.act(deactivateAccessKey, { subject: ADA, with: input })).toMatchObject({
      status: 'ask',
    });
    expect(stage.made('UpdateAccessKey')).toBe(0);
  });
});

describe('revoke-role-sessions', () => {
  it('writes the policy that the console writes, and deletes it', async () => {
    await record(WEB);
    await stage.done(revokeRoleSessions, { subject: WEB });
    expect(JSON.parse((await revocation()) ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: ['*'],
          Resource: ['*'],
          Condition: { DateLessThan: { 'aws:TokenIssueTime': new Date(stage.clock.now()).toISOString() } },
        },
      ],
    });
    await stage.undo(revokeRoleSessions, { subject: WEB });
    expect(await revocation()).toBeUndefined();
  });

  it('puts back the revocation that was there before', async () => {
    const earlier = POLICY;
    await (await iam()).putRolePolicy({ RoleName: 'web', PolicyName: REVOCATION, PolicyDocument: earlier });
    await record(WEB);
    await stage.done(revokeRoleSessions, { subject: WEB });
    expect(await revocation()).not.toBe(earlier);
    await stage.undo(revokeRoleSessions, { subject: WEB });
    expect(await revocation()).toBe(earlier);
  });

  it('leaves a policy that somebody has changed since', async () => {
    await record(WEB);
    await stage.done(revokeRoleSessions, { subject: WEB });
    await (await iam()).putRolePolicy({ RoleName: 'web', PolicyName: REVOCATION, PolicyDocument: POLICY });
    expect(await stage.undo(revokeRoleSessions, { subject: WEB })).toMatchObject({
      output: { restored: false },
    });
    expect(await revocation()).toBe(POLICY);
  });

  it('does not move the time when it runs again', async () => {
    await record(WEB);
    await stage.done(revokeRoleSessions, { subject: WEB });
    const first = await revocation();
    stage.clock.advance(60_000);
    expect(await stage.done(revokeRoleSessions, { subject: WEB, earlierTry: 'unknown' })).toMatchObject({
      document: first,
    });
    expect([await revocation(), stage.made('PutRolePolicy')]).toEqual([first, 1]);
  });

  it('is not for users', async () => {
    await record();
    expect(await stage.act(revokeRoleSessions, { subject: ADA })).toMatchObject({ status: 'ask' });
  });
});

describe('quarantine-principal', () => {
  it.each([
    ['a user', ADA, 'ada'],
    ['the role of a session', WEB, 'web'],
  ])('denies everything to %s, and lets it go', async (_, subject, name) => {
    await record(subject);
    await stage.done(quarantinePrincipal, { subject });
    expect(await attached(name)).toEqual([DENY_ALL, ADMIN].sort());
    await stage.done(quarantinePrincipal, { subject, earlierTry: 'unknown' });
    await stage.undo(quarantinePrincipal, { subject });
    expect(await attached(name)).toEqual([ADMIN]);
  });

  it('takes the policy that the playbook names; one that is not there is refused by AWS', async () => {
    await record();
    const policyArn = 'arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3';
    await stage.done(quarantinePrincipal, { subject: ADA, with: { policyArn } });
    expect(await attached()).toContain(policyArn);
    const none = `arn:aws:iam::${ACCOUNT}:policy/none`;
    await expect(
      stage.act(quarantinePrincipal, { subject: ADA, with: { policyArn: none } }),
    ).rejects.toMatchObject({
      Code: 'NoSuchEntity',
    });
  });

  it.each(['before it was recorded', 'after'])('leaves a policy that a person attached %s', async (when) => {
    const attach = async () => (await iam()).attachUserPolicy({ UserName: 'ada', PolicyArn: DENY_ALL });
    if (when !== 'after') await attach();
    await record();
    if (when === 'after') await attach();
    await stage.done(quarantinePrincipal, { subject: ADA });
    await stage.undo(quarantinePrincipal, { subject: ADA });
    expect(await attached()).toContain(DENY_ALL);
  });
});

describe('detach-policy', () => {
  const input = { policyArn: ADMIN };

  it.each([
    ['a user', ADA, 'ada'],
    ['a role', subjectOf(ROLE, 'web'), 'web'],
  ])('takes a policy from %s, and gives it back', async (_, subject, name) => {
    await record(subject);
    await stage.done(detachPolicy, { subject, with: input });
    expect(await attached(name)).toEqual([]);
    await stage.done(detachPolicy, { subject, with: input, earlierTry: 'unknown' });
    await stage.undo(detachPolicy, { subject, with: input });
    expect(await attached(name)).toEqual([ADMIN]);
  });

  it('does not attach what was not attached', async () => {
    await record();
    await (await iam()).detachUserPolicy({ UserName: 'ada', PolicyArn: ADMIN });
    await stage.done(detachPolicy, { subject: ADA, with: input });
    await stage.undo(detachPolicy, { subject: ADA, with: input });
    expect(await attached()).toEqual([]);
  });
});

describe('remove-from-group', () => {
  it('removes the user from all groups, and adds it again', async () => {
    await record();
    await stage.done(removeFromGroup, { subject: ADA });
    expect(await groups()).toEqual([]);
    expect(await stage.done(removeFromGroup, { subject: ADA, earlierTry: 'unknown' })).toMatchObject({
      groups: ['ops', 'staff'],
    });
    await stage.undo(removeFromGroup, { subject: ADA });
    expect(await groups()).toEqual(['ops', 'staff']);
  });

  it('from one group; a group that is gone is told', async () => {
    await record();
    await stage.done(removeFromGroup, { subject: ADA, with: { group: 'ops' } });
    expect(await groups()).toEqual(['staff']);
    await (await iam()).deleteGroup({ GroupName: 'ops' });
    expect(await stage.undo(removeFromGroup, { subject: ADA })).toMatchObject({
      output: [],
      proof: expect.stringContaining('ops deleted since'),
    });
  });
});

describe('delete-login-profile', () => {
  it('deletes the password, once, and says how the user gets a new one', async () => {
    await stage.done(deleteLoginProfile, { subject: ADA });
    await expect((await iam()).getLoginProfile({ UserName: 'ada' })).rejects.toThrow();
    expect(stage.restore(deleteLoginProfile)).toEqual([
      'aws iam create-login-profile --user-name ada --password-reset-required --password NEW-PASSWORD',
    ]);
    expect(await stage.done(deleteLoginProfile, { subject: ADA })).toMatchObject({ deleted: false });
    expect(stage.restore(deleteLoginProfile)).toEqual([]);
  });
});

describe('every action on an identity', () => {
  const all: [Action, object][] = [
    [recordIdentity, {}],
    [deactivateAccessKey, {}],
    [revokeRoleSessions, {}],
    [quarantinePrincipal, {}],
    [detachPolicy, { policyArn: ADMIN }],
    [removeFromGroup, {}],
    [deleteLoginProfile, {}],
  ];

  it.each(all)('$name asks before it touches the root user, a service or nobody', async (action, input) => {
    await record();
    const before = stage.range.calls.length;
    for (const id of ['root', 'ec2.amazonaws.com', 'arn:aws:iam::999999999999:user/ada', 'a\u0000b']) {
      const outcome = await stage.act(action, { subject: subjectOf(USER, id), with: input });
      expect(outcome).toMatchObject({ status: 'ask' });
    }
    expect(stage.range.calls.length).toBe(before);
  });

  it.each(all.slice(1))('$name does it once when the answer is lost', async (action, input) => {
    const subject = action === revokeRoleSessions ? WEB : ADA;
    await record(subject);
    const writes = () =>
      stage.range.calls
        .filter(({ operation }) => !/^(Get|List)/.test(operation))
        .map(({ operation }) => operation);
    const before = writes().length;
    for (const operation of [
      'UpdateAccessKey',
      'PutRolePolicy',
      'AttachUserPolicy',
      'DetachUserPolicy',
      'RemoveUserFromGroup',
      'DeleteLoginProfile',
    ])
      stage.range.faults.add({ operation, fault: { kind: 'drop-after' } });
    await stage.done(action, { subject, with: input });
    const once = writes().slice(before).length;
    expect(once).toBeGreaterThan(1);
    if (action.undo.kind !== 'by') return;
    await stage.undo(action, { subject, with: input });
    expect([await statuses(), await attached(), await groups(), await revocation()]).toEqual([
      ['Active', 'Active'],
      [ADMIN],
      ['ops', 'staff'],
      undefined,
    ]);
  });

  it.each(all.slice(1))('$name stops when IAM refuses', async (action, input) => {
    const subject = action === revokeRoleSessions ? WEB : ADA;
    await record(subject);
    stage.range.faults.add({ operation: '*', skip: 1, times: 100, fault: { kind: 'unauthorized' } });
    await expect(stage.act(action, { subject, with: input })).rejects.toMatchObject({ Code: 'AccessDenied' });
  });
});
