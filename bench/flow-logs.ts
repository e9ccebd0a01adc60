import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What is generated: the same bytes on every machine. */
export interface FlowLogData {
  readonly files: readonly string[];
  readonly list: string;
  readonly records: number;
  readonly bytes: number;
}

const START = 1_795_500_000;
const PORTS = [443, 443, 443, 80, 22, 123, 53, 3306, 8080, 25];
const INTERFACES = 400;
const LISTED = 10_000;

/** A small generator with a seed: Lehmer's, 31 bits. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** Gzip files of flow log records as S3 gets them, and a threat list of which some are met. */
export function flowLogData(folder: string, fileCount: number, perFile: number): FlowLogData {
  const name = createHash('sha256').update(`2/${fileCount}/${perFile}`).digest('hex').slice(0, 8);
  const target = join(folder, `flow-${name}`);
  const files = Array.from({ length: fileCount }, (_, index) => join(target, `flow-${index}.log.gz`));
  const list = join(target, 'bad-ips.txt');
  let bytes = 0;
  if (!existsSync(list)) {
    mkdirSync(target, { recursive: true });
    for (const [index, file] of files.entries()) writeFileSync(file, gzipSync(text(index, perFile)));
    const random = randomNumbers(99);
    const bad = Array.from({ length: LISTED }, () => address(random));
    writeFileSync(`${list}.partial`, `${bad.join('\n')}\n`);
    renameSync(`${list}.partial`, list);
  }
  bytes = text(0, perFile).length * fileCount;
  return { files, list, records: fileCount * perFile, bytes };
}

function address(random: (below: number) => number): string {
  return `${20 + random(180)}.${random(256)}.${random(256)}.${1 + random(254)}`;
}

function text(index: number, records: number): string {
  const random = randomNumbers(index + 1);
  const lines = [
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  ];
  for (let record = 0; record < records; record++) {
    const number = random(INTERFACES);
    const own = `10.20.${number >> 8}.${number & 255}`;
    const outbound = random(2) === 0;
    const peer = address(random);
    const service = PORTS[random(PORTS.length)] ?? 443;
    const client = 32_768 + random(28_000);
    const start = START + Math.floor(record / 400);
    const packets = 1 + random(60);
    const rejected = random(100) < 3;
    lines.push(
      `2 123456789012 eni-0${(0x10000 + number).toString(16)}c0ffee ${outbound ? own : peer} ${outbound ? peer : own} ${outbound ? client : service} ${outbound ? service : client} ${random(10) === 0 ? 17 : 6} ${packets} ${packets * (40 + random(1_400))} ${start} ${start + 60} ${rejected ? 'REJECT' : 'ACCEPT'} OK`,
    );
  }
  return `${lines.join('\n')}\n`;
}
