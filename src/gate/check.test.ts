// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes placeholders so
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, guardPolicy } from '../../test/gate.ts';
import { readBaseline, writeBaseline } from './baseline.ts';
import { type CheckOptions, check, judgeBy } from './check.ts';
import { gitBase } from './git-base.ts';
import { findInputs } from './inputs.ts';
import { readSuppressions } from './suppressions.ts';
import { parametersOf } from './template/parameters-file.ts';

const ENCRYPTED = guardPolicy(
  `# id: encrypted
# resources: AWS::EC2::Volume
rule volume_encrypted { Resources.*[ Type == 'AWS::EC2::Volume' ].Properties.Encrypted == true << Not encrypted >> }`,
);

function checked(paths: string[], more: Partial<CheckOptions> = {}) {
  const { inputs, problems } = findInputs(paths, () => '');
  const result = check({
    inputs,
    given: { parameters: new Map() },
    judge: judgeBy([ENCRYPTED]),
    suppressions: [],
    baseline: undefined,
    base: undefined,
    today: '2026-11-24',
    tellUnused: true,
    ...more,
  });
  return { ...result, problems: [...problems, ...result.problems] };
}

const VOLUME = 'Resources:\n  Disk:\n    Type: AWS::EC2::Volume\n    Properties: {Size: 1}\n';

describe('what is judged', () => {
  it('is every template below a folder, and nothing else', () => {
    const folder = folderWith({
      'a/one.yaml': VOLUME,
      'a/two.template': '{"Resources": {"Disk": {"Type": "AWS::EC2::Volume"}}}',
      'package.json': '{"name": "x"}',
      'values.yaml': 'a: 1\n',
      'node_modules/x/t.yaml': VOLUME,
    });
    expect(checked([folder])).toMatchObject({ subjects: 2, findings: [{}, {}], problems: [] });
  });

  it('a file that was named must be a template', () => {
    const folder = folderWith({ 'values.yaml': 'a: 1\n' });
    expect(checked([join(folder, 'values.yaml')]).problems).toMatchObject([
      { message: 'Resources is missing' },
    ]);
    expect(checked([join(folder, 'none.yaml')]).problems).toMatchObject([
      { message: 'there is no such file or folder' },
    ]);
    expect(checked([folder]).problems).toMatchObject([{ message: /no template/ }]);
  });

  it('one bad file does not keep the others from being judged', () => {
    const folder = folderWith({ 'a.yaml': VOLUME, 'b.yaml': `${VOLUME}\n\tx: y` });
    expect(checked([folder])).toMatchObject({ findings: [{}], problems: [{ line: 6 }] });
  });
});

describe('nested stacks', () => {
  const parent = (parameter: string): string => `
Resources:
  Storage:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./storage.yaml, Parameters: {Safe: '${parameter}'}}
  Remote: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 'https://s3.amazonaws.com/b/t.yaml'}}
`;
  const STORAGE = `Parameters: {Safe: {Type: String, Default: 'true'}}
Resources:
  Disk: {Type: AWS::EC2::Volume, Properties: {Encrypted: !Ref Safe}}
`;

  it('are judged with the parameters that they get, and once', () => {
    const folder = folderWith({ 'main.yaml': parent('false'), 'storage.yaml': STORAGE });
    const { findings, notJudged } = checked([folder]);
    expect(findings).toMatchObject([
      { resource: { logicalId: 'Disk', address: 'Storage/Disk' }, place: { line: 3 } },
    ]);
    expect(notJudged).toMatchObject([{ resource: 'Remote', reason: 'its template is not a local file' }]);
    const fine = folderWith({ 'main.yaml': parent('true'), 'storage.yaml': STORAGE });
    expect(checked([fine]).findings).toEqual([]);
  });

  it('that contain themselves are named', () => {
    const folder = folderWith({
      'main.yaml': 'Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: main.yaml}}}',
    });
    expect(checked([join(folder, 'main.yaml')]).notJudged).toMatchObject([
      { reason: 'main.yaml contains itself' },
    ]);
  });
});

describe('what is made elsewhere', () => {
  it('is named, not passed over', () => {
    const folder = folderWith({
      't.yaml': `Transform: My::Macro
Modules: {Network: {Source: ./network.yaml}}
Resources:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://b/k}}
  Disk: {Type: AWS::EC2::Volume, Properties: {Encrypted: true}}
  Own: {Type: 'My::Own::Thing::MODULE'}
`,
    });
    const { notJudged, findings, problems } = checked([folder]);
    expect({ findings, problems }).toEqual({ findings: [], problems: [] });
    expect(notJudged.map(({ resource }) => resource)).toEqual([
      'Transform',
      'Network',
      'Fn::Transform',
      'Own',
    ]);
  });
});

