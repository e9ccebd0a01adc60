import { describe, expect, it } from 'vitest';
import type { ApiCall } from '../src/audit/api-call.ts';
import { readCall } from '../src/audit/read-call.ts';
import type { Touched } from '../src/audit/touched.ts';
import type { TouchTable } from '../src/audit/touches/touch.ts';
import { touchesOf } from '../src/audit/touches/touches-of.ts';
import type { Json } from '../src/model/json.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

/** A record as CloudTrail delivers it, of a call that somebody made at a terminal. */
export function trailRecord(
  source: string,
  name: string,
  request: Json,
  response: Json = null,
  more: { readonly [member: string]: Json } = {},
): { readonly [member: string]: Json } {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLEROLEID1234:alice',
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Developer/alice`,
      accountId: ACCOUNT,
      accessKeyId: 'ASIAEXAMPLEKEYID12345',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLEROLEID1234',
          arn: `arn:aws:iam::${ACCOUNT}:role/Developer`,
          accountId: ACCOUNT,
          userName: 'Developer',
        },
        attributes: { creationDate: '2026-11-24T15:40:12Z', mfaAuthenticated: 'true' },
      },
    },
    eventTime: '2026-11-24T16:03:33Z',
    eventSource: source,
    eventName: name,
    awsRegion: REGION,
    sourceIPAddress: '203.0.113.64',
    userAgent: 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.13.7',
    requestParameters: request,
    responseElements: response,
    requestID: '5c1d0a4e-6e0c-4e27-8d65-3b2f4e0a9d11',
    eventID: 'b0f1c7a2-4a55-4b0e-9a3e-0d8d6c7b1f22',
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    tlsDetails: { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' },
    ...more,
  };
}

export function callOf(record: Json): ApiCall {
  const read = readCall(record, JSON.stringify(record), { source: 'trail.json', offset: 0, line: 1 });
  if (!read.ok) throw new Error(read.reason);
  return read.call;
}

/** `changed AWS::IAM::User bob [Policies]`, and what it is a part of in brackets. */
export function touchedLine({ subject, change, attributes, partOf }: Touched): string {
  const properties = attributes.length === 0 ? '' : ` [${attributes.join(' ')}]`;
  const parent = partOf === undefined ? '' : ` (of ${partOf.type} ${partOf.id})`;
  return `${change} ${subject.type} ${subject.id}${properties}${parent}`;
}

/** The name of the event, its parameters, the answer, and what it touched. */
export type TouchCase = readonly [name: string, request: Json, response: Json, ...touched: string[]];

/** Holds a table to its cases: each says what it says, and no line of the table is without one. */
export function proveTouches(table: TouchTable, cases: readonly TouchCase[]): void {
  describe(`what calls of ${table.source} touch`, () => {
    it.each(
      cases.map(([name, request, response, ...touched]) => ({
        name,
        request,
        response,
        touched,
        line: touched.join(', '),
      })),
    )('$name: $line', ({ name, request, response, touched }) => {
      const call = callOf(trailRecord(table.source, name, request, response));
      expect(touchesOf(call).map(touchedLine)).toEqual(touched);
      for (const { subject } of touchesOf(call)) {
        expect([subject.account, subject.region]).toEqual([ACCOUNT, REGION]);
      }
      const denied = { ...trailRecord(table.source, name, request), errorCode: 'AccessDenied' };
      expect(touchesOf(callOf(denied))).toEqual([]);
    });

    it('has a case for every line', () => {
      const proven = new Set(cases.map(([name]) => name.replace(/20\d{6}(v\d)?$/, '')));
      expect(Object.keys(table.calls).filter((name) => !proven.has(name))).toEqual([]);
    });
  });
}
