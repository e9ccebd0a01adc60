import { NormalizedSchema } from '@smithy/core/schema';
import type { SchemaRef } from '@smithy/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inverseOf } from '../src/audit/inverses/inverse-of.ts';
import { touchesOf } from '../src/audit/touches/touches-of.ts';
import type { BackCall, Inverse, States } from '../src/audit/way-back.ts';
import { connectionOf } from '../src/aws/clients.ts';
import { openService, type ServiceName } from '../src/aws/services.ts';
import type { Json } from '../src/model/json.ts';
import { callOf, REGION, trailRecord } from './touches.ts';

/** The parts of the SDK that the ways back call. */
const PACKAGES: { readonly [Name in ServiceName]?: string } = {
  cloudtrail: 'cloudtrail',
  cloudwatch: 'cloudwatch',
  config: 'config-service',
  ec2: 'ec2',
  elasticloadbalancing: 'elastic-load-balancing-v2',
  guardduty: 'guardduty',
  iam: 'iam',
  kms: 'kms',
  lambda: 'lambda',
  logs: 'cloudwatch-logs',
  organizations: 'organizations',
  rds: 'rds',
  s3: 's3',
  s3control: 's3-control',
  secretsmanager: 'secrets-manager',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
};

/** IAM actions that have another name than the operation. Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3". */
const ACTIONS: Readonly<Record<string, string>> = {
  's3:DeleteBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:DeleteBucketLifecycle': 's3:PutLifecycleConfiguration',
  's3:DeleteBucketOwnershipControls': 's3:PutBucketOwnershipControls',
  's3:DeleteBucketReplication': 's3:PutReplicationConfiguration',
  's3:DeletePublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3:PutBucketEncryption': 's3:PutEncryptionConfiguration',
  's3:PutBucketLifecycleConfiguration': 's3:PutLifecycleConfiguration',
  's3:PutPublicAccessBlock': 's3:PutBucketPublicAccessBlock',
  's3control:DeletePublicAccessBlock': 's3:PutAccountPublicAccessBlock',
  's3control:PutPublicAccessBlock': 's3:PutAccountPublicAccessBlock',
};

/** Milliseconds: a part of the SDK is loaded with the first test that needs it. */
const SDK_TIME = 60_000;

interface Given {
  readonly request: Json;
  readonly response?: Json;
  readonly before?: Json;
  readonly after?: Json;
  /** Of the resource, where the call touches resources of several types. */
  readonly type?: string;
  /** Other members of the record. */
  readonly more?: { readonly [member: string]: Json };
}

/** The calls that are made, as `service Operation` and input; or `none: why`, `unknown: why`, `nothing: why`. */
type Expected = string | readonly (readonly [operation: string, input: Json])[];

export type InverseCase = readonly [name: string, given: Given, expected: Expected];

