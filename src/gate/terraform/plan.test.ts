import { describe, expect, it } from 'vitest';
import { guardPolicy } from '../../../test/gate.ts';
import type { Json } from '../../model/json.ts';
import { judge } from '../judge.ts';
import { member, toJson } from '../template/node.ts';
import { subjectOfPlan } from './plan.ts';
import { TERRAFORM_TYPES } from './types.ts';

interface Change {
  readonly type: string;
  readonly name: string;
  readonly after: unknown;
  readonly unknown?: unknown;
  readonly actions?: string[];
  readonly module?: string;
  readonly index?: string;
  readonly references?: Record<string, unknown>;
}

/** The parts of `terraform show -json` that matter, format version 1.2. */
function plan(...changes: Change[]) {
  const address = ({ type, name, module, index }: Change): string =>
    `${module === undefined ? '' : `module.${module}.`}${type}.${name}${index === undefined ? '' : `[${index}]`}`;
  const resourceOf = (one: Change) => ({
    address: `${one.type}.${one.name}`,
    mode: 'managed',
    type: one.type,
    name: one.name,
    expressions: one.references ?? {},
  });
  const inModules = Object.groupBy(
    changes.filter(({ module }) => module !== undefined),
    ({ module }) => module ?? '',
  );
  return {
    file: 'plan.json',
    text: JSON.stringify({
      format_version: '1.2',
      terraform_version: '1.9.5',
      resource_changes: changes.map((one) => ({
        address: address(one),
        ...(one.module === undefined ? {} : { module_address: `module.${one.module}` }),
        mode: 'managed',
        type: one.type,
        name: one.name,
        change: {
          actions: one.actions ?? ['create'],
          before: null,
          after: one.after,
          after_unknown: one.unknown ?? {},
        },
      })),
      configuration: {
        root_module: {
          resources: changes.filter(({ module }) => module === undefined).map(resourceOf),
          module_calls: Object.fromEntries(
            Object.entries(inModules).map(([name, ones]) => [
              name,
              { module: { resources: (ones ?? []).map(resourceOf) } },
            ]),
          ),
        },
      },
    }),
  };
}

function resourcesOf(...changes: Change[]) {
  const subject = subjectOfPlan(plan(...changes));
  if (!subject.ok) throw new Error('no plan');
  const [world] = subject.value.worlds;
  const resources = Object.fromEntries(
    (world?.resources ?? []).map(({ key, value }) => [
      key,
      {
        type: toJson(member(value, 'Type') ?? value),
        ...(toJson(member(value, 'Properties') ?? value) as Record<string, Json>),
      },
    ]),
  );
  return { resources, notJudged: subject.value.notJudged, subject: subject.value };
}

