// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes placeholders so
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inWorlds, templateOf } from '../../../test/gate.ts';
import { scalar } from './node.ts';
import { type Given, MAX_WORLDS, worldsOf } from './worlds.ts';

const HEAD = `
Parameters:
  Given: {Type: String, Default: here}
  Port: {Type: Number, Default: '443'}
  Names: {Type: CommaDelimitedList, Default: 'a, b,c'}
  Flag: {Type: String, Default: 'true'}
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Unknown: {Type: String}
  Image: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /aws/image}
Mappings:
  Sizes:
    small: {Disk: 10, Class: t3.small}
    large: {Disk: 10, Class: t3.large}
Conditions:
  Yes: !Equals [!Ref Given, here]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Equals [a, a]]
  Either: !Or [!Condition No, !Equals [a, b]]
Resources:
  Key: {Type: AWS::KMS::Key}
  R:
    Type: AWS::Test::Resource
    Properties:
      V: `;

const given = (values: Record<string, string> = {}, more: Partial<Given> = {}): Given => ({
  parameters: new Map(
    Object.entries(values).map(([name, value]) => [name, scalar(value, { start: 0, end: 1 })]),
  ),
  ...more,
});

const read = (expression: string, options = given()) => {
  const [[, properties] = []] = inWorlds(`${HEAD}${expression}\n`, 'R', options);
  return (properties as Record<string, unknown>).V;
};

