import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callOf, trailRecord } from '../../../test/touches.ts';
import { TOUCH_TABLES } from '../touches/tables.ts';
import { INVERSES, inverseOf } from './inverse-of.ts';

/** The calls that matter most. */
const WANTED =
  `AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress CreateNetworkAclEntry ModifyInstanceAttribute
  ModifySnapshotAttribute ModifyImageAttribute PutBucketPolicy DeleteBucketPolicy PutBucketAcl DeletePublicAccessBlock
  DeleteBucketEncryption CreateAccessKey CreateLoginProfile AttachUserPolicy AttachRolePolicy AttachGroupPolicy PutUserPolicy
  PutRolePolicy PutGroupPolicy CreatePolicyVersion SetDefaultPolicyVersion UpdateAssumeRolePolicy AddUserToGroup
  DeactivateMFADevice StopLogging DeleteTrail UpdateTrail PutEventSelectors DeleteFlowLogs StopConfigurationRecorder
  DeleteDetector UpdateDetector ModifyDBInstance ScheduleKeyDeletion DisableKey PutKeyPolicy AddPermission
  UpdateFunctionConfiguration CreateFunctionUrlConfig PutResourcePolicy SetQueueAttributes SetTopicAttributes DeleteAlarms
  LeaveOrganization ModifyNetworkInterfaceAttribute ReplaceNetworkAclEntry CreateRoute`.split(/\s+/);

describe('the lines', () => {
  it('are for far more than forty calls, the ones that matter most among them', () => {
    const names = new Set(INVERSES.map(({ name }) => name));
    expect(new Set(INVERSES.map(({ source, name }) => `${source} ${name}`)).size).toBeGreaterThan(150);
    expect(WANTED.filter((name) => !names.has(name))).toEqual([]);
  });

  it('are each for a resource that the call touches, once', () => {
    const keys = INVERSES.map(({ source, name, type }) => `${source} ${name} ${type}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { source, name, type } of INVERSES) {
      const touched = TOUCH_TABLES.filter((table) => table.source === source).flatMap(
        ({ calls }) => calls[name] ?? [],
      );
      expect(
        touched.map((touch) => touch.type),
        `${source} ${name}`,
      ).toContain(type);
    }
  });

  it('are in files that are each proven by one of tests', () => {
    const machinery = ['group-rules.ts', 'inverse.ts', 'permissions.ts'];
    const files = readdirSync(new URL('.', import.meta.url));
    const unproven = files.filter(
      (file) => !file.endsWith('.test.ts') && !files.includes(file.replace('.ts', '.test.ts')),
    );
    expect(unproven).toEqual(machinery);
  });

  it('name permissions as IAM does', () => {
    for (const { permissions } of INVERSES)
      for (const one of permissions) expect(one).toMatch(/^[a-z0-9-]+:[A-Z][A-Za-z]+$/);
  });
});

describe('the way back of a call', () => {
  const call = (name: string, request = {}, source = 'lambda.amazonaws.com') =>
    callOf(trailRecord(source, name, request));

  it('is found whatever the version in its name', () => {
    expect(inverseOf(call('AddPermission20150331v2'))?.name).toBe('AddPermission');
  });

  it('is not there for a call that no line knows, nor for a resource of another type', () => {
    expect(inverseOf(call('Invoke'))).toBeUndefined();
    expect(inverseOf(call('constructor'))).toBeUndefined();
    expect(inverseOf(call('AddPermission20150331v2'), 'AWS::Lambda::Function')).toBeUndefined();
  });

  it('is that of the resource which the parameters are for', () => {
    const policy = { queueUrl: 'q', attributes: { Policy: '{}' } };
    const sqs = 'sqs.amazonaws.com';
    expect(inverseOf(call('SetQueueAttributes', policy, sqs))?.type).toBe('AWS::SQS::QueueInlinePolicy');
    expect(inverseOf(call('SetQueueAttributes', policy, sqs), 'AWS::SQS::Queue')?.type).toBe(
      'AWS::SQS::Queue',
    );
    expect(inverseOf(call('SetQueueAttributes', { attributes: {} }, sqs))?.type).toBe('AWS::SQS::Queue');
  });
});
