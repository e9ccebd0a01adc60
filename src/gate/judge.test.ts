// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes placeholders so
import { describe, expect, it } from 'vitest';
import { guardPolicy, judged, subjectOf } from '../../test/gate.ts';
import { judge } from './judge.ts';

const ENCRYPTED = `# title: Volumes are encrypted
# id: volume-encrypted
# severity: high
# fix: Set Encrypted: true.
# resources: AWS::EC2::Volume
let volumes = Resources.*[ Type == 'AWS::EC2::Volume' ]
rule volume_encrypted when %volumes !empty {
    %volumes.Properties.Encrypted == true << The volume is not encrypted >>
}
`;

const OPEN_NETWORK = `# id: no-open-network
let groups = Resources.*[ Type == 'AWS::EC2::SecurityGroup' ]
rule no_open_network when %groups !empty {
    %groups.Properties.SecurityGroupIngress[*].CidrIp != '0.0.0.0/0' << Open to the world >>
}
`;

const volume = (encrypted: string, parameters = ''): string => `
Parameters:
  Unused: {Type: String, Default: x}
  ${parameters}
Resources:
  Disk:
    Type: AWS::EC2::Volume
    Properties:
      Size: 1
      ${encrypted}
`;

describe('a finding', () => {
  it('points at the value that is wrong', () => {
    const [finding, ...more] = judged(volume('Encrypted: false'), ENCRYPTED);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      policy: { id: 'volume-encrypted', title: 'Volumes are encrypted' },
      verdict: 'fail',
      severity: 'high',
      message: 'The volume is not encrypted',
      place: { line: 10, column: 18, length: 5 },
      resource: { logicalId: 'Disk', type: 'AWS::EC2::Volume' },
      path: 'Properties.Encrypted',
      found: false,
      when: [],
    });
  });

  it('points at the key that lacks something', () => {
    const [finding] = judged(volume(''), ENCRYPTED);
    expect(finding).toMatchObject({ verdict: 'fail', place: { line: 8, column: 5, length: 10 } });
    expect(finding).not.toHaveProperty('found');
  });

  it('is not there when all is well', () => {
    expect(judged(volume('Encrypted: true'), ENCRYPTED)).toEqual([]);
  });

  it('points at the use of a parameter whose default is wrong', () => {
    const [finding] = judged(
      volume('Encrypted: !Ref Safe', "Safe: {Type: String, Default: 'false'}"),
      ENCRYPTED,
    );
    expect(finding).toMatchObject({
      verdict: 'fail',
      found: false,
      place: { line: 10, column: 18, length: 9 },
    });
  });
});

