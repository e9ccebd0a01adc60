import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../formats/registry.ts';
import { COMMON_FIELDS, type Event } from '../model/event.ts';
import { renderProblem } from '../model/problem.ts';
import { type Pipeline, parsePipeline } from '../sigma/pipeline.ts';
import { buildRuleSet, fieldAliases } from './rules.ts';
import { whereTest } from './where.ts';

const BOX = readFileSync(new URL('../../pipelines/aws.yml', import.meta.url), 'utf8');

function pipeline(text: string): Pipeline {
  const read = parsePipeline({ file: 'pipeline.yml', text });
  if (!read.ok) throw new Error(read.problems.map(renderProblem).join('\n'));
  return read.value;
}
const AWS = pipeline(BOX);

const rule = (logsource: string, selection: string, more = ''): string => `title: A rule
id: a-rule
level: high
logsource: ${logsource}
detection:
  selection: ${selection}
  condition: selection
${more}`;

const built = (text: string, pipelines: readonly Pipeline[]) =>
  buildRuleSet([{ file: 'r.yml', text }], new Map(), pipelines);

const flow = (fields: Event['fields']): Event => ({
  format: 'vpc-flow',
  time: 0,
  fields,
  raw: '',
  origin: { source: 'f', offset: 0, line: 1 },
});

describe('pipelines', () => {
  it.each([
    ['{ product: aws, service: vpc_flow }', '{ source.ip: 10.0.0.5 }'],
    ['{ product: aws, category: network_connection }', '{ SourceIp: 10.0.0.5 }'],
    ['{ product: aws, service: vpcflow }', '{ src_endpoint.ip: 10.0.0.5 }'],
    ['{ product: aws, service: vpcflow }', '{ srcaddr: 10.0.0.5 }'],
  ])('a rule for %s that asks %s is for flow logs', (logsource, selection) => {
    const { byFormat, problems } = built(rule(logsource, selection), [AWS]);
    expect(problems).toEqual([]);
    const index = byFormat.get('vpc-flow');
    expect(index?.match(flow({ srcaddr: '10.0.0.5' }))).toHaveLength(1);
    expect(index?.match(flow({ srcaddr: '10.0.0.6' }))).toEqual([]);
  });

  it('come in the order in which they are given: a later one sees the names of AWS', () => {
    const own = pipeline(`name: own
transformations:
  - { type: change_logsource, product: aws, service: vpcflow, rule_conditions: [{ type: logsource, product: ours }] }
  - { type: field_name_mapping, mapping: { from: src_ip, srcaddr: dstaddr } }`);
    const index = built(rule('{ product: ours }', '{ from: 10.0.0.5 }'), [AWS, own, AWS]).byFormat.get(
      'vpc-flow',
    );
    expect(index?.match(flow({ srcaddr: '10.0.0.5' }))).toHaveLength(1);
    const renamed = built(rule('{ product: aws, service: vpcflow }', '{ src_ip: 10.0.0.5 }'), [AWS, own]);
    expect(renamed.byFormat.get('vpc-flow')?.match(flow({ dstaddr: '10.0.0.5' }))).toHaveLength(1);
  });

  it('may give two fields each other’s name: each name is replaced once', () => {
    const swap = pipeline(
      'transformations: [{ type: field_name_mapping, mapping: { srcaddr: dstaddr, dstaddr: srcaddr } }]',
    );
    const { byFormat, aliases } = built(rule('{ product: aws, service: vpcflow }', '{ src_ip: 10.0.0.5 }'), [
      AWS,
      swap,
    ]);
    expect(byFormat.get('vpc-flow')?.match(flow({ dstaddr: '10.0.0.5' }))).toHaveLength(1);
    expect(byFormat.get('vpc-flow')?.match(flow({ srcaddr: '10.0.0.5' }))).toEqual([]);
    expect(aliases.get('vpc-flow')).toMatchObject({
      src_ip: 'dstaddr',
      srcaddr: 'dstaddr',
      dstaddr: 'srcaddr',
    });
  });

  it('are for what filters add as well, and for the fields of correlations', () => {
    const filter = `---
title: Not ours
id: not-ours
logsource: { product: aws, service: vpcflow }
filter:
  rules: any
  selection: { destination.ip: 10.0.0.1 }
  condition: not selection
`;
    const { byFormat, aliases } = built(
      rule('{ product: aws, service: vpcflow }', '{ dst_port: 22 }', filter),
      [AWS],
    );
    const index = byFormat.get('vpc-flow');
    expect(index?.match(flow({ dstport: 22, dstaddr: '10.0.0.2' }))).toHaveLength(1);
    expect(index?.match(flow({ dstport: 22, dstaddr: '10.0.0.1' }))).toEqual([]);
    expect(aliases.get('vpc-flow')).toMatchObject({
      'destination.ip': 'dstaddr',
      'dst_endpoint.ip': 'dstaddr',
    });
  });

  it('a rule that one refuses is a problem where it stands, and the others go on', () => {
    const refusing = pipeline(`transformations:
  - type: rule_failure
    message: ours has no such log
    rule_conditions: [{ type: logsource, product: ours }]`);
    const text = `${rule('{ product: ours }', '{ a: 1 }')}---\n${rule('{ product: aws, service: waf }', '{ a: 1 }').replace('a-rule', 'other')}`;
    const { rules, problems } = built(text, [AWS, refusing]);
    expect(rules.map(({ id }) => id)).toEqual(['other']);
    expect(problems[0] && renderProblem(problems[0])).toMatch(/^r\.yml:4:1: ours has no such log\n/);
  });
});

describe('names of fields', () => {
  it('of all events are told by the formats alone: the pipeline in the box does not say them again', () => {
    for (const { name, common } of FORMATS.values())
      expect(fieldAliases([AWS]).get(name)).toMatchObject(common);
    const fields = COMMON_FIELDS.filter((field) => field.includes('.')).map((field) =>
      field.replaceAll('.', '\\.'),
    );
    expect(new RegExp(`^ +(${fields.join('|')}): `, 'm').exec(BOX)?.[0]).toBeUndefined();
  });

  it('of AWS are left as they are by the pipeline in the box', () => {
    for (const aliases of fieldAliases([AWS]).values())
      for (const native of Object.values(aliases)) expect(aliases[native] ?? native).toBe(native);
  });

  it('are known to --where, by format', () => {
    const where = whereTest(['src_ip: 10.0.0.5'], new Map(), fieldAliases([AWS]));
    expect(where.ok && where.value(flow({ srcaddr: '10.0.0.5' }))).toBe(true);
    expect(where.ok && where.value({ ...flow({ 'c-ip': '10.0.0.5' }), format: 'cloudfront' })).toBe(true);
    expect(where.ok && where.value(flow({ 'c-ip': '10.0.0.5' }))).toBe(false);
  });
});
