import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { randomNumbers } from './random.ts';

/** What is generated: the same bytes on every machine. */
export interface FlowLogData {
  readonly files: readonly string[];
  readonly records: number;
  /** Uncompressed. */
  readonly bytes: number;
}

const START = 1_795_500_000;
const INTERFACES = 400;
/** Of a thousand records; the rest are inbound requests and their answers. */
const SHARES = { scan: 120, outboundWeb: 330, dns: 90, internal: 160, oddPort: 3, rejectedOut: 1 };
const WEB_PORTS = [443, 443, 443, 443, 443, 443, 443, 80];
const SCANNED = [23, 22, 3389, 445, 8080, 5900, 1433, 6379, 2375, 9200];
const DATABASE_PORTS = [3306, 5432, 6379];
const ODD_PORTS = [22, 25, 587, 853, 465];
const ODD_PER_FILE_LISTED = 40;

const HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

/**
 * Gzip files of flow log records as S3 gets them: web traffic to a few thousand peers, answers,
 * name resolution, databases, scans that are rejected, and a few records that the rules are for.
 */
export function flowLogData(folder: string, fileCount: number, perFile: number): FlowLogData {
  const name = createHash('sha256').update(`4/${fileCount}/${perFile}`).digest('hex').slice(0, 8);
  const target = join(folder, `flow-${name}`);
  const files = Array.from({ length: fileCount }, (_, index) =>
    join(target, `flow-${String(index).padStart(3, '0')}.log.gz`),
  );
  mkdirSync(target, { recursive: true });
  for (const [index, file] of files.entries()) {
    if (existsSync(file)) continue;
    writeFileSync(`${file}.partial`, gzipSync(flowLogText(index, perFile)));
    renameSync(`${file}.partial`, file);
  }
  const bytes = flowLogText(0, perFile).length * fileCount;
  return { files, records: fileCount * perFile, bytes };
}

/** Addresses of the threat list: the first {@link LISTED_MET} of them are met in the records. */
export function threatList(folder: string, entries: number): string {
  const file = join(folder, `listed-${entries}.txt`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const lines = ['# generated'];
  for (let index = 0; index < entries; index++) lines.push(listedAddress(index));
  writeFileSync(`${file}.partial`, `${lines.join('\n')}\n`);
  renameSync(`${file}.partial`, file);
  return file;
}

/** From 20 to 99: no range among them is reserved. */
const FIRST_OCTETS = 80;
/** Enough for the shortest list of the bench. */
const LISTED_MET = 10;

/** Addresses that no peer of the records has: theirs end with an even number. */
function listedAddress(index: number): string {
  const mixed = Math.imul(index + 1, 0x9e3779b1) >>> 0;
  return `${20 + ((mixed >>> 24) % FIRST_OCTETS)}.${(mixed >>> 16) & 255}.${(mixed >>> 8) & 255}.${(mixed & 127) * 2 + 1}`;
}

/** One file's text; `perFile` records. */
export function flowLogText(index: number, perFile: number): string {
  const random = randomNumbers(index + 1);
  const peers = Array.from({ length: 3_000 }, () => publicAddress(random));
  const lines = [HEADER];
  for (let record = 0; record < perFile; record++) {
    const number = random(INTERFACES);
    const eni = `eni-0${(0x100000 + number * 2_477).toString(16)}c0ffee${(number * 97).toString(16).padStart(4, '0')}`;
    const own = `10.20.${number >> 6}.${10 + (number & 63)}`;
    const start = START + index * 600 + Math.floor(record / 900);
    const client = 32_768 + random(28_000);
    const packets = 1 + random(60);
    const kind = random(1_000);
    let limit = 0;
    const is = (share: number): boolean => {
      limit += share;
      return kind < limit;
    };
    let peer = peers[Math.floor((random(3_000) * random(3_000)) / 3_000)] ?? '';
    let [outbound, ownPort, peerPort, protocol, action] = [true, client, 443, 6, 'ACCEPT'];
    if (is(SHARES.scan)) {
      peer = publicAddress(random);
      [outbound, ownPort, peerPort, action] = [
        false,
        SCANNED[random(SCANNED.length)] ?? 23,
        client,
        'REJECT',
      ];
    } else if (is(SHARES.outboundWeb)) peerPort = WEB_PORTS[random(WEB_PORTS.length)] ?? 443;
    else if (is(SHARES.dns)) [peer, peerPort, protocol] = ['169.254.169.253', 53, 17];
    else if (is(SHARES.internal)) {
      peer = `10.20.8.${1 + random(200)}`;
      peerPort = DATABASE_PORTS[random(DATABASE_PORTS.length)] ?? 3306;
    } else if (is(SHARES.oddPort)) peerPort = ODD_PORTS[random(ODD_PORTS.length)] ?? 25;
    else if (is(SHARES.rejectedOut)) [peerPort, action] = [4_444, 'REJECT'];
    else [outbound, ownPort, peerPort] = [random(2) === 0, 443, client];
    if (record % Math.ceil(perFile / ODD_PER_FILE_LISTED) === 7) peer = listedAddress(random(LISTED_MET));
    lines.push(
      `2 123456789012 ${eni} ${outbound ? own : peer} ${outbound ? peer : own} ${outbound ? ownPort : peerPort} ${outbound ? peerPort : ownPort} ${protocol} ${packets} ${packets * (40 + random(1_400))} ${start} ${start + 60} ${action} OK`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function publicAddress(random: (below: number) => number): string {
  return `${20 + random(FIRST_OCTETS)}.${random(256)}.${random(256)}.${random(127) * 2}`;
}