describe('a file that a template names', () => {
  it('is not read when it lies elsewhere', () => {
    const outside = folderWith({ 'secret.yaml': 'password: hunter2\n' });
    const folder = folderWith({
      'main.yaml': `Resources: {S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: '${outside}/secret.yaml'}}}`,
    });
    const { notJudged, problems } = checked([join(folder, 'main.yaml')]);
    expect(problems).toEqual([]);
    expect(notJudged[0]?.reason).toMatch(/lies outside of this folder/);
  });
});

describe('a CDK assembly', () => {
  it('names the construct, and the line that made it', () => {
    const assembly = (stack: string) => ({
      version: '36.0.0',
      artifacts: {
        App: {
          type: 'aws:cloudformation:stack',
          properties: { templateFile: `${stack}.template.json` },
          metadata: {
            '/App/Data/Resource': [
              {
                type: 'aws:cdk:logicalId',
                data: 'Disk',
                trace: [
                  'new Volume (/app/node_modules/aws-cdk-lib/x.js:1:2)',
                  'new AppStack (/app/lib/app-stack.ts:12:5)',
                ],
              },
            ],
          },
        },
        Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Stage' } },
      },
    });
    const template = '{"Resources": {"Disk": {"Type": "AWS::EC2::Volume", "Properties": {}}}}';
    const withPath =
      '{"Resources": {"Disk": {"Type": "AWS::EC2::Volume", "Metadata": {"aws:cdk:path": "Stage/App/Data/Resource"}}}}';
    const folder = folderWith({
      'cdk.out/manifest.json': JSON.stringify(assembly('App')),
      'cdk.out/App.template.json': template,
      'cdk.out/assembly-Stage/manifest.json': JSON.stringify({
        version: '36.0.0',
        artifacts: {
          S: { type: 'aws:cloudformation:stack', properties: { templateFile: 'S.template.json' } },
        },
      }),
      'cdk.out/assembly-Stage/S.template.json': withPath,
    });
    expect(checked([folder]).findings.map(({ resource }) => resource)).toEqual([
      {
        logicalId: 'Disk',
        type: 'AWS::EC2::Volume',
        address: 'App/Data',
        madeAt: '/app/lib/app-stack.ts:12:5',
      },
      { logicalId: 'Disk', type: 'AWS::EC2::Volume', address: 'Stage/App/Data' },
    ]);
  });
});

describe('suppressions', () => {
  const suppressed = (entry: string): string =>
    `Resources:\n  Disk:\n    Type: AWS::EC2::Volume\n    Metadata: {Cordon: {suppress: [${entry}]}}\n    Properties: {}\n`;

  it('in the template count until their day, and are in the report', () => {
    const folder = folderWith({
      't.yaml': suppressed('{id: encrypted, reason: scratch data, until: 2026-11-24}'),
    });
    expect(checked([folder])).toMatchObject({
      findings: [{ suppressed: { reason: 'scratch data', until: '2026-11-24', by: 'the template' } }],
      notes: [],
    });
  });

  it.each([
    ['that have run out', '{id: encrypted, reason: x, until: 2026-11-23}', /has run out on 2026-11-23/],
    ['without a reason', '{id: encrypted, until: 2026-12-01}', /it has not a reason/],
    ['without a day', '{id: encrypted, reason: x}', /an until: YYYY-MM-DD/],
    ['with a day that is none', '{id: encrypted, reason: x, until: someday}', /an until: YYYY-MM-DD/],
  ])('%s do not count, and are told', (_, entry, note) => {
    const { findings, notes } = checked([folderWith({ 't.yaml': suppressed(entry) })]);
    expect(findings[0]).not.toHaveProperty('suppressed');
    expect(notes[0]?.text).toMatch(note);
    expect(notes[0]?.place.line).toBe(4);
  });

  it('in a file, for some resources of some files', () => {
    const folder = folderWith({
      't.yaml': VOLUME,
      'accepted.yaml': `- {id: encrypted, resource: Disk, file: '**/t.yaml', reason: x, until: 2027-01-01}\n- {id: gone, reason: x, until: 2027-01-01}\n`,
    });
    const read = readSuppressions(join(folder, 'accepted.yaml'));
    if (!read.ok) throw new Error('no suppressions');
    const result = checked([join(folder, 't.yaml')], { suppressions: read.value.suppressions });
    expect(result.findings).toMatchObject([{ suppressed: { reason: 'x' } }]);
    expect(result.notes).toMatchObject([{ text: 'the suppression of gone suppresses nothing' }]);
  });
});

