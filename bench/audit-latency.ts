/**
 * `npm run bench:audit-latency [-- --changes N]`: from an event that is noted to a verdict that is durable,
 * without the time of AWS: the record is read, the resource is judged by every policy in the box, what was
 * found is stored on the disk. A resource is read from a simulated account; the time of that is taken off.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { awsClients } from '../src/aws/clients.ts';
import { configOf } from '../src/config/config.ts';
import { CLOUDTRAIL } from '../src/formats/cloudtrail/format.ts';
import { auditorOf, selfOf, setUpAudit } from '../src/hosts/auditing.ts';
import { createHoneypot } from '../src/range/honeypot.ts';
import { startRange } from '../src/range/range.ts';
import { openSqliteStore } from '../src/store/sqlite.ts';
import { machine } from './contender.ts';

const { values: options } = parseArgs({ options: { changes: { type: 'string', default: '2000' } } });
const changes = Number(options.changes);
const WARM = 200;

const range = await startRange();
const { vpcId } = createHoneypot(range.account);
const folder = mkdtempSync(join(tmpdir(), 'cordon-latency-'));
const config = configOf({ aws: { endpoint: range.endpoint }, state: folder }, folder);
const setup = setUpAudit(config);
if (!setup.ok) throw new Error('the policies in the box are broken');
const aws = awsClients(config.aws);
let inAws = 0;
const cloudcontrol = await aws.use('cloudcontrol');
const read = cloudcontrol.getResource.bind(cloudcontrol);
cloudcontrol.getResource = (async (input: Parameters<typeof read>[0]) => {
  const begun = performance.now();
  try {
    return await read(input);
  } finally {
    inAws += performance.now() - begun;
  }
}) as typeof cloudcontrol.getResource;
const store = openSqliteStore(folder);
const world = {
  store,
  aws,
  now: Date.now,
  onTrouble: (reason: string) => process.stderr.write(`${reason}\n`),
};
const audit = auditorOf(config, setup.value, await selfOf(config, aws), world);

const times: number[] = [];
for (let index = 0; index < WARM + changes; index++) {
  // Every second one breaks a policy.
  const cidr = index % 2 === 0 ? '0.0.0.0/0' : '10.0.0.0/8';
  const { GroupId = '' } = await aws.ec2.createSecurityGroup({
    GroupName: `g${index}`,
    Description: 'application servers',
    VpcId: vpcId,
  });
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: cidr }] }];
  await aws.ec2.authorizeSecurityGroupIngress({ GroupId, IpPermissions });
  const raw = JSON.stringify(record(GroupId, index, cidr));
  inAws = 0;
  const begun = performance.now();
  const fields = JSON.parse(raw);
  const event = {
    format: CLOUDTRAIL.name,
    time: Date.parse(fields.eventTime),
    fields,
    raw,
    origin: { source: 'trail.json', offset: 0, line: index + 1 },
  };
  await store.commit(audit.note([event]));
  await audit.look(true);
  const took = performance.now() - begun - inAws;
  if (index >= WARM) times.push(took);
}
times.sort((a, b) => a - b);
const at = (share: number): string => `${(times[Math.floor((times.length - 1) * share)] ?? 0).toFixed(2)} ms`;
const cases = (await store.incidents()).length;
process.stdout.write(`${machine()}\n\n`);
process.stdout.write(
  `${changes.toLocaleString('en-US')} changes, ${cases.toLocaleString('en-US')} cases: from the event to the stored verdict, without AWS\n`,
);
process.stdout.write(`p50 ${at(0.5)}   p99 ${at(0.99)}   most ${at(1)}\n`);
aws.close();
await store.close();
await range.close();
rmSync(folder, { recursive: true });

function record(groupId: string, index: number, cidrIp: string): object {
  return {
    eventVersion: '1.11',
    userIdentity: {
      type: 'IAMUser',
      principalId: 'AIDAEXAMPLEUSERID1234',
      arn: `arn:aws:iam::${range.account.id}:user/bob`,
      accountId: range.account.id,
      userName: 'bob',
    },
    eventTime: `${new Date().toISOString().slice(0, 19)}Z`,
    eventSource: 'ec2.amazonaws.com',
    eventName: 'AuthorizeSecurityGroupIngress',
    awsRegion: range.account.region,
    sourceIPAddress: '203.0.113.5',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: {
      groupId,
      ipPermissions: {
        items: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, ipRanges: { items: [{ cidrIp }] } }],
      },
    },
    responseElements: { _return: true },
    eventID: `20000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: range.account.id,
    eventCategory: 'Management',
  };
}