describe('a verdict that hinges on an unknown value is not guessed', () => {
  it('for a value that may be right', () => {
    const [finding] = judged(volume('Encrypted: !Ref Safe', 'Safe: {Type: String}'), ENCRYPTED);
    expect(finding).toMatchObject({ verdict: 'undecided', dependsOn: ['Safe'], place: { line: 10 } });
  });

  it('for a value that may be wrong', () => {
    const group = (cidr: string) => `
Parameters: {Office: {Type: String}}
Resources:
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {SecurityGroupIngress: [{CidrIp: ${cidr}}]}}`;
    expect(judged(group('!Ref Office'), OPEN_NETWORK)).toMatchObject([
      { verdict: 'undecided', dependsOn: ['Office'] },
    ]);
    expect(judged(group('!Sub "10.0.0.${Office}/32"'), OPEN_NETWORK)).toEqual([]);
    expect(judged(group('10.0.0.0/8'), OPEN_NETWORK)).toEqual([]);
    expect(judged(group('0.0.0.0/0'), OPEN_NETWORK)).toMatchObject([{ verdict: 'fail' }]);
  });

  it('but one that does not is sure', () => {
    const text = volume('Encrypted: false\n      KmsKeyId: !Ref Key', 'Key: {Type: String}');
    expect(judged(text, ENCRYPTED)).toMatchObject([{ verdict: 'fail' }]);
  });

  it('an account is never a wildcard', () => {
    const policy = `rule no_wildcard { Resources.*[ Type == 'AWS::KMS::Key' ].Properties.KeyPolicy.Statement[*].Principal.AWS != /\\*/ }`;
    const key = (principal: string) => `
Resources: {K: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {Statement: [{Effect: Allow, Principal: {AWS: ${principal}}}]}}}}`;
    expect(judged(key('!Sub "arn:aws:iam::${AWS::AccountId}:root"'), policy)).toEqual([]);
    expect(judged(key('"*"'), policy)).toMatchObject([{ verdict: 'fail' }]);
  });

  it('a policy that asks for a reference has one', () => {
    const policy = `
let databases = Resources.*[ Type == 'AWS::RDS::DBInstance' ]
rule no_password_in_text when %databases !empty {
    %databases.Properties.MasterUserPassword !is_string << A password in plain text >>
}`;
    const database = (password: string) => `
Parameters: {Password: {Type: String}}
Resources: {Db: {Type: AWS::RDS::DBInstance, Properties: {MasterUserPassword: ${password}}}}`;
    expect(judged(database('!Ref Password'), policy)).toEqual([]);
    expect(judged(database('hunter2'), policy)).toMatchObject([{ verdict: 'fail' }]);
  });

  it('a reference to another resource is followed by rules that look for one', () => {
    const policy = `
rule encrypted_with_own_key {
    Resources.*[ Type == 'AWS::SQS::Queue' ].Properties.KmsMasterKeyId.'Fn::GetAtt'[0] in Resources.*[ Type == 'AWS::KMS::Key' ][ keys exists ] or
    Resources.*[ Type == 'AWS::SQS::Queue' ].Properties.KmsMasterKeyId exists
}`;
    const text = `
Resources:
  Key: {Type: AWS::KMS::Key}
  Queue: {Type: AWS::SQS::Queue, Properties: {KmsMasterKeyId: !GetAtt Key.Arn}}`;
    expect(judge(subjectOf(text), [guardPolicy(policy)])).toEqual([]);
  });
});

describe('a rule that meets a value it cannot handle', () => {
  const policy = `let sizes = Resources.*[ Type == 'AWS::EC2::Volume' ].Properties.Size
let numbers = parse_int(%sizes)
rule large_enough when %sizes exists { %numbers >= 5 << Too small >> }`;
  const sized = (size: string) =>
    `Parameters: {Size: {Type: String}}\nResources: {D: {Type: AWS::EC2::Volume, Properties: {Size: ${size}}}}`;

  it('is an error there, with its reason', () => {
    const [finding] = judged(sized('ten'), policy);
    expect(finding).toMatchObject({ verdict: 'error', resource: { logicalId: 'D' } });
    expect(finding?.message).not.toBe('Too small');
  });

  it('but cannot be decided where the value is not known', () => {
    expect(judged(sized('!Ref Size'), policy)).toMatchObject([{ verdict: 'undecided', dependsOn: ['Size'] }]);
  });
});

describe('every way of deploying it is judged', () => {
  const text = `
Parameters:
  Environment: {Type: String}
Conditions:
  Prod: !Equals [!Ref Environment, prod]
Resources:
  Disk:
    Type: AWS::EC2::Volume
    Properties:
      Encrypted: !If [Prod, true, false]
`;

  it('and the finding says in which it is so', () => {
    expect(judged(text, ENCRYPTED)).toMatchObject([
      { verdict: 'fail', when: ['Environment is not prod'], place: { line: 10, column: 35 } },
    ]);
  });

  it('a resource that is not there in one of them', () => {
    const conditional = text
      .replace('!If [Prod, true, false]', 'false')
      .replace('Volume\n', 'Volume\n    Condition: Prod\n');
    expect(judged(conditional, ENCRYPTED)).toMatchObject([{ when: ['Environment is prod'] }]);
  });
});

describe('a template of 1 MB with 500 resources', () => {
  it('is judged in bounded time', () => {
    const resources = Array.from(
      { length: 500 },
      (_, index) =>
        `"Disk${index}": {"Type": "AWS::EC2::Volume", "Properties": {"Size": {"Ref": "Size"}, "Encrypted": {"Ref": "P"}, "Tags": [{"Key": "text", "Value": "${'x'.repeat(1_800)}"}]}}`,
    );
    const text = `{"Parameters": {"P": {"Type": "String"}, "Size": {"Type": "Number"}}, "Resources": {${resources.join(',')}}}`;
    expect(text.length).toBeGreaterThan(900_000);
    const started = performance.now();
    expect(judged(text, ENCRYPTED)).toHaveLength(500);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});