describe('a baseline', () => {
  it('lets only new findings count, wherever the old ones have moved', () => {
    const folder = folderWith({ 't.yaml': VOLUME });
    const file = join(folder, 'baseline.json');
    writeBaseline(file, checked([join(folder, 't.yaml')]).findings);
    writeFileSync(join(folder, 't.yaml'), `# moved\n${VOLUME}  New: {Type: AWS::EC2::Volume}\n`);
    const baseline = readBaseline(file);
    if (!baseline.ok) throw new Error('no baseline');
    const { findings } = checked([join(folder, 't.yaml')], { baseline: baseline.value });
    expect(findings.map(({ resource, known }) => [resource?.logicalId, known])).toEqual([
      ['Disk', true],
      ['New', undefined],
    ]);
  });

  it('that is something else is refused', () => {
    expect(readBaseline(join(folderWith({ 'b.json': '{}' }), 'b.json')).ok).toBe(false);
  });
});

describe('--diff', () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], {
      cwd,
      stdio: 'pipe',
    });

  it('leaves out what was so before on resources that are as they were', () => {
    const folder = folderWith({ 'sub/t.yaml': `${VOLUME}  Second: {Type: AWS::EC2::Volume}\n` });
    git(folder, 'init', '-q');
    git(folder, 'add', '.');
    git(folder, 'commit', '-qm', 'before');
    const file = join(folder, 'sub', 't.yaml');
    writeFileSync(
      file,
      `${readFileSync(file, 'utf8').replace('Size: 1', 'Size: 2')}  Third: {Type: AWS::EC2::Volume}\n`,
    );
    const { findings, untouched } = checked([file], { base: gitBase('HEAD') });
    expect(findings.map(({ resource }) => resource?.logicalId)).toEqual(['Disk', 'Third']);
    expect(untouched).toBe(1);
  });

  it('refuses a revision that is none', () => {
    const folder = folderWith({ 't.yaml': VOLUME });
    git(folder, 'init', '-q');
    expect(() => checked([folder], { base: gitBase('--upload-pack=x') })).toThrow(/git knows no revision/);
  });
});

describe('parameters', () => {
  it.each([
    ['[{"ParameterKey": "A", "ParameterValue": "x"}]'],
    ['{"Parameters": {"A": "x"}}'],
    ['{"A": "x"}'],
    ['["A=x"]'],
  ])('from a file: %s', (text) => {
    const read = parametersOf([join(folderWith({ 'p.json': text }), 'p.json'), 'B=y=z']);
    expect(
      read.ok && [...read.value].map(([name, node]) => [name, node.kind === 'scalar' && node.value]),
    ).toEqual([
      ['A', 'x'],
      ['B', 'y=z'],
    ]);
  });

  it('a file that is no list of parameters is refused', () => {
    expect(parametersOf([join(folderWith({ 'p.json': '[{"Key": "A"}]' }), 'p.json')]).ok).toBe(false);
  });
});

describe('SAM', () => {
  it('functions, their roles and URLs are judged as what they become', () => {
    const policy = guardPolicy(`# id: url-asks
# resources: AWS::Lambda::Url
rule url_asks { Resources.*[ Type == 'AWS::Lambda::Url' ].Properties.AuthType == 'AWS_IAM' }
rule traced { Resources.*[ Type == 'AWS::Lambda::Function' ].Properties.TracingConfig.Mode == 'Active' }
rule role { Resources.*[ Type == 'AWS::IAM::Role' ].Properties.ManagedPolicyArns[*] == 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess' }`);
    const folder = folderWith({
      't.yaml': `Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Tracing: Active, Tags: {a: b}}}
Resources:
  Api:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Policies: [AmazonS3ReadOnlyAccess, {SQSPollerPolicy: {QueueName: q}}]
      FunctionUrlConfig:
        AuthType: NONE
  Graph: {Type: AWS::Serverless::GraphQLApi}
`,
    });
    const { findings, notJudged } = checked([folder], { judge: judgeBy([policy]) });
    expect(findings).toMatchObject([
      { rule: 'url_asks', place: { line: 10 }, resource: { logicalId: 'ApiUrl' } },
    ]);
    expect(notJudged.map(({ reason }) => reason)).toEqual([
      'the policy template SQSPollerPolicy is not expanded',
      'what the transform makes of AWS::Serverless::GraphQLApi is not known',
    ]);
  });
});