describe('an intrinsic function whose answer is in the text is worked out', () => {
  it.each([
    ['!Ref Given', 'here'],
    ['!Ref Port', 443],
    ['!Ref Flag', true],
    ['!Ref Names', ['a', 'b', 'c']],
    ['!Ref AWS::Partition', 'aws'],
    ['!Sub "${Given}-${!Literal}-${AWS::URLSuffix}"', 'here-${Literal}-amazonaws.com'],
    ['!Sub ["${a}/${Given}", {a: !Ref Port}]', '443/here'],
    ['!Join ["-", [x, !Ref Given, y]]', 'x-here-y'],
    ['!Join [",", !Ref Names]', 'a,b,c'],
    ['!Select [1, !Ref Names]', 'b'],
    ['!Select ["2", [!Ref Unknown, b, c]]', 'c'],
    ['!Split [".", "a.b.c"]', ['a', 'b', 'c']],
    ['!Select [0, !Split ["-", !Ref Given]]', 'here'],
    ['!If [Yes, a, b]', 'a'],
    ['!If [No, a, b]', 'b'],
    ['!If [Both, a, b]', 'a'],
    ['!If [Either, a, b]', 'b'],
    ['!FindInMap [Sizes, small, Class]', 't3.small'],
    ['{"Fn::FindInMap": [Sizes, huge, Class, {DefaultValue: none}]}', 'none'],
    ['!FindInMap [Sizes, !Ref Unknown, Disk]', 10],
    ['!Base64 hello', 'aGVsbG8='],
    ['!Cidr [10.0.0.0/16, 3, 8]', ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24']],
    ['!Select [1, !Cidr ["2001:db8::/56", 2, 64]]', '2001:db8:0:1::/64'],
    ['{"Fn::Length": !Ref Names}', 3],
    ['{"Fn::ToJsonString": {a: !Ref Port}}', '{"a":443}'],
    ['[a, !Ref AWS::NoValue, b]', ['a', 'b']],
    ['{a: 1, b: !Ref AWS::NoValue}', { a: 1 }],
  ])('%s', (expression, value) => {
    expect(read(expression)).toEqual(value);
  });

  it('AWS::NoValue takes the property away', () => {
    expect(inWorlds(`${HEAD}!If [No, a, !Ref "AWS::NoValue"]\n`)).toEqual([[[], {}]]);
  });

  it('with values from outside instead of the defaults', () => {
    expect(read('!Ref Given', given({ Given: 'there' }))).toBe('there');
    expect(read('!Ref AWS::Region', given({}, { region: 'eu-west-1' }))).toBe('eu-west-1');
    expect(read('!Ref AWS::URLSuffix', given({}, { region: 'cn-north-1' }))).toBe('amazonaws.com.cn');
  });
});

describe('what is not in the text stays as it is', () => {
  it.each([
    ['!Ref Unknown', { Ref: 'Unknown' }],
    ['!Ref Image', { Ref: 'Image' }],
    ['!Ref AWS::Region', { Ref: 'AWS::Region' }],
    ['!GetAtt Key.Arn', { 'Fn::GetAtt': ['Key', 'Arn'] }],
    ['{"Fn::GetAtt": "Key.Arn"}', { 'Fn::GetAtt': ['Key', 'Arn'] }],
    ['!ImportValue vpc', { 'Fn::ImportValue': 'vpc' }],
    ['!GetAZs ""', { 'Fn::GetAZs': '' }],
    ['!Sub "${Given}-${Unknown}"', { 'Fn::Sub': 'here-${Unknown}' }],
    ['!Join ["-", [!Ref Given, !Ref Unknown]]', { 'Fn::Join': ['-', ['here', { Ref: 'Unknown' }]] }],
    ['!Base64 {Ref: Unknown}', { 'Fn::Base64': { Ref: 'Unknown' } }],
    ['!Cidr [!Ref Unknown, 3, 8]', { 'Fn::Cidr': [{ Ref: 'Unknown' }, 3, 8] }],
    ['!Transform {Name: AWS::Include}', { 'Fn::Transform': { Name: 'AWS::Include' } }],
    ['"{{resolve:ssm:/a}}"', '{{resolve:ssm:/a}}'],
  ])('%s', (expression, value) => {
    expect(read(expression)).toEqual(value);
  });

  it('a secret parameter is not put into properties, even with a default', () => {
    expect(read('!Ref Secret')).toEqual({ Ref: 'Secret' });
  });
});

describe('every way that is not decided is a world of its own', () => {
  const template = `
Parameters:
  Environment: {Type: String}
  Size: {Type: String, AllowedValues: [small, large]}
  Safe: {Type: String, Default: 'true', AllowedValues: ['true', 'false']}
Conditions:
  Prod: !Equals [!Ref Environment, prod]
  Dev: !Equals [dev, !Ref Environment]
Resources:
  R: {Type: T, Properties: {A: !If [Prod, 1, !If [Dev, 2, 3]]}}
  S: {Type: T, Condition: Prod, Properties: {Size: !Ref Size}}
  T: {Type: T, Properties: {Safe: !Ref Safe}}
`;

  it('conditions that hang on a parameter without a value', () => {
    expect(inWorlds(template, 'R').map(([choices, value]) => [choices.join(', '), value])).toEqual([
      ['Environment is prod, Size is small', { A: 1 }],
      ['Environment is prod, Size is large', { A: 1 }],
      ['Environment is not prod, Environment is dev', { A: 2 }],
      ['Environment is not prod, Environment is not dev', { A: 3 }],
    ]);
  });

  it('a resource is only there where its condition holds', () => {
    expect(inWorlds(template, 'S').map(([, value]) => value)).toEqual([
      { Size: 'small' },
      { Size: 'large' },
      undefined,
      undefined,
    ]);
  });

  it('a default is the value, unless every allowed one is asked for', () => {
    const environment = { Environment: 'test' };
    expect(inWorlds(template, 'T', given(environment))).toEqual([[[], { Safe: true }]]);
    expect(
      inWorlds(template, 'T', given(environment, { everyAllowedValue: true })).map(([, value]) => value),
    ).toEqual([{ Safe: true }, { Safe: false }]);
  });

  it('a mapping is asked row by row when the row is not known', () => {
    const text = `
Parameters: {Stage: {Type: String}}
Mappings: {M: {a: {V: 1}, b: {V: 2}}}
Resources: {R: {Type: T, Properties: {V: !FindInMap [M, !Ref Stage, V]}}}`;
    expect(inWorlds(text).map(([, value]) => value)).toEqual([{ V: 1 }, { V: 2 }]);
  });

  it('there are not more worlds than the limit, and it is said that there would be', () => {
    const names = Array.from({ length: 12 }, (_, index) => `P${index}`);
    const text = `
Parameters: {${names.map((name) => `${name}: {Type: String}`).join(', ')}}
Conditions: {${names.map((name) => `C${name}: !Equals [!Ref ${name}, x]`).join(', ')}}
Resources: {R: {Type: T, Properties: {${names.map((name) => `${name}: !If [C${name}, 1, 2]`).join(', ')}}}}`;
    const { worlds, incomplete } = worldsOf(templateOf(text), given());
    expect(worlds.length).toBeLessThanOrEqual(MAX_WORLDS);
    expect(incomplete).toBe(true);
  });

  it('a secret that chooses a row of a mapping is asked once', () => {
    const text = `
Parameters: {Stage: {Type: String, NoEcho: true}}
Mappings: {M: {a: {V: 1}, b: {V: 2}}}
Resources: {R: {Type: T, Properties: {V: !FindInMap [M, !Ref Stage, V]}}}`;
    expect(inWorlds(text)).toHaveLength(2);
  });

  it('conditions that lead to themselves end', () => {
    const text = `
Conditions: {A: !Not [!Condition B], B: !Not [!Condition A]}
Resources: {R: {Type: T, Properties: {V: !If [A, 1, 2]}}}`;
    expect(inWorlds(text)).toHaveLength(1);
  });
});

describe('Fn::ForEach', () => {
  it('makes resources, and nested ones, with the item in keys, texts and references', () => {
    const text = `
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Topics:
    - Name
    - [billing, order-flow]
    - Fn::ForEach::Stages:
        - Stage
        - [dev, prod]
        - 'Topic&{Name}\${Stage}':
            Type: AWS::SNS::Topic
            Properties: {TopicName: !Sub '\${Name}.\${Stage}', Stage: !Ref Stage}
`;
    const [world] = worldsOf(templateOf(text), given()).worlds;
    expect(world?.resources.map(({ key }) => key)).toEqual([
      'Topicbillingdev',
      'Topicbillingprod',
      'Topicorderflowdev',
      'Topicorderflowprod',
    ]);
    expect(inWorlds(text, 'Topicorderflowprod')[0]?.[1]).toEqual({
      TopicName: 'order-flow.prod',
      Stage: 'prod',
    });
  });

  it('over something unknown makes nothing, and is named', () => {
    const text = `
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Loop: [N, !Ref Names, {'A\${N}': {Type: T}}]
`;
    expect(worldsOf(templateOf(text), given()).worlds[0]).toMatchObject({
      resources: [],
      openLoops: ['Fn::ForEach::Loop'],
    });
  });

  it('does not fill the memory', () => {
    const items = JSON.stringify(Array.from({ length: 100 }, (_, index) => `i${index}`));
    const loop = (name: string, body: string): string =>
      `{"Fn::ForEach::${name}": ["${name}", ${items}, ${body}]}`;
    const text = `{"Resources": ${loop('A', loop('B', loop('C', '{"X${A}${B}${C}": {"Type": "T"}}')))}}`;
    const [world] = worldsOf(templateOf(text), given()).worlds;
    expect(world?.resources.length).toBeLessThanOrEqual(2_000);
  });
});

describe('the resolver', () => {
  const names = fc.constantFrom('A', 'B', 'C', 'AWS::Region', 'AWS::NoValue', 'R0', 'Gone');
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.constantFrom<unknown>('text', '', 1, true, null, '{{resolve:ssm:x}}'),
      names.map((Ref) => ({ Ref })),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'Fn::ForEach::L'), tie('value'), { maxKeys: 2 }),
      fc
        .tuple(
          fc.constantFrom(
            'If',
            'Sub',
            'Join',
            'Select',
            'Split',
            'FindInMap',
            'Base64',
            'Cidr',
            'GetAtt',
            'Length',
            'ToJsonString',
            'ImportValue',
            'Transform',
            'Equals',
          ),
          fc.oneof(
            tie('value'),
            fc.array(tie('value'), { maxLength: 4 }),
            fc.tuple(names, tie('value'), tie('value')),
          ),
        )
        .map(([name, argument]) => ({ [`Fn::${name}`]: argument })),
      fc
        .array(names, { maxLength: 3 })
        .map((parts) => ({ 'Fn::Sub': parts.map((part) => `\${${part}}`).join('-') })),
    ),
  }));

  it('never throws, and ends, whatever a template says', () => {
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 4 }),
        fc.dictionary(names, value),
        (properties, conditions) => {
          const template = {
            Parameters: {
              A: { Type: 'String' },
              B: { Type: 'CommaDelimitedList', Default: 'x,y' },
              C: { Type: 'String', NoEcho: true, AllowedValues: ['x', 'y'] },
            },
            Mappings: { A: { B: { C: 1 } } },
            Conditions: conditions,
            Resources: Object.fromEntries(
              properties.map((one, index) => [
                `R${index}`,
                { Type: 'T', Condition: 'A', Properties: { V: one } },
              ]),
            ),
          };
          const { worlds } = worldsOf(templateOf(JSON.stringify(template)), given());
          expect(worlds.length).toBeLessThanOrEqual(MAX_WORLDS);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('a text that doubles itself ends at its limit', () => {
    let text: unknown = 'xxxxxxxxxx';
    for (let depth = 0; depth < 40; depth++) text = { 'Fn::Sub': ['${a}${a}${a}', { a: text }] };
    const started = performance.now();
    worldsOf(
      templateOf(JSON.stringify({ Resources: { R: { Type: 'T', Properties: { V: text } } } })),
      given(),
    );
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
