import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stretch } from '../formats/stretch.ts';
import { decodedOf } from '../formats/stretch.ts';
import { addressSet } from '../intel/address-set.ts';
import type { Event } from '../model/event.ts';
import type { Placeholder } from '../sigma/placeholder.ts';
import { piecesContent } from '../sources/content.ts';
import { partsOf } from '../sources/read.ts';
import { detector } from './detector.ts';
import { enrichFlow } from './flow.ts';
import { type InterfaceFacts, type Inventory, NO_INVENTORY, NO_OWNERS } from './inventory.ts';
import { buildRuleSet } from './rules.ts';
import { tally } from './tally.ts';

const LISTED = addressSet(['198.51.100.0/24', '203.0.113.9', '2001:db8:bad::/48']);
const PLACEHOLDERS = new Map<string, Placeholder>([
  ['bad_ips', { kind: 'lookup', find: LISTED.find, hasIpv4: LISTED.hasIpv4 }],
  ['ports', { kind: 'values', values: [53, 443] }],
]);
const OWN = addressSet(['10.0.0.0/8', 'fc00::/7']);

const FACTS: InterfaceFacts = {
  interfaceId: 'eni-2',
  account: '123456789012',
  instanceId: 'i-0abc',
  addresses: new Set(['10.0.0.5', 'fd00::5']),
  acceptsFrom: (protocol, port) => protocol === 6 && port === 443,
};
const KNOWS_ONE: Inventory = {
  prefetch: async () => {},
  find: (id) => (id === 'eni-2' ? FACTS : undefined),
};

const address = fc.constantFrom(
  '10.0.0.5',
  '10.0.0.9',
  '192.0.2.7',
  '198.51.100.3',
  '203.0.113.9',
  'fd00::5',
  '2001:db8:bad::1',
  '-',
  '10.0.0.256',
  '::zz',
);
const port = fc.constantFrom('0', '22', '53', '443', '40000', '65535', '-', '65536', 'x');
const record = fc.record({
  version: fc.constantFrom('2', '5', 'v'),
  'account-id': fc.constantFrom('123456789012', '-'),
  'interface-id': fc.constantFrom('eni-1', 'eni-2', '-'),
  srcaddr: address,
  dstaddr: address,
  srcport: port,
  dstport: port,
  protocol: fc.constantFrom('6', '17', '1', '-'),
  packets: fc.constantFrom('1', '900', '9000000000', 'many', '-'),
  start: fc.constantFrom('1795500000', '1795500060', '-'),
  'tcp-flags': fc.constantFrom('2', '18', '0', '-'),
  'flow-direction': fc.constantFrom('ingress', 'egress', '-', '-'),
  action: fc.constantFrom('ACCEPT', 'REJECT', 'REJECT', '-', 'DENY'),
  'log-status': fc.constantFrom('OK', 'OK', 'OK', 'OK', 'NODATA', 'SKIPDATA', 'BAD'),
  comment: fc.constantFrom('Alpha', 'beta', 'ünï', '-', 'a*b'),
});
const FIELDS = [
  'version',
  'account-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'protocol',
  'packets',
  'start',
  'tcp-flags',
  'flow-direction',
  'action',
  'log-status',
  'comment',
] as const;

