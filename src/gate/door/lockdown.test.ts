import { describe, expect, it } from 'vitest';
import { lockdown } from './lockdown.ts';
import type { LockdownNames } from './lockdown-statements.ts';

const NAMES: LockdownNames = {
  account: '123456789012',
  region: 'eu-west-1',
  partition: 'aws',
  door: 'cordon-door',
  hook: 'cordon-hook',
  doorRole: 'cordon-door',
  deployRole: 'cordon-deploy',
  breakGlassRole: 'break-glass',
  exempt: ['AWSControlTowerExecution', 'stacksets-exec-*'],
  uploadBucket: 'cordon-door-123456789012',
  templateBuckets: ['engineers-templates'],
};

function policies(changes: Partial<LockdownNames> = {}) {
  const made = lockdown({ ...NAMES, ...changes });
  if (!made.ok) throw new Error(made.problems.map(({ message }) => message).join('; '));
  return made.value;
}

const statement = (sid: string) =>
  policies()
    .flatMap(({ statements }) => statements)
    .find(({ statement: { Sid } }) => Sid === sid)?.statement;

describe('the policies', () => {
  it('fit into what AWS takes, and every statement says why it is there', () => {
    for (const { kind, size, limit, document, statements } of policies()) {
      expect(limit).toBe(kind === 'managed-policy' ? 6_144 : 5_120);
      expect(size).toBeLessThanOrEqual(limit);
      expect(JSON.stringify(JSON.parse(document))).toHaveLength(size);
      for (const { why } of statements) expect(why).toMatch(/^[A-Z].*\.$/);
      const sids = statements.map(({ statement: { Sid } }) => Sid);
      expect(sids.every((sid) => /^[A-Za-z0-9]+$/.test(sid))).toBe(true);
      expect(new Set(sids).size).toBe(sids.length);
    }
  });

  it('have actions of services, without a wildcard for the service', () => {
    const actions = policies().flatMap(({ statements }) =>
      statements.flatMap(({ statement: { Action } }) => Action),
    );
    for (const action of actions) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z*]+$/);
  });

  it('let engineers invoke one function, and allow them nothing else', () => {
    const [engineers] = policies();
    const allowed = engineers?.statements.filter(({ statement: { Effect } }) => Effect === 'Allow');
    expect(allowed?.map(({ statement: one }) => one)).toEqual([
      {
        Sid: 'KnockAtTheDoor',
        Effect: 'Allow',
        Action: ['lambda:InvokeFunction'],
        Resource: ['arn:aws:lambda:eu-west-1:123456789012:function:cordon-door'],
      },
    ]);
  });

  it('exempt the break-glass role everywhere, but for leaving the organization', () => {
    const denials = policies()
      .filter(({ kind }) => kind === 'service-control-policy')
      .flatMap(({ statements }) => statements.map(({ statement: one }) => one));
    expect(denials.every(({ Effect }) => Effect === 'Deny')).toBe(true);
    const without = denials.filter(
      ({ Condition }) => !JSON.stringify(Condition ?? '').includes('arn:aws:iam::*:role/break-glass'),
    );
    expect(without.map(({ Sid }) => Sid)).toEqual(['StayInTheOrganization']);
  });

  it('let the role of the deployments change resources, but not itself nor the door', () => {
    const deploy = 'arn:aws:iam::*:role/cordon-deploy';
    expect(JSON.stringify(statement('ResourcesThroughStacks')?.Condition)).toContain(deploy);
    for (const sid of ['KeepTheFunctions', 'KeepTheHook', 'KeepTheRoles'])
      expect(JSON.stringify(statement(sid)?.Condition)).not.toContain(deploy);
  });

  it('do not deny what applications do with their data', () => {
    const denied = statement('ResourcesThroughStacks')?.Action ?? [];
    const isDenied = (action: string): boolean =>
      denied.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action));
    for (const action of [
      's3:PutObject',
      's3:DeleteObject',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'sqs:SendMessage',
      'sqs:DeleteMessage',
      'sns:Publish',
      'kinesis:PutRecord',
      'events:PutEvents',
      'logs:PutLogEvents',
      'logs:CreateLogStream',
      'lambda:InvokeFunction',
      'kms:Decrypt',
      'kms:GenerateDataKey',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'states:StartExecution',
      'ssm:GetParameter',
      'ecr:PutImage',
      'ecs:RunTask',
    ])
      expect(isDenied(action), action).toBe(false);
    for (const action of [
      'ec2:AuthorizeSecurityGroupIngress',
      's3:PutBucketPolicy',
      'iam:CreateUser',
      'rds:ModifyDBInstance',
    ])
      expect(isDenied(action), action).toBe(true);
  });
});

describe('names', () => {
  it.each([
    [{ account: '1234' }, 'the account is a number of 12 digits'],
    [{ region: 'europe' }, 'the region looks like eu-west-1'],
    [{ exempt: ['*'] }, '* exempts everybody'],
    [{ door: 'a", "Effect": "Allow' }, 'is no name of a function'],
    [{ deployRole: 'cordon-door' }, 'need a role each'],
  ])('that are wrong are told: %j', (changes, message) => {
    const made = lockdown({ ...NAMES, ...changes });
    expect(made.ok ? '' : made.problems.map((one) => one.message).join()).toContain(message);
  });

  it('that are too many are told', () => {
    const exempt = Array.from({ length: 60 }, (_, index) => `a-role-with-a-long-name-${index}`);
    const made = lockdown({ ...NAMES, exempt });
    expect(made.ok ? [] : made.problems).toMatchObject([
      { file: 'cordon-one-way-in', message: expect.stringMatching(/has \d+ characters, and AWS takes 5120/) },
    ]);
  });
});