describe('a Terraform plan', () => {
  it('as resources of CloudFormation, what belongs to a bucket in the bucket', () => {
    const bucket = { bucket: { references: ['aws_s3_bucket.logs.id', 'aws_s3_bucket.logs'] } };
    const { resources } = resourcesOf(
      {
        type: 'aws_s3_bucket',
        name: 'logs',
        after: { bucket: 'logs', tags: { owner: 'me' } },
        unknown: { id: true },
      },
      {
        type: 'aws_s3_bucket_versioning',
        name: 'v',
        after: { versioning_configuration: [{ status: 'Enabled' }] },
        unknown: { bucket: true },
        references: bucket,
      },
      {
        type: 'aws_s3_bucket_server_side_encryption_configuration',
        name: 'e',
        after: {
          bucket: 'logs',
          rule: [{ apply_server_side_encryption_by_default: [{ sse_algorithm: 'aws:kms' }] }],
        },
      },
      {
        type: 'aws_s3_bucket_policy',
        name: 'p',
        after: { policy: '{"Statement": []}' },
        unknown: { bucket: true },
        references: bucket,
      },
    );
    expect(resources).toEqual({
      'aws_s3_bucket.logs': {
        type: 'AWS::S3::Bucket',
        BucketName: 'logs',
        Tags: [{ Key: 'owner', Value: 'me' }],
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
        },
      },
      'aws_s3_bucket_policy.p': {
        type: 'AWS::S3::BucketPolicy',
        Bucket: { Ref: 'aws_s3_bucket.logs' },
        PolicyDocument: { Statement: [] },
      },
    });
  });

  it('rules of security groups, one for each network', () => {
    const rule = { from_port: 22, to_port: 22, protocol: 'tcp' };
    const { resources } = resourcesOf(
      {
        type: 'aws_security_group',
        name: 'web',
        after: {
          ingress: [
            {
              ...rule,
              cidr_blocks: ['0.0.0.0/0', '10.0.0.0/8'],
              ipv6_cidr_blocks: ['::/0'],
              description: null,
            },
          ],
        },
      },
      {
        type: 'aws_security_group_rule',
        name: 'out',
        after: { ...rule, type: 'egress', cidr_blocks: ['10.0.0.0/8'] },
        unknown: { security_group_id: true },
        references: {
          security_group_id: { references: ['aws_security_group.web.id', 'aws_security_group.web'] },
        },
      },
    );
    const base = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
    expect(resources).toMatchObject({
      'aws_security_group.web': {
        SecurityGroupIngress: [
          { ...base, CidrIp: '0.0.0.0/0' },
          { ...base, CidrIp: '10.0.0.0/8' },
          { ...base, CidrIpv6: '::/0' },
        ],
      },
      'aws_security_group_rule.out': {
        type: 'AWS::EC2::SecurityGroupEgress',
        GroupId: { Ref: 'aws_security_group.web' },
        CidrIp: '10.0.0.0/8',
      },
    });
  });

  it('modules and instances by their addresses, references inside the same module', () => {
    const { resources } = resourcesOf(
      { type: 'aws_kms_key', name: 'k', module: 'data', after: { enable_key_rotation: true } },
      {
        type: 'aws_sqs_queue',
        name: 'q',
        module: 'data',
        index: '"jobs"',
        after: { name: 'jobs' },
        unknown: { kms_master_key_id: true },
        references: { kms_master_key_id: { references: ['aws_kms_key.k.arn', 'aws_kms_key.k'] } },
      },
    );
    expect(resources['module.data.aws_sqs_queue.q["jobs"]']).toEqual({
      type: 'AWS::SQS::Queue',
      QueueName: 'jobs',
      KmsMasterKeyId: { 'Fn::GetAtt': ['module.data.aws_kms_key.k', 'Arn'] },
    });
  });

  it('without what is destroyed; what has no mapping is named', () => {
    const { resources, notJudged } = resourcesOf(
      { type: 'aws_sqs_queue', name: 'old', after: null, actions: ['delete'] },
      { type: 'aws_sqs_queue', name: 'new', after: { name: 'n' }, actions: ['delete', 'create'] },
      { type: 'aws_appmesh_mesh', name: 'm', after: {} },
      { type: 'aws_s3_bucket_versioning', name: 'v', after: { bucket: 'elsewhere' } },
    );
    expect(Object.keys(resources)).toEqual(['aws_sqs_queue.new']);
    expect(notJudged.map(({ resource }) => resource)).toEqual([
      'aws_appmesh_mesh.m',
      'aws_s3_bucket_versioning.v',
    ]);
  });

  it('a value that is known after apply is not guessed', () => {
    const policy = guardPolicy(`# resources: AWS::EC2::Volume
rule encrypted { Resources.*[ Type == 'AWS::EC2::Volume' ].Properties.Encrypted == true }`);
    const { subject } = resourcesOf(
      { type: 'aws_ebs_volume', name: 'open', after: { size: 1 }, unknown: { encrypted: true } },
      { type: 'aws_ebs_volume', name: 'bad', after: { size: 1, encrypted: false } },
    );
    expect(judge(subject, [policy])).toMatchObject([
      {
        resource: { logicalId: 'aws_ebs_volume.open' },
        verdict: 'undecided',
        dependsOn: ['aws_ebs_volume.open.encrypted'],
      },
      { resource: { logicalId: 'aws_ebs_volume.bad' }, verdict: 'fail' },
    ]);
  });

  it('that is something else is refused', () => {
    expect(subjectOfPlan({ file: 'x.json', text: '{"format_version": "1.2"}' })).toMatchObject({
      ok: false,
      problems: [{ expected: 'the output of: terraform show -json PLANFILE' }],
    });
  });
});

describe('the table of types', () => {
  it('has the types that security rules speak of', () => {
    expect(Object.keys(TERRAFORM_TYPES).length).toBeGreaterThan(80);
    for (const mapping of Object.values(TERRAFORM_TYPES)) {
      if ('type' in mapping) expect(mapping.type).toMatch(/^AWS::\w+::\w+$/);
    }
  });
});
