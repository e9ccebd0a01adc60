import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cordon } from '../../test/command.ts';
import { parquetFlowLog } from '../../test/parquet.ts';

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'cordon-cli-'));
const jsonLines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const REALTIME = '1604620800.123\t192.0.2.183\t403\tGET\t/admin\n';

describe('a Parquet flow log', () => {
  it('is printed by cordon logs', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'x.parquet'), parquetFlowLog(3));
    const { stdout } = await cordon(['logs', 'x.parquet', '--json', '-w', 'dst_port: 4444'], { cwd });
    expect(jsonLines(stdout)).toMatchObject([
      { format: 'vpc-flow', 'dst_endpoint.ip': '192.0.2.99', origin: { source: 'x.parquet', line: 1 } },
      {},
      { origin: { line: 3 } },
    ]);
  });

  it('is judged by cordon replay', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'x.parquet'), parquetFlowLog(2));
    const { stdout } = await cordon(['replay', 'x.parquet', '--details'], { cwd });
    expect(stdout).toContain('Rejected Outbound Traffic (high), 2 times');
    expect(stdout).toContain('x.parquet:1');
  });

  it('that is cut is a bad record with the reason, and where it is', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'x.parquet'), parquetFlowLog(2).subarray(0, -40));
    const cut = await cordon(['logs', 'x.parquet'], { cwd });
    expect(cut.stderr).toBe('x.parquet:1: Parquet: the file ends in the middle: it has no footer\n');
  });
});

describe('CloudFront real-time records of chosen fields', () => {
  it('are read with --cloudfront-fields', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'rt.log'), REALTIME);
    const fields = 'timestamp,c-ip,sc-status,cs-method,cs-uri-stem';
    const { stdout } = await cordon(['logs', 'rt.log', '--json', '--cloudfront-fields', fields], { cwd });
    expect(jsonLines(stdout)).toMatchObject([
      {
        format: 'cloudfront-realtime',
        'src_endpoint.ip': '192.0.2.183',
        action: 'GET',
        fields: { 'sc-status': 403 },
      },
    ]);
  });

  it('need fields that have a time', async () => {
    const { exitCode, stderr } = await cordon(['logs', 'rt.log', '--cloudfront-fields', 'c-ip'], {
      cwd: emptyFolder(),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('It looks like timestamp,c-ip');
  });

  it('are told in cordon.yaml', async () => {
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, 'cordon.yaml'),
      'sources:\n  - files: rt\n    cloudfrontFields: [c-ip, sc-status]\n',
    );
    const { exitCode, stderr } = await cordon(['watch', '--once'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/cordon\.yaml:3:\d+: .*CloudFront real-time log configuration/);
  });
});
