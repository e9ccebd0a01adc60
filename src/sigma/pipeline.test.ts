import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileRule } from './compile.ts';
import { parseSigma } from './parse.ts';
import {
  type Pipeline,
  parsePipeline,
  pipelineAliases,
  pipelinePlaceholders,
  processRules,
} from './pipeline.ts';

function pipeline(text: string): Pipeline {
  const parsed = parsePipeline({ file: 'p.yml', text });
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
  return parsed.value;
}

function problemsOf(text: string) {
  const parsed = parsePipeline({ file: 'p.yml', text });
  return parsed.ok
    ? []
    : parsed.problems.map(({ message, line, column, fix }) => [message, line, column, fix]);
}

function rule(detection: string, logsource = '{ product: aws, service: cloudtrail }') {
  const { rules, problems } = parseSigma({
    file: 'r.yml',
    text: `title: R\nid: r\ntags: [attack.t1]\nlogsource: ${logsource}\ndetection: ${detection}\n`,
  });
  const [one] = rules;
  if (one === undefined) throw new Error(problems[0]?.message);
  return one;
}

/** Whether a rule matches fields once pipelines are done with it. */
function matches(detection: string, pipelines: readonly Pipeline[], fields: Record<string, string>): boolean {
  const { rules, problems } = processRules([rule(detection)], pipelines);
  const [one] = rules;
  if (one === undefined) throw new Error(problems[0]?.message);
  const compiled = compileRule(one, { placeholders: pipelinePlaceholders(pipelines) });
  if (!compiled.ok) throw new Error(compiled.problems[0]?.message);
  return compiled.value.matches({ fields, raw: '' });
}

const mapping = (lines: string) => pipeline(`transformations:\n  - type: field_name_mapping\n${lines}`);

describe('a pipeline', () => {
  it('gives fields other names, where its conditions on the rule hold', () => {
    const named = '    mapping: { a: b }\n    rule_conditions: [{ type: logsource, service: cloudtrail }]';
    expect(matches('{ s: { a: x }, condition: s }', [mapping(named)], { b: 'x' })).toBe(true);
    const elsewhere = named.replace('cloudtrail', 'waf');
    expect(matches('{ s: { a: x }, condition: s }', [mapping(elsewhere)], { b: 'x' })).toBe(false);
    const not = `${elsewhere}\n    rule_cond_not: true`;
    expect(matches('{ s: { a: x }, condition: s }', [mapping(not)], { b: 'x' })).toBe(true);
  });

  it('can give a field several names: one is enough, and none may match for neq', () => {
    const both = mapping('    mapping: { a: [b, c] }');
    const detection = '{ s: { a: x, d: y }, condition: s }';
    expect(matches(detection, [both], { b: 'x', d: 'y' })).toBe(true);
    expect(matches(detection, [both], { c: 'x', d: 'y' })).toBe(true);
    expect(matches(detection, [both], { c: 'x' })).toBe(false);
    expect(matches('{ s: { a|neq: x }, condition: s }', [both], { b: 'x', c: 'y' })).toBe(false);
    expect(matches('{ s: { a|neq: x }, condition: s }', [both], { b: 'y', c: 'y' })).toBe(true);
  });

  it('maps prefixes, the longest first, and the fields that values refer to', () => {
    const prefixes = pipeline(
      'transformations:\n  - type: field_name_prefix_mapping\n    mapping: { a.: x., a.b.: y. }',
    );
    expect(matches('{ s: { a.b.c: v, a.d: v }, condition: s }', [prefixes], { 'y.c': 'v', 'x.d': 'v' })).toBe(
      true,
    );
    expect(
      matches('{ s: { p|fieldref: a }, condition: s }', [mapping('    mapping: { a: b }')], {
        p: 'v',
        b: 'v',
      }),
    ).toBe(true);
  });

  it('is applied by priority, and by the fields that conditions include or exclude', () => {
    const first = pipeline('priority: 1\ntransformations: [{ type: field_name_mapping, mapping: { a: b } }]');
    const second = pipeline(
      'priority: 2\ntransformations: [{ type: field_name_mapping, mapping: { b: c } }]',
    );
    expect(matches('{ s: { a: x }, condition: s }', [second, first], { c: 'x' })).toBe(true);
    const but = pipeline(
      'transformations: [{ type: field_name_suffix, suffix: .text, field_name_conditions: [{ type: exclude_fields, fields: [b] }] }]',
    );
    expect(matches('{ s: { a: x, b: x }, condition: s }', [but], { 'a.text': 'x', b: 'x' })).toBe(true);
  });

  it('changes values, adds conditions and leaves items out', () => {
    const values = pipeline(
      'transformations: [{ type: map_string, mapping: { ok: [yes, fine] } }, { type: replace_string, regex: "^f", replacement: g }]',
    );
    expect(matches('{ s: { a: ok }, condition: s }', [values], { a: 'gine' })).toBe(true);
    const added = pipeline('transformations: [{ type: add_condition, conditions: { env: prod } }]');
    expect(matches('{ s: { a: x }, condition: s }', [added], { a: 'x', env: 'prod' })).toBe(true);
    expect(matches('{ s: { a: x }, condition: s }', [added], { a: 'x' })).toBe(false);
    const dropped = pipeline(
      'transformations: [{ type: drop_detection_item, field_name_conditions: [{ type: include_fields, fields: b }] }]',
    );
    expect(matches('{ s: { a: x, b: y }, condition: s }', [dropped], { a: 'x' })).toBe(true);
  });

  it('says what placeholders stand for', () => {
    const vars = pipeline('vars: { admins: [root, "adm_*"] }');
    expect(matches('{ s: { a|expand: "%admins%" }, condition: s }', [vars], { a: 'adm_7' })).toBe(true);
    const known = new Map([['admins', { kind: 'values' as const, values: ['x'] }]]);
    expect(pipelinePlaceholders([vars], known).get('admins')).toEqual({ kind: 'values', values: ['x'] });
  });

  it('can refuse a rule, for which others do not suffer', () => {
    const refusing = pipeline(
      'transformations: [{ type: rule_failure, message: not for us, rule_conditions: [{ type: contains_field, field: b }] }]',
    );
    const { rules, problems } = processRules(
      [rule('{ s: { b: x }, condition: s }'), rule('{ s: { a: x }, condition: s }')],
      [refusing],
    );
    expect(rules).toHaveLength(1);
    expect(problems.map(({ message, line }) => [message, line])).toEqual([['not for us', 4]]);
    const nothing = pipeline('transformations: [{ type: drop_detection_item }]');
    expect(processRules([rule('{ s: { b: x }, condition: s }')], [nothing]).problems[0]?.message).toBe(
      'a pipeline leaves nothing of s',
    );
  });

  it('that is wrong is told where', () => {
    expect(problemsOf('transformations:\n  - type: field_name_maping\n    mapping: {}')).toEqual([
      ['unknown transformation field_name_maping', 2, 11, 'field_name_mapping'],
    ]);
    expect(problemsOf('transformations:\n  - type: field_name_mapping\n    maping: {}')).toEqual([
      ['transformations.0.mapping is missing', 1, 1, undefined],
      ['unknown key maping', 3, 5, 'mapping'],
    ]);
    expect(problemsOf('priorty: 1')).toEqual([['unknown key priorty', 1, 1, 'priority']]);
    expect(
      problemsOf('transformations:\n  - { type: replace_string, regex: "(", replacement: x }')[0]?.slice(
        1,
        3,
      ),
    ).toEqual([2, 36]);
  });
});

