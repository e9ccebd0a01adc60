/**
 * `npm run bench:audit [-- --events N]`: what auditing costs. A trail of which two in a hundred calls change
 * something is read, the resources are read from a simulated account and judged by every policy in the box.
 * Wall time, memory, calls to AWS, and how many calls were saved because bursts are judged once.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Contender, machine, measure, median } from './contender.ts';
import { randomNumbers } from './random.ts';
import { trailData } from './trails.ts';

const { values: options } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, runs: { type: 'string', default: '3' } },
});
const events = Number(options.events);
const FILES = 20;
const BURST = 8;
const BASE = join(tmpdir(), 'cordon-bench');
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const reads = trailData(BASE, FILES, Math.floor((events * 0.98) / FILES));
const writes = writeData(Math.floor(events * 0.02));
const files = [...reads.files, ...writes];
const changes = Math.floor(events * 0.02);
const contenders: Contender[] = [
  { name: 'gunzip and JSON.parse alone', command: [process.execPath, here('./parse-json.ts'), ...files] },
  {
    name: 'cordon audit',
    command: [process.execPath, here('./audit-once.ts'), ...files],
    found: (stdout) => {
      told = stdout.trim();
      return Number(/^(\d+) judged/m.exec(stdout)?.[1]);
    },
  },
];
let told = '';
const measured = measure(contenders, Number(options.runs));
const plain = median(measured[0]?.times ?? []);
const total = reads.records + changes;
process.stdout.write(`${machine()}\n\n`);
process.stdout.write(
  `${total.toLocaleString('en-US')} CloudTrail events; ${changes.toLocaleString('en-US')} are changes, in bursts of ${BURST}\n\n`,
);
for (const { contender, times } of measured) {
  const time = median(times);
  const ratio = (time / plain).toFixed(2);
  process.stdout.write(
    `${contender.name.padEnd(32)} ${(time / 1_000).toFixed(2).padStart(8)} s  ${ratio.padStart(5)} ×\n`,
  );
}
process.stdout.write(
  `\n${told.replace('\n', ', ')}; one call a change would be ${changes.toLocaleString('en-US')}\n`,
);

/** Changes of security groups, in bursts, as a deployment without CloudFormation makes them. */
function writeData(count: number): string[] {
  const folder = join(BASE, `audit-writes-1-${count}`);
  const file = join(folder, '123456789012_CloudTrail_us-east-1_writes.json.gz');
  if (existsSync(file)) return [file];
  mkdirSync(folder, { recursive: true });
  const random = randomNumbers(7);
  const records = Array.from({ length: count }, (_, index) => {
    const burst = Math.floor(index / BURST);
    const groupId = `sg-0${(0x100000 + ((burst * 2_477) % 0xeffff)).toString(16)}c0ffee`;
    const time = new Date(Date.parse('2026-01-01T00:00:00Z') + index * 50);
    return JSON.stringify(change(groupId, index, time, random(250)));
  });
  writeFileSync(`${file}.partial`, gzipSync(`{"Records":[${records.join(',')}]}`));
  renameSync(`${file}.partial`, file);
  return [file];
}

function change(groupId: string, index: number, time: Date, host: number): object {
  const cidrIp = index % 50 === 0 ? '0.0.0.0/0' : `10.0.${host}.0/24`;
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:ada',
      arn: 'arn:aws:sts::123456789012:assumed-role/developer/ada',
      accountId: '123456789012',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLE',
          arn: 'arn:aws:iam::123456789012:role/developer',
          accountId: '123456789012',
          userName: 'developer',
        },
      },
    },
    eventTime: `${time.toISOString().slice(0, 19)}Z`,
    eventSource: 'ec2.amazonaws.com',
    eventName: 'AuthorizeSecurityGroupIngress',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.5',
    userAgent: 'aws-cli/2.15.0',
    requestParameters: {
      groupId,
      ipPermissions: {
        items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp }] } }],
      },
    },
    responseElements: { _return: true },
    requestID: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    eventID: `10000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '123456789012',
    eventCategory: 'Management',
  };
}
