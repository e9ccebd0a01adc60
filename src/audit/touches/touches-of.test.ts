import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callOf, touchedLine, trailRecord } from '../../../test/touches.ts';
import type { Json } from '../../model/json.ts';
import { readCall } from '../read-call.ts';
import { TOUCH_TABLES } from './tables.ts';
import { touchesOf } from './touches-of.ts';

const names = TOUCH_TABLES.flatMap(({ source, calls }) => Object.keys(calls).map((name) => [source, name]));
const group = { groupId: 'sg-1' };

describe('the tables', () => {
  it('know far more than 120 calls, each once', () => {
    expect(names.length).toBeGreaterThan(400);
    expect(new Set(names.map(String)).size).toBe(names.length);
  });

  it('are each proven by a file of tests', () => {
    const files = readdirSync(new URL('.', import.meta.url));
    const tables = files.filter((file) => files.includes(file.replace(/\.ts$/, '.test.ts')));
    const machinery = ['arn.ts', 'conversions.ts', 'places.ts', 'tables.ts', 'touch.ts', 'touches-of.ts'];
    expect(
      files.filter(
        (file) => !/\.test\.ts$/.test(file) && !tables.includes(file) && !machinery.includes(file),
      ),
    ).toEqual([]);
  });

  it('have only places that the records have', () => {
    for (const { calls } of TOUCH_TABLES) {
      for (const { id, partOf } of Object.values(calls).flat()) {
        for (const one of [...id, ...(partOf?.id ?? [])]) {
          const places = one.includes('{')
            ? [...one.matchAll(/\{([^}]+)\}/g)].map(([, place = '']) => place)
            : [one];
          for (const place of places) {
            expect(place).toMatch(
              /^(request|response|identity|resources\[\])\.|^(account|region|partition)$/,
            );
          }
        }
      }
    }
  });
});

describe('a call', () => {
  const touched = (more: { readonly [member: string]: Json }, source = 'ec2.amazonaws.com') =>
    touchesOf(callOf(trailRecord(source, 'AuthorizeSecurityGroupIngress', group, null, more)));

  it('that failed touches nothing', () => {
    expect(touched({})).toHaveLength(1);
    expect(touched({ errorCode: 'Client.UnauthorizedOperation' })).toEqual([]);
    expect(touched({ errorCode: 'Client.DryRunOperation' })).toEqual([]);
  });

  it('that only reads touches nothing', () => {
    expect(touched({ readOnly: true })).toEqual([]);
    expect(touched({ readOnly: 'true' })).toEqual([]);
  });

  it('of another service with the same name touches nothing', () => {
    expect(touched({}, 'ec3.amazonaws.com')).toEqual([]);
  });

  it('with a name from the prototype of objects touches nothing', () => {
    for (const eventName of ['constructor', '__proto__', 'toString'])
      expect(touched({ eventName })).toEqual([]);
  });

  it('touches each resource once', () => {
    const resourcesSet = { items: [{ resourceId: 'i-1' }, { resourceId: 'i-1' }] };
    const call = callOf(trailRecord('ec2.amazonaws.com', 'CreateTags', { resourcesSet }));
    expect(touchesOf(call).map(touchedLine)).toEqual(['changed AWS::EC2::Instance i-1 [Tags]']);
  });

  it('is the owner’s where its record in the caller’s trail says so', () => {
    const record = trailRecord('s3.amazonaws.com', 'PutBucketPolicy', { bucketName: 'theirs' }, null, {
      resources: [{ accountId: '210987654321', type: 'AWS::S3::Bucket', ARN: 'arn:aws:s3:::theirs' }],
    });
    expect(touchesOf(callOf(record))[0]?.subject.account).toBe('210987654321');
  });

  it('of another service’s ARN does not move the resource to that account', () => {
    const request = { principalArn: 'arn:aws:iam::999999999999:role/x', name: 'prod' };
    const call = callOf(trailRecord('eks.amazonaws.com', 'CreateAccessEntry', request));
    expect(touchesOf(call)[0]?.subject.account).toBe('123456789012');
  });

  it('with thousands of resources is bounded', () => {
    const items = Array.from({ length: 5_000 }, (_, index) => ({ instanceId: `i-${index}` }));
    const call = callOf(trailRecord('ec2.amazonaws.com', 'TerminateInstances', { instancesSet: { items } }));
    expect(touchesOf(call)).toHaveLength(1_000);
  });
});

describe('whatever JSON there is', () => {
  const json = fc.jsonValue({ maxDepth: 6 }).map((value) => value as Json);

  it('is read, or said to be none, and never throws', () => {
    fc.assert(
      fc.property(json, (record) => {
        readCall(record, '', { source: '', offset: 0, line: 1 });
      }),
    );
  });

  it('in the place of the parameters never throws', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        json,
        json,
        json,
        ([source = '', name = ''], request, response, resources) => {
          const record = trailRecord(source, name, request, response, { resources });
          for (const { subject } of touchesOf(callOf(record))) expect(subject.id).not.toBe('');
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