/** Holds lines to their cases: the exact calls, valid for the SDK, with no permission missing. */
export function proveInverses(lines: readonly Inverse[], cases: readonly InverseCase[]): void {
  const source = lines[0]?.source ?? '';
  const rows = cases.map(([name, given, expected]) => ({ name, given, expected }));
  const lineOf = ({ name, given }: { readonly name: string; readonly given: Given }) => {
    const call = callOf(trailRecord(source, name, given.request, given.response ?? null, given.more));
    return { call, line: inverseOf(call, given.type) };
  };

  describe(`ways back of calls of ${source}`, () => {
    it.each(rows)(
      '$name',
      async ({ name, given, expected }) => {
        const { call, line } = lineOf({ name, given });
        if (line === undefined) throw new Error('no line for it');
        const subject = touchesOf(call).find((one) => one.subject.type === line.type)?.subject;
        const way = line.plan(call, statesOf(given), subject);
        if (typeof expected === 'string') {
          const said = way.kind === 'calls' ? way.does : `${way.kind}: ${way.why}`;
          expect(said).toContain(expected);
          if (way.kind === 'none') expect(way.instead.length).toBeGreaterThan(0);
          if (way.kind === 'calls') expect(way.calls).toEqual([]);
          return;
        }
        if (way.kind !== 'calls') throw new Error(way.why);
        expect(way.calls.map(({ service, operation, input }) => [`${service} ${operation}`, input])).toEqual(
          expected,
        );
        expect(way.does).not.toMatch(/undefined|\[object/);
        for (const back of way.calls) {
          expect(await faultsOf(back), `${back.service} ${back.operation}`).toEqual([]);
          const action = `${back.service}:${back.operation}`;
          expect(line.permissions).toContain(ACTIONS[action] ?? action);
        }
      },
      SDK_TIME,
    );

    it('has a case for every line, and not only of what is not known', () => {
      const proven = new Set(
        rows
          .filter(({ expected }) => typeof expected !== 'string' || expected.startsWith('none'))
          .map((row) => lineOf(row).line),
      );
      expect(lines.filter((line) => !proven.has(line)).map(({ name, type }) => `${name} ${type}`)).toEqual(
        [],
      );
    });

    it('is for resources that the calls touch', () => {
      for (const row of rows) {
        const { call, line } = lineOf(row);
        if (row.given.type === undefined && !row.expected.toString().startsWith('unknown: the record'))
          expect(touchesOf(call).map(({ subject }) => subject.type)).toContain(line?.type);
      }
    });

    it('plans no call from a record that says nothing, and never throws', () => {
      for (const line of lines) {
        const way = line.plan(callOf(trailRecord(source, line.name, null)), {});
        expect(way.kind, line.name).not.toBe('calls');
      }
      const json = fc.jsonValue({ maxDepth: 4 }).map((value) => value as Json);
      for (const line of lines) {
        fc.assert(
          fc.property(json, json, json, json, (request, response, before, after) => {
            const call = callOf(trailRecord(source, line.name, request, response));
            line.plan(call, { before, after });
            line.plan(call, {});
          }),
          { numRuns: 20 },
        );
      }
    });
  });
}

function statesOf({ before, after }: Given): States {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

/** What the SDK would not send or AWS not take: operations and members that are not there, wrong kinds, what is missing. */
async function faultsOf({ service, operation, input }: BackCall): Promise<string[]> {
  const client = await openService(service, { ...connectionOf({ region: REGION }), maxAttempts: 1 });
  const method = operation.charAt(0).toLowerCase() + operation.slice(1);
  if (typeof (client as unknown as Record<string, unknown>)[method] !== 'function') return ['no such method'];
  const sdk = (await import(`@aws-sdk/client-${PACKAGES[service] ?? 'none'}`)) as Record<string, unknown>;
  const schema = sdk[`${operation}$`];
  if (!Array.isArray(schema)) return ['no such operation'];
  return faultsAt(NormalizedSchema.of(schema[4] as SchemaRef), input, operation);
}

function faultsAt(schema: NormalizedSchema, value: Json, path: string): string[] {
  if (schema.isStructSchema()) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no object`];
    const members = schema.getMemberSchemas();
    const [, , , , names = [], , required = 0] = schema.getSchema() as readonly unknown[] as [
      unknown,
      unknown,
      unknown,
      unknown,
      string[]?,
      unknown?,
      number?,
    ];
    const missing = names.slice(0, required).filter((name) => !Object.hasOwn(value, name));
    return [
      ...missing.map((name) => `${path}.${name} is missing`),
      ...Object.entries(value).flatMap(([name, one]) => {
        const member = Object.hasOwn(members, name) ? members[name] : undefined;
        return member === undefined
          ? [`${path}.${name} is not known`]
          : faultsAt(member, one, `${path}.${name}`);
      }),
    ];
  }
  if (schema.isListSchema())
    return Array.isArray(value)
      ? value.flatMap((one, at) => faultsAt(schema.getValueSchema(), one, `${path}[${at}]`))
      : [`${path} is no list`];
  if (schema.isMapSchema())
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value).flatMap(([name, one]) =>
          faultsAt(schema.getValueSchema(), one, `${path}.${name}`),
        )
      : [`${path} is no map`];
  if (schema.isBooleanSchema()) return typeof value === 'boolean' ? [] : [`${path} is no truth value`];
  if (schema.isNumericSchema()) return typeof value === 'number' ? [] : [`${path} is no number`];
  return typeof value === 'string' ? [] : [`${path} is no text`];
}
