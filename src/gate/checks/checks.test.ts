// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes placeholders so
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folderWith, subjectOf } from '../../../test/gate.ts';
import { readChecks } from './configuration.ts';
import { judgeByChecks } from './judge.ts';
import { mayMatch, surelyMatches } from './pattern.ts';

function found(template: string, checks: unknown): string[] {
  const read = readChecks(`${folderWith({ 'checks.json': JSON.stringify(checks) })}/checks.json`);
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join());
  return judgeByChecks(read.value)(subjectOf(template)).map(
    ({ resource, message, verdict }) =>
      `${resource?.logicalId ?? '-'}: ${message}${verdict === 'fail' ? '' : '?'}`,
  );
}

describe('logicalID', () => {
  const template =
    'Parameters: {myName: {Type: String}}\nResources: {MyBucket: {Type: AWS::S3::Bucket}, otherOne: {Type: T}}';

  it('is pascal unless it is said otherwise', () => {
    expect(found(template, { logicalID: {} })).toEqual([
      '-: Logical ID does not match pascalcase',
      'otherOne: Logical ID does not match pascalcase',
    ]);
  });

  it('camel', () => {
    expect(found(template, { logicalID: { case: 'camel' } })).toEqual([
      'MyBucket: Logical ID does not match camelcase',
    ]);
  });
});

describe('resourceType', () => {
  const template = 'Resources: {A: {Type: AWS::S3::Bucket}, B: {Type: AWS::IAM::User}}';

  it.each([
    [{ allow: ['AWS::S3::*'] }, ['B: Resource Type AWS::IAM::User not allowed']],
    [{ deny: ['AWS::IAM::*'] }, ['B: Resource Type AWS::IAM::User denied']],
    [{ deny: ['AWS::EC2::*'] }, []],
    [
      { allow: [] },
      ['A: Resource Type AWS::S3::Bucket not allowed', 'B: Resource Type AWS::IAM::User not allowed'],
    ],
    [{ allow: ['*'], deny: ['*Bucket'] }, ['A: Resource Type AWS::S3::Bucket denied']],
  ])('%j', (resourceType, findings) => {
    expect(found(template, { resourceType })).toEqual(findings);
  });
});

describe('securityGroupInbound', () => {
  const group = (rules: string, others = ''): string => `
Parameters: {Office: {Type: String}, Scheme: {Type: String}}
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x${rules}}}
  ${others}`;
  const open = ', SecurityGroupIngress: [{CidrIp: 0.0.0.0/0}]';
  const balancer = (scheme = ''): string =>
    `Balancer: {Type: AWS::ElasticLoadBalancing::LoadBalancer, Properties: {${scheme}SecurityGroups: [!Ref Group]}}`;
  const instance =
    'Server: {Type: AWS::EC2::Instance, Properties: {SecurityGroupIds: [!GetAtt Group.GroupId]}}';
  const PRIVATE = ['Group: public inbound rules for private attachments found'];
  const ALONE = ['Group: public inbound rules for a security group without a public load balancer found'];

  it.each([
    ['a public load balancer may', group(open, balancer()), []],
    ['an internal one may not', group(open, balancer('Scheme: internal, ')), PRIVATE],
    [
      'one whose scheme is not known: open',
      group(open, balancer('Scheme: !Ref Scheme, ')),
      PRIVATE.map((one) => `${one}?`),
    ],
    ['an instance may not', group(open, instance), PRIVATE],
    ['both with one group may not', group(open, `${balancer()}\n  ${instance}`), PRIVATE],
    ['a group that nothing has may not', group(open), ALONE],
    ['a group without rules and attachment is fine', group(''), []],
    ['one rule instead of a list', group(', SecurityGroupIngress: {CidrIp: 8.8.8.8/32}', instance), PRIVATE],
    [
      'a private network',
      group(', SecurityGroupIngress: [{CidrIp: 10.0.0.0/8}, {CidrIp: 172.16.0.0/12}]', instance),
      [],
    ],
    [
      'a network that is larger than the private one',
      group(', SecurityGroupIngress: [{CidrIp: 10.0.0.0/4}]', instance),
      PRIVATE,
    ],
    ['IPv6 for all', group(', SecurityGroupIngress: [{CidrIpv6: "::/0"}]', instance), PRIVATE],
    ['private IPv6', group(', SecurityGroupIngress: [{CidrIpv6: "fd00::/8"}]', instance), []],
    ['another group', group(', SecurityGroupIngress: [{SourceSecurityGroupId: sg-1}]', instance), []],
    [
      'an address that is not known: open',
      group(', SecurityGroupIngress: [{CidrIp: !Ref Office}]', instance),
      PRIVATE.map((one) => `${one}?`),
    ],
    [
      'a rule of its own, by GetAtt',
      group(
        '',
        `${instance}\n  Rule: {Type: AWS::EC2::SecurityGroupIngress, Properties: {GroupId: !GetAtt Group.GroupId, CidrIp: 0.0.0.0/0}}`,
      ),
      PRIVATE,
    ],
    ['an instance without groups', group('', 'Server: {Type: AWS::EC2::Instance}'), []],
  ])('%s', (_, template, findings) => {
    expect(found(template, { securityGroupInbound: {} })).toEqual(findings);
  });
});