describe('pipelines/aws.yml', () => {
  const aws = pipeline(readFileSync(new URL('../../pipelines/aws.yml', import.meta.url), 'utf8'));
  const processed = (detection: string, logsource: string) =>
    processRules([rule(detection, logsource)], [aws]).rules[0];

  it.each([
    ['cloudtrail', 'api.operation', 'eventName'],
    ['cloudtrail', 'event.action', 'eventName'],
    ['cloudtrail', 'eventName', 'eventName'],
    ['cloudtrail', 'aws.cloudtrail.request_parameters.bucketName', 'requestParameters.bucketName'],
    ['vpcflow', 'traffic.bytes', 'bytes'],
    ['vpcflow', 'destination.port', 'dstport'],
    ['route53resolver', 'dns.question.name', 'query_name'],
    ['s3access', 'http_request.user_agent', 'user_agent'],
    ['cloudfront', 'url.path', 'cs-uri-stem'],
    ['waf', 'source.ip', 'httpRequest.clientIp'],
    ['elb', 'http.response.status_code', 'elb_status_code'],
    ['elb-network', 'src_ip', 'client_ip'],
    ['s3access-json', 'bucket', 'bucket_name'],
    ['cloudfront-realtime', 'cs(Host)', 'x-host-header'],
  ])('%s: %s is %s', (service, name, field) => {
    const search = processed(
      `{ s: { ${name}: x }, condition: s }`,
      `{ product: aws, service: ${service} }`,
    )?.detection.get('s');
    expect(search?.kind === 'map' && search.items[0]?.field).toBe(field);
  });

  it('says the names of one log source, for correlations', () => {
    expect(pipelineAliases([aws], { product: 'aws', service: 'waf' })['source.ip']).toBe(
      'httpRequest.clientIp',
    );
    expect(pipelineAliases([aws], { product: 'aws', service: 'cloudtrail' })['source.ip']).toBe(
      'sourceIPAddress',
    );
    // One of several log sources is enough.
    expect(pipelineAliases([aws], { product: 'aws', service: 'elb-connection' })['source.ip']).toBe(
      'client_ip',
    );
    expect(pipelineAliases([aws], { product: 'aws', service: 'guardduty' })).toEqual({});
  });

  it('knows log sources by their other names, and outcomes by other words', () => {
    const flow = processed(
      '{ s: { event.outcome: failure }, condition: s }',
      '{ product: aws, service: vpc_flow }',
    );
    expect(flow?.logsource).toEqual({ product: 'aws', service: 'vpcflow' });
    const search = flow?.detection.get('s');
    expect(search?.kind === 'map' && search.items[0]).toMatchObject({ field: 'action', values: ['REJECT'] });
    expect(
      processed('{ s: { a: x }, condition: s }', '{ category: firewall, product: fortinet }')?.logsource
        .product,
    ).toBe('fortinet');
  });
});
