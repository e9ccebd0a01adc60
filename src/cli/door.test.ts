import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EC2 } from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cordon } from '../../test/command.ts';
import { folderWith } from '../../test/gate.ts';
import { SIMULATED_CREDENTIALS } from '../aws/clients.ts';
import { cloudFormationClient } from '../aws/cloudformation.ts';
import { simulatedClock } from '../range/clock.ts';
import { type Range, startRange } from '../range/range.ts';

const SHOP = `Parameters:
  Network: {Type: String, Default: 10.0.0.0/8}
Resources:
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web servers
      VpcId: vpc-1
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Network, Description: administration}
`;

const folder = folderWith({
  'shop.yaml': SHOP,
  'broken.yaml': '{',
  'rehearsed.yaml': SHOP.replace('      VpcId: vpc-1\n', ''),
});
let range: Range;

beforeAll(async () => {
  range = await startRange({ clock: simulatedClock({ speed: 600 }) });
  range.account.vpcs.set('vpc-1', { id: 'vpc-1', cidr: '10.0.0.0/16' });
});
afterAll(() => range.close());

const run = (...args: string[]) => cordon(args, { cwd: folder, env: { AWS_REGION: 'us-east-1' } });
const deploy = (...args: string[]) => run('door', 'deploy', ...args, '--endpoint', range.endpoint);

describe('cordon door deploy', { timeout: 30_000 }, () => {
  it('refuses with the findings: exit code 1', async () => {
    const { exitCode, stdout } = await deploy('shop.yaml', '--stack', 'shop', '-p', 'Network=0.0.0.0/0');
    expect(stdout).toContain('  high: Web line 10: SSH (22) is open to the internet.');
    expect(stdout).toContain('shop.yaml:10\n  10 |         - {IpProtocol: tcp');
    expect(stdout).toContain('Refused, nothing was changed: 1 finding.');
    expect(exitCode).toBe(1);
    expect(range.account.securityGroups.size).toBe(0);
  });

  it('deploys and shows what happens: exit code 0; and again there is nothing to do', async () => {
    const { exitCode, stdout } = await deploy('shop.yaml', '--stack', 'shop');
    expect(stdout).toMatch(/CREATE_COMPLETE +Web {2}AWS::EC2::SecurityGroup/);
    expect(stdout).toContain('Deployed: shop is CREATE_COMPLETE.');
    expect(exitCode).toBe(0);
    expect((await deploy('shop.yaml', '--stack', 'shop')).stdout).toContain('Nothing is to be changed.');
  });

  it('prints the answer for machines', async () => {
    const { stdout } = await deploy('shop.yaml', '--stack', 'shop', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'unchanged', stackName: 'shop', findings: [] });
  });

  it('says what is wrong with a template or a request: exit code 2', async () => {
    const broken = await deploy('broken.yaml', '--stack', 'shop');
    expect([broken.exitCode, broken.stdout]).toEqual([
      2,
      expect.stringContaining('The template cannot be read'),
    ]);
    expect(await deploy('none.yaml', '--stack', 'shop')).toMatchObject({ exitCode: 2 });
    expect(await deploy('shop.yaml', '--stack', 'no name!')).toMatchObject({ exitCode: 2 });
  });

  it('is rehearsed without AWS', async () => {
    const { exitCode, stdout } = await run(
      'door',
      'deploy',
      'rehearsed.yaml',
      '--stack',
      'try',
      '--rehearse',
    );
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Deployed: try is CREATE_COMPLETE.')]);
  });
});

describe('cordon gate', { timeout: 30_000 }, () => {
  const gate = (...args: string[]) => run('gate', ...args, '--endpoint', range.endpoint);

  it('judges a stack with what was changed beside it', async () => {
    await deploy('shop.yaml', '--stack', 'shop');
    const before = await gate('--stack', 'shop', '--fail-on', 'high');
    expect([before.exitCode, before.stdout]).toEqual([
      0,
      expect.not.stringContaining('open to the internet'),
    ]);
    const ec2 = new EC2({
      region: 'us-east-1',
      endpoint: range.endpoint,
      credentials: SIMULATED_CREDENTIALS,
    });
    const [group] = range.account.securityGroups.keys();
    await ec2.authorizeSecurityGroupIngress({
      GroupId: group,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    });
    ec2.destroy();
    const after = await gate('--stack', 'shop', '--fail-on', 'high');
    expect(after.stdout).toContain('SSH (22) is open to the internet');
    expect(after.stdout).toMatch(/Changed beside the stack\n {2}Web {2}AWS::EC2::SecurityGroup {2}modified/);
    expect(after.exitCode).toBe(1);
    const json = await gate('--stack', 'shop', '--format', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({ drifted: [{ logicalId: 'Web', state: 'modified' }] });
    expect((await gate('--stack', 'shop', '--no-drift', '--fail-on', 'high')).exitCode).toBe(0);
  });

  it('judges a change set with the values that it has', async () => {
    const cloudformation = cloudFormationClient({ region: 'us-east-1', endpoint: range.endpoint });
    await cloudformation.createChangeSet({
      StackName: 'shop',
      ChangeSetName: 'release',
      TemplateBody: SHOP,
      Parameters: [{ ParameterKey: 'Network', ParameterValue: '0.0.0.0/0' }],
    });
    cloudformation.destroy();
    const { exitCode, stdout } = await gate(
      '--stack',
      'shop',
      '--change-set',
      'release',
      '--fail-on',
      'high',
    );
    expect(stdout).toContain('SSH (22) is open to the internet');
    expect(stdout).toMatch(/What the change set does\n {2}Modify +Web/);
    expect(exitCode).toBe(1);
  });

  it('says when there is no such stack: exit code 3', async () => {
    const { exitCode, stderr } = await gate('--stack', 'none');
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('Stack with id none does not exist')]);
  });
});

describe('cordon door lockdown', () => {
  const names = ['--account', '123456789012', '--region', 'eu-west-1', '--break-glass-role', 'break-glass'];

  it('prints every statement with its reason, and writes the policies', async () => {
    const { exitCode, stdout } = await run('door', 'lockdown', ...names, '-o', 'policies');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Allow KnockAtTheDoor +The one thing that engineers do/);
    const written = JSON.parse(
      readFileSync(join(folder, 'policies', 'cordon-one-way-in.json'), 'utf8'),
    ) as object;
    expect(written).toMatchObject({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny' }, { Effect: 'Deny' }],
    });
  });

  it('refuses names that are none: exit code 2', async () => {
    const { exitCode, stderr } = await run('door', 'lockdown', ...names, '--exempt', '*');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('* exempts everybody')]);
  });
});