describe('iamInlinePolicy', () => {
  const template = `
Resources:
  A: {Type: AWS::IAM::Role, Properties: {Policies: [{PolicyName: x, PolicyDocument: {}}]}}
  B: {Type: AWS::IAM::Policy, Properties: {PolicyName: x}}
  C: {Type: AWS::IAM::User}
  D: {Type: AWS::IAM::Group, Properties: {Policies: []}}
  E: {Type: AWS::IAM::ManagedPolicy}`;

  it('false denies them, true does not', () => {
    expect(found(template, { iamInlinePolicy: false })).toEqual([
      'A: Inline Policy not allowed',
      'B: Inline Policy not allowed',
    ]);
    expect(found(template, { iamInlinePolicy: true })).toEqual([]);
  });
});

describe('iamPolicy', () => {
  const policy = (statement: string, type = 'AWS::IAM::ManagedPolicy'): string => {
    const document = `{Version: 2012-10-17, Statement: ${statement}}`;
    const inline = /Role|User|Group/.test(type);
    return `Parameters: {Bucket: {Type: String}}\nResources: {P: {Type: ${type}, Properties: {${inline ? `Policies: [{PolicyName: x, PolicyDocument: ${document}}]` : `PolicyDocument: ${document}`}}}}`;
  };
  const S3 = { action: 's3:*', resource: 'arn:aws:s3:::*' };

  it.each([
    'AWS::IAM::ManagedPolicy',
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::IAM::User',
    'AWS::IAM::Group',
  ])('of %s', (type) => {
    const template = policy(
      '[{Effect: Allow, Action: [s3:PutObject, ec2:RunInstances], Resource: "arn:aws:s3:::b/*"}]',
      type,
    );
    expect(found(template, { iamPolicy: { allow: [S3] } })).toEqual([
      'P: Action & Resource ec2:RunInstances & arn:aws:s3:::b/* not allowed',
    ]);
  });

  it.each([
    ['allowed', '[{Effect: Allow, Action: s3:PutObject, Resource: "arn:aws:s3:::b"}]', { allow: [S3] }, []],
    [
      'one statement without a list',
      '{Effect: Allow, Action: s3:PutObject, Resource: "arn:aws:s3:::b"}',
      { allow: [S3] },
      [],
    ],
    [
      'not allowed is denied',
      '[{Effect: Allow, Action: s3:PutObject, Resource: "*"}]',
      { allow: [S3] },
      ['not allowed'],
    ],
    ['nothing is allowed', '[{Effect: Allow, Action: a:b, Resource: x}]', { allow: [] }, ['not allowed']],
    [
      'denied',
      '[{Effect: Allow, Action: s3:PutObject, Resource: "arn:aws:s3:::b"}]',
      { deny: [S3] },
      ['denied'],
    ],
    [
      'not denied is allowed',
      '[{Effect: Allow, Action: s3:PutObject, Resource: x}]',
      { deny: [{ action: 's3:GetObject', resource: '*' }] },
      [],
    ],
    [
      'a wildcard that includes what is denied',
      '[{Effect: Allow, Action: "s3:*", Resource: "*"}]',
      { deny: [{ action: 's3:PutObject', resource: '*' }] },
      ['denied'],
    ],
    [
      'actions have no case',
      '[{Effect: Allow, Action: S3:putobject, Resource: "*"}]',
      { deny: [{ action: 's3:PutObject', resource: '*' }] },
      ['denied'],
    ],
    [
      'NotAction',
      '[{Effect: Allow, NotAction: iam:PassRole, Resource: "*"}]',
      { allow: [{ action: '*', resource: '*' }] },
      ['NotAction'],
    ],
    [
      'NotResource',
      '[{Effect: Allow, Action: s3:PutObject, NotResource: x}]',
      { allow: [{ action: '*', resource: '*' }] },
      ['NotResource'],
    ],
    [
      'a statement that denies is skipped',
      '[{Effect: Deny, NotAction: s3:PutObject, Resource: "*"}]',
      { allow: [] },
      [],
    ],
    [
      'no action means every action',
      '[{Effect: Allow, Resource: x}]',
      { allow: [{ action: 's3:*', resource: '*' }] },
      ['not allowed'],
    ],
    [
      'a part that is not known',
      '[{Effect: Allow, Action: s3:PutObject, Resource: !Sub "arn:aws:s3:::${Bucket}/*"}]',
      { allow: [S3] },
      [],
    ],
    [
      'a resource that is not known',
      '[{Effect: Allow, Action: s3:PutObject, Resource: !Ref Bucket}]',
      { allow: [S3] },
      ['?'],
    ],
    [
      'the older lists',
      '[{Effect: Allow, Action: ec2:RunInstances, Resource: "*"}]',
      { action: { allow: ['s3:*'] }, resource: { deny: ['arn:*'] } },
      ['Action ec2:RunInstances not allowed', 'Resource * denied'],
    ],
  ])('%s', (_, statement, iamPolicy, findings) => {
    const messages = found(policy(statement), { iamPolicy });
    expect(messages).toHaveLength(findings.length);
    for (const [index, part] of findings.entries()) expect(messages[index]).toContain(part);
  });
});

