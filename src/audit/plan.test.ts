import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, callOf, REGION, trailRecord } from '../../test/touches.ts';
import type { Json } from '../model/json.ts';
import type { ResourceChange } from '../model/resource.ts';
import type { ApiCall } from './api-call.ts';
import { INVERSES, inverseOf } from './inverses/inverse-of.ts';
import { changesIn } from './note.ts';
import { planWayBack } from './plan.ts';
import { TOUCH_TABLES } from './touches/tables.ts';

const NOBODY = { cordon: [], door: [], deploy: [] };
const SETTINGS = { inverseOf, token: 'case-1' };

function changed(call: ApiCall, more: Partial<ResourceChange> = {}): ResourceChange {
  const [change] = changesIn(
    {
      format: 'cloudtrail',
      time: call.time,
      fields: JSON.parse(call.raw),
      raw: call.raw,
      origin: call.origin,
    },
    call.time,
    NOBODY,
  );
  if (change === undefined) throw new Error('it touches nothing');
  return { ...change, ...more };
}

describe('how changes are taken back', () => {
  const stage = { account: ACCOUNT, region: REGION };
  const api = { type: 'AWS::ApiGateway::Stage', id: 'api|prod', ...stage };
  const call = callOf(trailRecord('apigateway.amazonaws.com', 'UpdateStage', {}));
  const change: ResourceChange = {
    id: call.id,
    subject: api,
    change: 'changed',
    attributes: ['TracingEnabled'],
    at: call.time,
    notedAt: call.time,
    call: 'apigateway:UpdateStage',
    by: 'ada',
    state: 'judged',
    against: [],
    raw: call.raw,
    origin: call.origin,
  };
  const after = { TracingEnabled: false, Description: 'somebody else wrote it' };

  it('without an inverse is a patch of what the call touched, to the last compliant state', () => {
    const compliant = { TracingEnabled: true, Description: 'long ago' };
    const plan = planWayBack(api, [{ change, call }], { after, compliant }, SETTINGS);
    expect(plan).toMatchObject({
      kind: 'calls',
      calls: [
        {
          service: 'cloudcontrol',
          operation: 'UpdateResource',
          input: {
            TypeName: api.type,
            Identifier: api.id,
            ClientToken: 'case-1',
            PatchDocument: JSON.stringify([{ op: 'replace', path: '/TracingEnabled', value: true }]),
          },
        },
      ],
    });
  });

  it.each<[string, Partial<ResourceChange>, { after: Json; compliant?: Json }, string]>([
    ['no compliant state is known', {}, { after }, 'cordon audit baseline'],
    ['it is gone', {}, { after: null, compliant: after }, 'cannot be read'],
    ['it is as it was', {}, { after, compliant: after }, 'as they were'],
    [
      'it was made by the call: nothing is deleted',
      { change: 'created' },
      { after, compliant: after },
      'created api|prod',
    ],
    ['nobody knows what was touched', { attributes: [] }, { after, compliant: {} }, 'not known'],
  ])('is left to a person when %s', (_, more, states, why) => {
    const plan = planWayBack(api, [{ change: { ...change, ...more }, call }], states, SETTINGS);
    if (plan.kind === 'calls') throw new Error(plan.does);
    expect(plan.why).toContain(why);
  });

  it('takes the newest back first', () => {
    const rule = (port: number): Json => ({
      groupId: 'sg-0a1b2c3d4e5f60718',
      ipPermissions: {
        items: [
          {
            ipProtocol: 'tcp',
            fromPort: port,
            toPort: port,
            ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] },
          },
        ],
      },
    });
    const calls = [22, 23].map((port) =>
      callOf(trailRecord('ec2.amazonaws.com', 'AuthorizeSecurityGroupIngress', rule(port))),
    );
    const changes = calls.map((one) => ({ change: changed(one), call: one }));
    const subject = changed(calls[0] as ApiCall).subject;
    const plan = planWayBack(subject, changes, { before: {}, after: {} }, SETTINGS);
    if (plan.kind !== 'calls') throw new Error(plan.why);
    expect(plan.calls.map(({ input }) => JSON.stringify(input).match(/"FromPort":(\d+)/)?.[1])).toEqual([
      '23',
      '22',
    ]);
  });

  it('never throws, whatever stands in the record and in the states', () => {
    const known = TOUCH_TABLES.flatMap(({ source, calls }) =>
      Object.keys(calls).map((name) => ({ source, name })),
    );
    const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
    const states = fc.record(
      { before: json, after: json, compliant: json },
      { requiredKeys: [] },
    ) as fc.Arbitrary<{ before?: Json; after?: Json; compliant?: Json }>;
    const ways = fc.constantFrom('created', 'changed', 'deleted');
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(), request: json, response: json, way: ways }), { maxLength: 3 }),
        states,
        fc.constantFrom(...INVERSES.map(({ type }) => type)),
        (given, known_, type) => {
          const changes = given.map(({ at, request, response, way }) => {
            const { source, name } = known[at % known.length] ?? { source: '', name: '' };
            const call = callOf(trailRecord(source, name, request, response));
            return { call, change: { ...change, change: way as ResourceChange['change'] } };
          });
          const plan = planWayBack({ ...api, type }, changes, known_, SETTINGS);
          expect(['calls', 'none', 'unknown']).toContain(plan.kind);
        },
      ),
      { numRuns: 500 },
    );
  });
});
