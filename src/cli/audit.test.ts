import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { auditStage } from '../../test/audit-stage.ts';
import { cordon } from '../../test/command.ts';
import { ACCOUNT, trailRecord } from '../../test/touches.ts';
import type { Json } from '../model/json.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/audit', import.meta.url));
const TRAIL = '123456789012_CloudTrail_us-east-1_20261124T0910Z_Jq2vRk4fXw8sLmT1.json';
const SECONDS = 60_000;

const root = mkdtempSync(join(tmpdir(), 'cordon-cli-audit-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function trail(name: string, records: readonly Json[]): string {
  const file = `${ACCOUNT}_CloudTrail_eu-west-1_20261124T0910Z_${name}.json.gz`;
  writeFileSync(join(root, file), gzipSync(JSON.stringify({ Records: records })));
  return file;
}

describe('cordon audit simulate', () => {
  const simulate = (...args: string[]) => cordon(['audit', 'simulate', TRAIL, ...args], { cwd: EXAMPLE });

  it(
    'says what would have been taken back of the trail in the examples, by whom it was made, why and how',
    async () => {
      const { exitCode, stdout, stderr } = await simulate();
      expect(stderr).toBe('');
      const found = stdout.split('\n').filter((line) => /^\d{4}-/.test(line));
      expect(found).toEqual([
        '2026-11-24 09:02:40Z  enforce  ec2:AuthorizeSecurityGroupIngress sg-0a1b2c3d4e5f60718',
        '2026-11-24 09:04:31Z  enforce  s3:PutBucketPublicAccessBlock customer-records',
        '2026-11-24 09:05:02Z  enforce  iam:AttachUserPolicy bob',
        '2026-11-24 09:06:45Z  enforce  cloudtrail:StopLogging all',
        '2026-11-24 09:08:10Z  record  iam:UpdateAssumeRolePolicy app',
      ]);
      expect(stdout).toContain(`
                      by arn:aws:iam::123456789012:user/bob from 203.0.113.64
                      ec2-security-group-no-ssh-from-world SSH (22) is open to the internet. Allow a network or a group, or use Session Manager.
                      unapproved-change arn:aws:iam::123456789012:user/bob is not listed, and it went round CloudFormation; nobody approved the change
                      way back ec2:RevokeSecurityGroupIngress: revoke in sg-0a1b2c3d4e5f60718 sgr-0f1e2d3c4b5a69782 (tcp 22 from 0.0.0.0/0)
`);
      expect(stdout).toContain(
        'way back PublicAccessBlockConfiguration of the bucket customer-records before',
      );
      expect(stdout).toMatch(
        /\n\n7 changes: something speaks against 5; 4 would have been taken back, or a person asked\n$/,
      );
      expect(exitCode).toBe(0);
    },
    SECONDS,
  );

  it(
    'shows with --all what nothing speaks against, and never the calls that failed or only read',
    async () => {
      const { stdout } = await simulate('--all');
      const found = stdout.split('\n').filter((line) => /^\d{4}-/.test(line));
      expect(found).toHaveLength(7);
      expect(found.filter((line) => line.includes('approved')).map((line) => line.slice(11, 20))).toEqual([
        '09:01:12Z',
        '09:09:20Z',
      ]);
    },
    SECONDS,
  );

  it(
    'prints one JSON value a line',
    async () => {
      const { stdout } = await simulate('--json');
      const lines = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(lines.map(({ mode, standing }) => `${mode} ${standing}`)).toEqual([
        'enforce unapproved',
        'enforce unapproved',
        'enforce unapproved',
        'enforce unapproved',
        'record break-glass',
      ]);
      expect(lines[0]).toMatchObject({ wayBack: { kind: 'calls' }, change: { call: expect.any(String) } });
    },
    SECONDS,
  );

  it(
    'asks at most when what breaks a policy came through CloudFormation',
    async () => {
      const opened = trailRecord(
        'ec2.amazonaws.com',
        'AuthorizeSecurityGroupIngress',
        {
          groupId: 'sg-0a1b2c3d4e5f60718',
          ipPermissions: {
            items: [
              { ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp: '0.0.0.0/0' }] } },
            ],
          },
        },
        null,
        { sourceIPAddress: 'cloudformation.amazonaws.com' },
      );
      const file = trail('stack', [opened]);
      writeFileSync(
        join(root, 'enforce.yaml'),
        'audit: {bindings: [{policy: "*", playbook: roll-back, mode: enforce}]}\n',
      );
      const { stdout } = await cordon(['audit', 'simulate', file, '--config', 'enforce.yaml', '--json'], {
        cwd: root,
      });
      const { mode, standing } = JSON.parse(stdout);
      expect([mode, standing]).toEqual(['approve', 'approved']);
    },
    SECONDS,
  );

  it(
    'lets nothing of a record reach the terminal as it is',
    async () => {
      const identity = {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/dev/\u001b[2J\u202Eevil`,
        accountId: ACCOUNT,
      };
      const key = '\u001b]0;owned\u0007records';
      const request = { bucketName: key };
      const file = trail('hostile', [
        trailRecord('s3.amazonaws.com', 'DeleteBucketPublicAccessBlock', request, null, {
          userIdentity: identity,
          sourceIPAddress: '\u001b[31m',
        }),
      ]);
      const { stdout, stderr } = await cordon(['audit', 'simulate', file], { cwd: root });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come out.
      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
      expect(stdout).toContain('records');
    },
    SECONDS,
  );

  it(
    'says so when a trail has no change, and exits with 2 when a file or the configuration is wrong',
    async () => {
      const reads = trail('reads', [
        trailRecord('s3.amazonaws.com', 'GetBucketPolicy', { bucketName: 'records' }, null, {
          readOnly: true,
        }),
      ]);
      const none = await cordon(['audit', 'simulate', reads], { cwd: root });
      expect(none).toMatchObject({
        exitCode: 0,
        stdout: 'no call in these files changed a resource that Cordon knows\n',
      });
      const missing = await cordon(['audit', 'simulate', 'nope.json.gz'], { cwd: root });
      expect([missing.exitCode, missing.stdout]).toEqual([2, '']);
      writeFileSync(join(root, 'wrong.yaml'), 'audit: {settle: soon}\n');
      const wrong = await cordon(['audit', 'simulate', reads, '--config', 'wrong.yaml'], { cwd: root });
      expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('wrong.yaml:1')]);
    },
    SECONDS,
  );
});

describe('cordon audit baseline and history', () => {
  it(
    'take the states of an account, and tell what became of a resource and who did it',
    async () => {
      await using stage = await auditStage();
      const run = (...args: string[]) => cordon(['audit', ...args], { cwd: stage.folder });
      writeFileSync(
        join(stage.folder, 'cordon.yaml'),
        `aws: {endpoint: "${stage.range.endpoint}"}\nstate: state\n`,
      );
      const taken = await run(
        'baseline',
        '--type',
        'AWS::EC2::SecurityGroup',
        'AWS::IAM::User',
        'AWS::Nope::Nope',
      );
      expect(taken.exitCode).toBe(0);
      expect(taken.stdout).toContain(`✓ AWS::EC2::SecurityGroup ${stage.groupId}\n`);
      expect(taken.stdout).toMatch(/✗ AWS::IAM::User mallory {2}.*iam-no-administrator-access/);
      expect(taken.stdout).toMatch(/\n3 resources: 1 compliant, 2 not\n/);
      expect(taken.stderr).toContain('AWS::Nope::Nope: ');
      const json = await run('baseline', '--type', 'AWS::EC2::SecurityGroup', '--json');
      for (const line of json.stdout.trim().split('\n'))
        expect(JSON.parse(line)).toMatchObject({ kind: 'resource' });

      await stage.open(stage.actors.mallory, 22);
      await stage.heard();
      const told = await run('history', stage.groupId);
      expect(told.exitCode).toBe(0);
      expect(told.stdout).toMatch(
        /changed {2}ec2:AuthorizeSecurityGroupIngress by arn:aws:iam::\d+:user\/mallory from \S+: taken back\n/,
      );
      expect(told.stdout).toContain('compliant');
      expect(told.stdout).toContain('+ SecurityGroupIngress: ');
      expect(
        JSON.parse((await run('history', stage.groupId, '--json')).stdout.split('\n')[0] ?? ''),
      ).toMatchObject({
        changes: [{ state: 'rolled-back' }],
      });
      const unknown = await run('history', 'sg-nobody');
      expect([unknown.exitCode, unknown.stderr]).toEqual([1, expect.stringContaining('sg-nobody')]);
    },
    SECONDS,
  );
});
