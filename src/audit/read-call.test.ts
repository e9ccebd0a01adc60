import { describe, expect, it } from 'vitest';
import { ACCOUNT, callOf, REGION, trailRecord } from '../../test/touches.ts';
import type { Json } from '../model/json.ts';
import { operationName } from './api-call.ts';
import { readCall } from './read-call.ts';

const ORIGIN = { source: 's3://trails/x.json.gz', offset: 0, line: 3 };
const stop = (more: { readonly [member: string]: Json } = {}) =>
  trailRecord('cloudtrail.amazonaws.com', 'StopLogging', { name: 'main' }, null, more);
const without = (member: string): Json =>
  Object.fromEntries(Object.entries(stop()).filter(([name]) => name !== member));
const reasonOf = (record: Json | undefined) => {
  const read = readCall(record, '', ORIGIN);
  return read.ok ? 'a call' : read.reason;
};

describe('a CloudTrail record', () => {
  it('is a call with what it says', () => {
    const raw = JSON.stringify(stop());
    const read = readCall(stop({ sharedEventID: 'shared-1' }), raw, ORIGIN);
    expect(read.ok && read.call).toMatchObject({
      id: 'b0f1c7a2-4a55-4b0e-9a3e-0d8d6c7b1f22',
      sharedId: 'shared-1',
      time: Date.parse('2026-11-24T16:03:33Z'),
      source: 'cloudtrail.amazonaws.com',
      name: 'StopLogging',
      account: ACCOUNT,
      region: REGION,
      request: { name: 'main' },
      response: null,
      resources: null,
      readOnly: false,
      from: '203.0.113.64',
      raw,
      origin: ORIGIN,
    });
    expect(read.ok && 'errorCode' in read.call).toBe(false);
  });

  it('is the same call in the detail of an EventBridge event', () => {
    const event = {
      version: '0',
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.cloudtrail',
      account: ACCOUNT,
      region: REGION,
      detail: stop(),
    };
    expect(callOf(event)).toEqual({ ...callOf(stop()), raw: JSON.stringify(event) });
  });

  it('keeps the error of a call that failed', () => {
    expect(callOf(stop({ errorCode: 'AccessDenied' })).errorCode).toBe('AccessDenied');
  });

  it('of an old version has the account of the caller', () => {
    const { recipientAccountId: _, ...old } = stop();
    expect(callOf(old).account).toBe(ACCOUNT);
  });

  it.each([
    [undefined, 'not a JSON object'],
    [null, 'not a JSON object'],
    [[], 'not a JSON object'],
    [{ 'detail-type': 'x' }, 'not a JSON object'],
    [{}, 'names no call of an API'],
    [without('eventID'), 'has no eventID'],
    [without('eventTime'), 'has no time'],
    [stop({ eventTime: 'yesterday' }), 'has no time'],
    [stop({ eventType: 'AwsConsoleSignIn' }), 'no call of an API: AwsConsoleSignIn'],
    [stop({ eventType: 'AwsServiceEvent' }), 'no call of an API: AwsServiceEvent'],
    [stop({ eventType: 'AwsCloudTrailInsight' }), 'no call of an API: AwsCloudTrailInsight'],
    [stop({ recipientAccountId: '../1', userIdentity: null }), 'names no account'],
  ])('that is none says why', (record, reason) => {
    expect(reasonOf(record)).toBe(reason);
  });
});

describe('the name of an operation', () => {
  it.each([
    ['lambda.amazonaws.com', 'AddPermission20150331v2', 'AddPermission'],
    ['lambda.amazonaws.com', 'CreateFunction20150331', 'CreateFunction'],
    ['cloudfront.amazonaws.com', 'UpdateDistribution2020_05_31', 'UpdateDistribution'],
    ['lambda.amazonaws.com', 'CreateFunctionUrlConfig', 'CreateFunctionUrlConfig'],
    ['ec2.amazonaws.com', 'RunInstances20150331', 'RunInstances20150331'],
  ])('of %s, %s, is %s', (source, name, operation) => {
    expect(operationName({ source, name })).toBe(operation);
  });
});
