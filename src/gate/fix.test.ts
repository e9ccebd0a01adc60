import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardPolicy } from '../../test/gate.ts';
import { fixFile } from './fix.ts';
import { judge } from './judge.ts';
import { readTemplate } from './template/template.ts';
import { subjectOfTemplate } from './template-subject.ts';

const policies = [
  guardPolicy(
    `# id: encrypted
# fix: Set Encrypted: true (and KmsKeyId for your own key).
# resources: AWS::EC2::Volume
rule encrypted { Resources.*[ Type == 'AWS::EC2::Volume' ].Properties.Encrypted == true }`,
    'encrypted.guard',
  ),
  guardPolicy(
    `# id: versioned
# fix: Turn it on. Set VersioningConfiguration.Status: Enabled.
# resources: AWS::S3::Bucket
rule versioned { Resources.*[ Type == 'AWS::S3::Bucket' ].Properties.VersioningConfiguration.Status == 'Enabled' }`,
    'versioned.guard',
  ),
  guardPolicy(
    `# id: private
# set: PublicAccessBlockConfiguration.BlockPublicAcls = true; PublicAccessBlockConfiguration.BlockPublicPolicy = true
# resources: AWS::S3::Bucket
rule private { Resources.*[ Type == 'AWS::S3::Bucket' ].Properties.PublicAccessBlockConfiguration.BlockPublicAcls == true }`,
    'private.guard',
  ),
];

function fixed(text: string): string | undefined {
  const source = { file: 'x.yaml', text };
  const read = readTemplate(source);
  if (!read.ok) throw new Error('no template');
  const findings = judge(subjectOfTemplate(read.value, { parameters: new Map() }), policies);
  return fixFile(source, findings, policies)?.text;
}

describe('--fix adds what is missing and keeps the rest as it is', () => {
  it('in YAML, behind comments, at the indentation that is there', () => {
    expect(
      fixed(`Resources:
    # the data
    Data:
        Type: AWS::EC2::Volume # 10 GB
        Properties:
            Size: 10 # enough

    Other:
        Type: AWS::S3::Bucket
`),
    ).toBe(`Resources:
    # the data
    Data:
        Type: AWS::EC2::Volume # 10 GB
        Properties:
            Size: 10 # enough
            Encrypted: true

    Other:
        Type: AWS::S3::Bucket
        Properties:
            PublicAccessBlockConfiguration:
                BlockPublicAcls: true
                BlockPublicPolicy: true
            VersioningConfiguration:
                Status: Enabled
`);
  });

  it('in YAML in flow style', () => {
    expect(
      fixed(
        'Resources: {D: {Type: AWS::EC2::Volume, Properties: {Size: 1}}, E: {Type: AWS::EC2::Volume, Properties: {}}}\n',
      ),
    ).toBe(
      'Resources: {D: {Type: AWS::EC2::Volume, Properties: {Size: 1, Encrypted: true}}, E: {Type: AWS::EC2::Volume, Properties: {Encrypted: true}}}\n',
    );
  });

  it('replaces a wrong value, and nothing around it', () => {
    const text =
      "Resources:\n  D:\n    Type: AWS::EC2::Volume\n    Properties:\n      Encrypted: 'false' # later\n      Size: 1";
    expect(fixed(text)).toBe(text.replace("'false'", 'true'));
  });

  it('in JSON with lines', () => {
    expect(
      fixed(
        '{\n  "Resources": {\n    "D": {\n      "Type": "AWS::EC2::Volume",\n      "Properties": {\n        "Size": 1\n      }\n    }\n  }\n}\n',
      ),
    ).toBe(
      '{\n  "Resources": {\n    "D": {\n      "Type": "AWS::EC2::Volume",\n      "Properties": {\n        "Size": 1,\n        "Encrypted": true\n      }\n    }\n  }\n}\n',
    );
  });

  it('in JSON without lines', () => {
    expect(fixed('{"Resources": {"B": {"Type": "AWS::S3::Bucket"}}}')).toBe(
      '{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": { "PublicAccessBlockConfiguration": { "BlockPublicAcls": true, "BlockPublicPolicy": true }, "VersioningConfiguration": { "Status": "Enabled" } }}}}',
    );
  });

  it('keeps Windows line ends', () => {
    expect(
      fixed('Resources:\r\n  D:\r\n    Type: AWS::EC2::Volume\r\n    Properties:\r\n      Size: 1\r\n'),
    ).toBe(
      'Resources:\r\n  D:\r\n    Type: AWS::EC2::Volume\r\n    Properties:\r\n      Size: 1\r\n      Encrypted: true\r\n',
    );
  });

  it('does not touch what a function or an alias decides', () => {
    expect(
      fixed(
        'Parameters: {P: {Type: String, Default: "false"}}\nResources:\n  D: {Type: AWS::EC2::Volume, Properties: {Encrypted: !Ref P}}\n',
      ),
    ).toBeUndefined();
    const shared =
      'Resources:\n  D: {Type: AWS::EC2::Volume, Properties: &p {Size: 1}}\n  E: {Type: AWS::EC2::Volume, Properties: *p}\n';
    expect(fixed(shared)).toBeUndefined();
  });

  it('makes the finding go away, whatever the style', () => {
    const step = fc.constantFrom(1, 2, 3, 4);
    fc.assert(
      fc.property(
        step,
        fc.boolean(),
        fc.constantFrom('', ' # note', '\n\n# note'),
        (indent, withSize, note) => {
          const pad = (level: number): string => ' '.repeat(indent * level);
          const text = `Resources:\n${pad(1)}D:\n${pad(2)}Type: AWS::EC2::Volume${note}\n${withSize ? `${pad(2)}Properties:\n${pad(3)}Size: 1${note}\n` : ''}`;
          const result = fixed(text);
          expect(result).toBeDefined();
          expect(fixed(result ?? '')).toBeUndefined();
          expect(result).toContain('Encrypted: true');
        },
      ),
    );
  });
});