const item = fc.oneof(
  fc.constantFrom<[string, unknown]>(
    ['action', 'reject'],
    ['action|cased', 'reject'],
    ['action|neq', 'ACCEPT'],
    ['action|exists', false],
    ['dst_port', 22],
    ['dst_port', [22, '443', null]],
    ['dst_port|lt', 1024],
    ['dst_port|gte', 443],
    ['dst_port|expand', '%ports%'],
    ['dst_port|startswith', '4'],
    ['src_port|re', '^4.*0$'],
    ['packets|gt', 1_000],
    ['packets|exists', true],
    ['src_ip', '10.0.0.5'],
    ['src_ip|cidr', '10.0.0.0/8'],
    ['src_ip|cidr', ['10.0.0.8/30', 'fd00::/8']],
    ['dst_ip|expand', '%bad_ips%'],
    ['dst_ip|neq', '203.0.113.9'],
    ['dst_ip|startswith', '203.'],
    ['dst_ip|exists', true],
    ['dst_ip', null],
    ['src_ip|fieldref', 'dst_ip'],
    ['direction', 'egress'],
    ['direction', 'unknown'],
    ['initiator', ['self', 'unknown']],
    ['comment|contains', 'A'],
    ['comment', 'a\\*b'],
    ['comment|contains|cased', 'lph'],
    ['comment|endswith', 'ï'],
    ['interface-id', 'eni-?'],
    ['protocol', '6'],
    ['nothing|exists', false],
    ['nothing', 'x'],
    ['cloud.region', 'eu-central-1'],
    ['region|exists', false],
    ['cloud.account.uid', ['210987654321', '1']],
  ),
);
const search = fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => Object.fromEntries(items));
const detection = fc.record({
  a: fc.oneof(search, fc.array(search, { minLength: 1, maxLength: 2 })),
  b: search,
  c: fc.oneof(search, fc.constant(['203.0.113', 'Alpha'])),
  condition: fc.constantFrom(
    'a',
    'a and b',
    'a or b',
    'a and not b',
    'not (a or b) and c',
    '1 of them',
    'all of them',
    'a or not (b and c)',
    'not a',
  ),
});

const rulesOf = (detections: readonly object[]) => {
  const text = detections
    .map((one, index) =>
      JSON.stringify({
        title: `r${index}`,
        id: `r${index}`,
        logsource: { product: 'aws', service: 'vpcflow' },
        detection: one,
      }),
    )
    .join('\n---\n');
  const set = buildRuleSet([{ file: 'rules.yml', text }], PLACEHOLDERS);
  expect(set.problems).toEqual([]);
  return set;
};

/** A name that tells an account and a region. */
const OBJECT =
  'AWSLogs/210987654321/vpcflowlogs/eu-central-1/2026/11/24/210987654321_vpcflowlogs_eu-central-1_fl-01_20261124T0000Z_0a1b2c3d.log.gz';

/** Every stretch of a text, looked at before the next one is read. */
async function eachStretch(
  text: string,
  source: string,
  window: number,
  look: (stretch: Stretch) => Promise<void>,
) {
  const content = piecesContent([Buffer.from(text)], { window });
  for await (const { stretch } of partsOf(content, {
    source,
    from: { offset: 0, lines: 0 },
    final: true,
  }))
    await look(stretch);
}

describe('rules over columns', () => {
  it.each([
    ['without an account', NO_INVENTORY],
    ['with what an account knows', KNOWS_ONE],
  ])('find what the plain evaluator finds, %s', async (_, inventory) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(detection, { minLength: 1, maxLength: 4 }),
        fc.array(record, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 64, max: 4_000 }),
        fc.constantFrom('s', OBJECT),
        async (detections, records, window, source) => {
          const rules = rulesOf(detections);
          const text = [FIELDS, ...records.map((one) => FIELDS.map((field) => one[field]))]
            .map((values) => `${values.join(' ')}\n`)
            .join('');
          const expected: string[] = [];
          await eachStretch(text, source, 1_000_000, async (stretch) => {
            for (const decoded of decodedOf(stretch)) {
              if (decoded.kind !== 'event') continue;
              const { event } = decoded;
              const facts = inventory.find(String(event.fields['interface-id']));
              const seen: Event = enrichFlow(event, { facts, ownNetworks: OWN });
              for (const rule of rules.byFormat.get('vpc-flow')?.rules ?? []) {
                if (rule.matches(seen)) expected.push(`${rule.ref.id} ${event.origin.line}`);
              }
            }
          });
          const found: string[] = [];
          const counted = tally(Number.POSITIVE_INFINITY);
          const detect = detector({
            rules,
            inventory,
            owners: NO_OWNERS,
            ownNetworks: OWN,
            region: 'eu-west-1',
          });
          await eachStretch(text, source, window, async (stretch) => {
            await detect(
              stretch,
              {
                ...counted,
                add(match) {
                  counted.add(match);
                  found.push(`${match.rule.id} ${match.evidence().origin.line}`);
                },
              },
              () => {},
            );
          });
          expect(found).toEqual(expected);
          const total = counted.take().flatMap(({ sightings }) => sightings.map(({ count }) => count));
          expect(total.reduce((sum, count) => sum + count, 0)).toBe(expected.length);
        },
      ),
      { numRuns: 400 },
    );
  });
});