describe('iamManagedPolicy', () => {
  const template = `
Resources:
  Own: {Type: AWS::IAM::ManagedPolicy}
  R: {Type: AWS::IAM::Role, Properties: {ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess', !Ref Own]}}`;

  it('allow and deny', () => {
    expect(found(template, { iamManagedPolicy: { deny: ['arn:aws:iam::aws:policy/Admin*'] } })).toEqual([
      'R: ManagedPolicyARN arn:aws:iam::aws:policy/AdministratorAccess denied',
      'R: ManagedPolicyARN ${Own} denied?',
    ]);
    expect(found(template, { iamManagedPolicy: { allow: ['*'] } })).toEqual([]);
  });
});

describe('the checks file', () => {
  it.each([
    ['an unknown check', '{"logicalId": {}}', 'logicalID'],
    ['a wrong case', '{"logicalID": {"case": "snake"}}', undefined],
  ])('with %s is refused', (_, text, fix) => {
    const read = readChecks(`${folderWith({ 'checks.json': text })}/checks.json`);
    expect(read.ok).toBe(false);
    if (!read.ok && fix !== undefined) expect(read.problems[0]?.fix).toBe(fix);
  });
});

describe('patterns', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', ':'), maxLength: 8 });

  it('match as a regular expression would', () => {
    fc.assert(
      fc.property(text, text, (pattern, value) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
        expect(surelyMatches(pattern, value)).toBe(expression.test(value));
      }),
    );
  });

  it('what surely matches may match', () => {
    fc.assert(
      fc.property(text, text, (pattern, value) => {
        if (surelyMatches(pattern, value)) expect(mayMatch(pattern, value)).toBe(true);
      }),
    );
  });
});
