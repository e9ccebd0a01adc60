import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, acting, subjectOf } from '../../../test/acting.ts';
import { ACCESS_KEY, ROLE, USER } from '../../model/subject.ts';
import { findPrincipal, principalOf } from './principal.ts';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

describe('the user or role that a subject names', () => {
  it.each([
    ['ada', USER, 'user', 'ada'],
    ['web', ROLE, 'role', 'web'],
    [`arn:aws:iam::${ACCOUNT}:user/ada`, USER, 'user', 'ada'],
    [`arn:aws:iam::${ACCOUNT}:user/division/team/ada`, USER, 'user', 'ada'],
    [`arn:aws-cn:iam::${ACCOUNT}:user/ada`, USER, 'user', 'ada'],
    [`arn:aws-us-gov:iam::${ACCOUNT}:role/web`, USER, 'role', 'web'],
    [`arn:aws:iam::${ACCOUNT}:role/service-role/web`, USER, 'role', 'web'],
    [`arn:aws:sts::${ACCOUNT}:assumed-role/web/i-0123456789abcdef0`, ROLE, 'role', 'web'],
    [`arn:aws:sts::${ACCOUNT}:assumed-role/web/ada@example.com`, ROLE, 'role', 'web'],
  ])('%s is a %s', (id, type, kind, name) => {
    expect(principalOf(subjectOf(type, id))).toEqual({ kind, name });
  });

  it.each([
    ['root', /root user/],
    [ACCOUNT, /root user/],
    [`arn:aws:iam::${ACCOUNT}:root`, /root user/],
    ['arn:aws:iam::999999999999:user/ada', /not of account 123456789012/],
    ['arn:aws:sts::999999999999:assumed-role/web/s', /not of account/],
    ['arn:aws:iam:::user/ada', /not of account/],
    [
      `arn:aws:iam::${ACCOUNT}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForGuardDuty`,
      /role of a service/,
    ],
    [`arn:aws:sts::${ACCOUNT}:federated-user/bob`, /federated/],
    ['AIDACKCEVSQ6C2EXAMPLE', /is an id/],
    ['AROACKCEVSQ6C2EXAMPLE:session', /no name/],
    ['AROACKCEVSQ6C2EXAMPLE', /is an id/],
    ['ec2.amazonaws.com', /service of AWS/],
    ['', /no name/],
    ['a b', /no name/],
    ['ada; rm -rf /', /no name/],
    ['../../ada', /no name/],
    ['\u001b[2Jada', /no name/],
    ['ädä', /no name/],
    ['a'.repeat(65), /no name/],
    ['arn:', /no ARN/],
    [`arn:aws:iam::${ACCOUNT}:user/`, /no name/],
    [`arn:aws:iam::${ACCOUNT}:user`, /no name/],
    [`arn:aws:iam::${ACCOUNT}:user/ada:x`, /no ARN/],
    [`arn:aws:iam:us-east-1:${ACCOUNT}:user/ada`, /no ARN/],
    [`arn:evil:iam::${ACCOUNT}:user/ada`, /no ARN/],
    [`arn:aws:iam::${ACCOUNT}:user/$(reboot)`, /no name/],
    [`arn:aws:sts::${ACCOUNT}:assumed-role/web`, /no user and no role/],
    [`arn:aws:sts::${ACCOUNT}:assumed-role/a/b/c`, /no user and no role/],
    [`arn:aws:s3::${ACCOUNT}:user/ada`, /no user and no role/],
    [`arn:aws:iam::${ACCOUNT}:group/ops`, /no user and no role/],
    [`arn:aws:iam::${ACCOUNT}:__proto__/ada`, /no user and no role/],
  ])('%j is refused', (id, reason) => {
    expect(principalOf(subjectOf(USER, id))).toEqual({ refused: expect.stringMatching(reason) });
  });

  it('an access key is its own, whatever the type says', () => {
    expect(principalOf(subjectOf(ACCESS_KEY, 'AKIAIOSFODNN7EXAMPLE'))).toEqual({
      key: 'AKIAIOSFODNN7EXAMPLE',
    });
    expect(principalOf(subjectOf(USER, 'AKIAIOSFODNN7EXAMPLE'))).toEqual({ key: 'AKIAIOSFODNN7EXAMPLE' });
    expect(principalOf(subjectOf(ACCESS_KEY, 'ada'))).toHaveProperty('refused');
  });

  it('has a name that IAM takes, or is refused; nothing throws', () => {
    const part = fc.string({ size: 'max', maxLength: 80 });
    const id = fc.oneof(
      part,
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join(':')),
      part.map((name) => `arn:aws:iam::${ACCOUNT}:user/${name}`),
      part.map((name) => `arn:aws:sts::${ACCOUNT}:assumed-role/${name}`),
    );
    fc.assert(
      fc.property(id, fc.constantFrom(USER, ROLE, ACCESS_KEY, ''), (text, type) => {
        const found = principalOf(subjectOf(type, text));
        if ('name' in found) expect(found.name).toMatch(/^[\w+=,.@-]{1,64}$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('found in the account', () => {
  it('as IAM knows it now; a key by who has it', async () => {
    await using stage = await acting();
    const iam = await stage.aws.use('iam');
    await iam.createUser({ UserName: 'ada', Path: '/eng/' });
    await iam.createRole({ RoleName: 'web', AssumeRolePolicyDocument: TRUST });
    const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' });
    const find = (type: string, id: string) => findPrincipal(stage.aws, subjectOf(type, id));
    expect(await find(USER, `arn:aws:iam::${ACCOUNT}:user/eng/ada`)).toMatchObject({
      kind: 'user',
      name: 'ada',
    });
    expect(await find(ACCESS_KEY, AccessKey?.AccessKeyId ?? '')).toMatchObject({
      name: 'ada',
      accessKeyId: AccessKey?.AccessKeyId,
    });
    expect(await find(ROLE, `arn:aws:sts::${ACCOUNT}:assumed-role/web/i-1`)).toMatchObject({
      kind: 'role',
      arn: `arn:aws:iam::${ACCOUNT}:role/web`,
      partition: 'aws',
    });
  });

  it('never one of the same name, of another account, or Cordon itself', async () => {
    await using stage = await acting();
    const iam = await stage.aws.use('iam');
    await iam.createUser({ UserName: 'ada', Path: '/new/' });
    await iam.createUser({ UserName: 'cordon' });
    const find = async (id: string, account = ACCOUNT) =>
      findPrincipal(stage.aws, { ...subjectOf(USER, id), account });
    const refused = (reason: RegExp) => ({ refused: expect.stringMatching(reason) });
    expect(await find(`arn:aws:iam::${ACCOUNT}:user/old/ada`)).toEqual(refused(/another one of that name/));
    expect(await find('ada', '999999999999')).toEqual(refused(/Cordon works in 123456789012/));
    expect(await find('cordon')).toEqual(refused(/Cordon itself/));
    expect(await find('eve')).toEqual(refused(/no user that IAM knows/));
  });

  it('a role of a service is known by its path, which its sessions do not tell', async () => {
    await using stage = await acting();
    const iam = await stage.aws.use('iam');
    const names = {
      AWSServiceRoleForX: '/aws-service-role/x.amazonaws.com/',
      AWSReservedSSO_a: '/aws-reserved/sso.amazonaws.com/',
    };
    for (const [RoleName, Path] of Object.entries(names))
      await iam.createRole({ RoleName, Path, AssumeRolePolicyDocument: TRUST });
    const find = (name: string) =>
      findPrincipal(stage.aws, subjectOf(ROLE, `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/s`));
    expect(await find('AWSServiceRoleForX')).toEqual({ refused: expect.stringMatching(/role of a service/) });
    expect(await find('AWSReservedSSO_a')).toEqual({ refused: expect.stringMatching(/Identity Center/) });
  });
});
