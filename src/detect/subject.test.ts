import { describe, expect, it } from 'vitest';
import { CLOUDTRAIL } from '../formats/cloudtrail/format.ts';
import { subjectTypes } from '../formats/format.ts';
import { GUARDDUTY } from '../formats/guardduty/format.ts';
import type { FieldValue } from '../model/event.ts';
import { partsIn } from './subject.ts';

const ACCOUNT = '123456789012';
const USER = 'AWS::IAM::User';
const ROLE = 'AWS::IAM::Role';

/** A record as rules read it: by dotted paths. */
function at(record: object) {
  return (field: string): FieldValue | undefined => {
    let value: unknown = record;
    for (const part of field.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
    return value as FieldValue | undefined;
  };
}

const parts = partsIn('eu-west-1');
const caller = (userIdentity: object) =>
  parts(CLOUDTRAIL, at({ userIdentity, recipientAccountId: ACCOUNT, awsRegion: 'eu-west-1' }), undefined)
    .subject;
const found = (resource: object, service = { detectorId: 'd-1' }) =>
  parts(GUARDDUTY, at({ accountId: ACCOUNT, region: 'us-east-1', resource, service }), undefined).subject;

describe('who a CloudTrail record is about', () => {
  it.each([
    [USER, `arn:aws:iam::${ACCOUNT}:user/eng/ada`],
    [USER, `arn:aws:iam::${ACCOUNT}:root`],
    [USER, `arn:aws:sts::${ACCOUNT}:federated-user/ada`],
    [ROLE, `arn:aws:iam::${ACCOUNT}:role/web`],
    [ROLE, `arn:aws:sts::${ACCOUNT}:assumed-role/web/i-0123456789abcdef0`],
    [ROLE, `arn:aws-cn:sts::${ACCOUNT}:assumed-role/web/ada@example.com`],
    [USER, `arn:aws:iam::${ACCOUNT}:user/role/ada`],
  ])('is %s, as its ARN says: %s', (type, arn) => {
    const subject = { type, id: arn, account: ACCOUNT, region: 'eu-west-1' };
    expect(caller({ type: 'Whatever', arn })).toEqual(subject);
    expect(caller({ arn, principalId: 'AIDA', userName: 'ada' })).toEqual(subject);
  });

  it('is whom a record names otherwise where it has no ARN', () => {
    expect(caller({ principalId: 'AIDAEXAMPLE' })).toMatchObject({ type: USER, id: 'AIDAEXAMPLE' });
    expect(caller({ invokedBy: 'ec2.amazonaws.com' })).toMatchObject({ id: 'ec2.amazonaws.com' });
    expect(caller({})).toMatchObject({ type: USER, id: 'unknown' });
  });
});

describe('what a GuardDuty finding is about', () => {
  const credentials = (accessKeyDetails: object) => found({ resourceType: 'AccessKey', accessKeyDetails });
  const session = { accessKeyId: 'ASIAEXAMPLE000000', principalId: 'AROAEXAMPLE:i-1' };

  it.each([
    ['a user by name', { userType: 'IAMUser', userName: 'ada', principalId: 'AIDA' }, USER, 'ada'],
    ['a role by name', { ...session, userType: 'AssumedRole', userName: 'web' }, ROLE, 'web'],
    ['the root user', { userType: 'Root', userName: 'Root', principalId: ACCOUNT }, USER, 'root'],
    [
      'a long-term key whose owner is not named',
      { accessKeyId: 'AKIAEXAMPLE000000', principalId: 'AIDA' },
      'AWS::IAM::AccessKey',
      'AKIAEXAMPLE000000',
    ],
    ['an id where there is nothing else', session, USER, 'AROAEXAMPLE:i-1'],
    [
      'an id of somebody else',
      { ...session, userType: 'AWSAccount', userName: 'x' },
      USER,
      session.principalId,
    ],
  ])('is %s', (_, details, type, id) => {
    expect(credentials(details)).toEqual({ type, id, account: ACCOUNT, region: 'us-east-1' });
  });

  it('is the workload, where it is one', () => {
    const web = { userType: 'AssumedRole', userName: 'web' };
    expect(found({ instanceDetails: { instanceId: 'i-1' }, accessKeyDetails: web })).toMatchObject({
      type: 'AWS::EC2::Instance',
      id: 'i-1',
    });
    expect(found({ lambdaDetails: { functionName: 'resize' } })).toMatchObject({
      type: 'AWS::Lambda::Function',
      id: 'resize',
    });
    const arn = `arn:aws:ecs:us-east-1:${ACCOUNT}:task/shop/0123`;
    expect(found({ ecsClusterDetails: { taskDetails: { arn } } })).toMatchObject({
      type: 'AWS::ECS::Task',
      id: arn,
    });
    expect(found({})).toMatchObject({ type: 'AWS::GuardDuty::Detector', id: 'd-1' });
  });
});

describe('the types that findings can be about', () => {
  it('are those that any record may name, each once', () => {
    expect(subjectTypes(CLOUDTRAIL)).toEqual([USER, ROLE]);
    expect(subjectTypes(GUARDDUTY)).toEqual([
      'AWS::EC2::Instance',
      'AWS::Lambda::Function',
      'AWS::ECS::Task',
      USER,
      ROLE,
      'AWS::IAM::AccessKey',
      'AWS::GuardDuty::Detector',
    ]);
  });
});
