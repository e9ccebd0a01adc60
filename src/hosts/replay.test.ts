import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { flowRecord, stage } from '../../test/scene.ts';
import { configOf } from '../config/config.ts';
import { detector } from '../detect/detector.ts';
import { NO_INVENTORY, NO_OWNERS } from '../detect/inventory.ts';
import { addressSet } from '../intel/address-set.ts';
import type { ReplayReport } from '../report/replay-report.ts';
import { readFile } from '../sources/files.ts';
import { type Ingested, type IngestSizes, ingest } from './ingest.ts';
import { openReplay, type ReplayOptions, replayOf } from './replay.ts';
import { type Setup, setUp } from './setup.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function setupOf(settings: Parameters<typeof configOf>[0] = {}): Setup {
  const ready = setUp(configOf(settings, folder));
  if (!ready.ok) throw new Error(ready.problems[0]?.message);
  return ready.value;
}
const setup = setupOf();

async function replayed(
  paths: readonly string[],
  options: Partial<ReplayOptions> = {},
  with_: Setup = setup,
): Promise<ReplayReport> {
  const { replay, close } = openReplay(paths, { askAws: false, ...options });
  try {
    return await replay(with_);
  } finally {
    await close();
  }
}

let names = 0;
function file(lines: readonly string[], extension = 'log'): string {
  const path = join(folder, `f${String(names++).padStart(4, '0')}.${extension}`);
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  writeFileSync(path, names % 2 === 0 ? bytes : gzipSync(bytes));
  return path;
}

const refused = (eni: string, at: number, port = 4444): string =>
  flowRecord({ eni, from: ['10.0.0.5', 40_000], to: ['192.0.2.1', port], at });
const apiCall = (time: string, more: object = {}): string =>
  JSON.stringify({
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/bob', userName: 'bob' },
    eventTime: time,
    eventSource: 'cloudtrail.amazonaws.com',
    eventName: 'StopLogging',
    awsRegion: 'eu-west-1',
    recipientAccountId: '123456789012',
    ...more,
  });
const failedLogin = (time: string): string =>
  apiCall(time, {
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    errorMessage: 'Failed authentication',
    responseElements: { ConsoleLogin: 'Failure' },
    sourceIPAddress: '192.0.2.7',
  });

describe('a replay', () => {
  it('tells of each rule how loud it was, and of the others whether there was anything to hear', async () => {
    const report = await replayed([
      file([refused('eni-1', 0), refused('eni-1', 30), refused('eni-2', 86_400)]),
      file([apiCall('2026-11-24T09:00:00Z')], 'json'),
    ]);
    expect(report).toMatchObject({
      events: 4,
      byFormat: { cloudtrail: 1, 'vpc-flow': 3 },
      span: { first: '2026-11-24', last: '2026-11-25', days: 2 },
      highest: 'high',
    });
    expect(
      report.rules.map(({ rule, matches, cases, subjects, perDay }) => [
        rule.id,
        matches,
        cases,
        subjects,
        perDay,
      ]),
    ).toEqual([
      ['rejected-outbound-traffic', 3, 2, 2, 1.5],
      ['cloudtrail-stopped', 1, 1, 1, 0.5],
    ]);
    expect(report.rules[0]?.days.map(({ matches }) => matches)).toEqual([2, 1]);
    const silent = new Map(report.silent.map((one) => [one.rule.id, one.hadRecords]));
    expect(silent.get('port-scan-from-outside')).toBe(true);
    expect([...silent.values()].filter((had) => !had).length).toBeGreaterThan(20);
    expect(silent.has('rejected-outbound-traffic')).toBe(false);
    expect(report.subjects[0]).toMatchObject({ subject: { id: 'eni-1' }, matches: 2, cases: 1 });
  });

  it('makes a new case where a subject was quiet, and joins what two files have of one', async () => {
    const { cases } = await replayed([
      file([refused('eni-1', 0), refused('eni-1', 7_300)]),
      file([refused('eni-1', 1_800)]),
    ]);
    expect(cases.map(({ findings }) => findings[0]?.count)).toEqual([2, 1]);
  });

  it('stops responses at the hourly limit, by the times of events and not of the files', async () => {
    const { cases } = await replayed([
      file(['eni-4', 'eni-5'].map((eni, at) => refused(eni, 60 + at))),
      file(['eni-1', 'eni-2', 'eni-3'].map((eni, at) => refused(eni, at))),
    ]);
    expect(cases.map(({ subject, armed }) => [subject.id, armed[0]?.outcome])).toEqual([
      ['eni-1', 'responding'],
      ['eni-2', 'responding'],
      ['eni-3', 'responding'],
      ['eni-4', 'awaiting-approval'],
      ['eni-5', 'awaiting-approval'],
    ]);
    expect(cases.map(({ decisions }) => decisions[0]?.outcome)).toEqual(Array(5).fill('observed'));
  });

  it('correlates what the files of two regions have of the same hour, one read after the other', async () => {
    const logins = (minutes: readonly number[]): string[] =>
      minutes.map((minute) => failedLogin(`2026-11-24T09:${String(minute).padStart(2, '0')}:00Z`));
    // Alone, neither is enough.
    const one = file([...logins([0, 2, 4, 6, 8]), apiCall('2026-11-24T23:00:00Z')], 'json');
    const other = file(logins([1, 3, 5, 7, 9]), 'json');
    const found = async (paths: readonly string[]) =>
      (await replayed(paths)).rules.map(({ rule }) => rule.id);
    expect(await found([one])).not.toContain('console-login-brute-force');
    expect(await found([other])).not.toContain('console-login-brute-force');
    expect(await found([one, other])).toContain('console-login-brute-force');
  });

  it('looks only at events of the time that was asked for', async () => {
    const day = 86_400;
    const path = file([0, day, 2 * day].map((at) => refused('eni-1', at)));
    const trail = file(
      ['24', '25', '26'].map((at) => apiCall(`2026-11-${at}T09:00:00Z`)),
      'json',
    );
    const range = { from: Date.parse('2026-11-25'), to: Date.parse('2026-11-26') };
    const report = await replayed([path, trail], { range });
    expect(report).toMatchObject({ events: 2, outside: 4, byFormat: { cloudtrail: 1, 'vpc-flow': 1 } });
    expect(report.cases.map(({ firstSeen }) => new Date(firstSeen).toISOString().slice(0, 10))).toEqual([
      '2026-11-25',
      '2026-11-25',
    ]);
    expect(report.span).toEqual({ first: '2026-11-25', last: '2026-11-25', days: 1 });
  });

  it('with an account asks whose an interface is, and what is protected', async () => {
    await using scene = await stage({ tags: [{ Key: 'cordon:protected', Value: 'yes' }] });
    const { interfaceId, instanceId } = scene.honeypot;
    const path = scene.log('flow.log', [
      flowRecord({ eni: interfaceId, from: ['10.20.0.7', 40_000], to: ['192.0.2.1', 4444] }),
      flowRecord({ eni: 'eni-unknown', from: ['10.20.0.9', 40_000], to: ['192.0.2.1', 4444] }),
    ]);
    const ready = setUp(scene.config);
    if (!ready.ok) throw new Error(ready.problems[0]?.message);
    const { cases } = await replayed([path], { askAws: true }, ready.value);
    const ends = cases.map(({ subject, armed }) => [subject.id, armed[0]?.outcome, armed[0]?.reason]);
    expect(new Map(ends.map(([id, ...end]) => [id, end]))).toEqual(
      new Map([
        [instanceId, ['awaiting-approval', `${instanceId} has the protected tag cordon:protected=yes`]],
        ['eni-unknown', ['recorded', 'eni-unknown is on no instance that EC2 knows']],
      ]),
    );
    expect(scene.range.calls.every(({ operation }) => operation.startsWith('Describe'))).toBe(true);
  });
});

/** Flow logs, logins and lines that are none, in any order. */
const line = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .tuple(
        fc.constantFrom('eni-1', 'eni-2', 'eni-3'),
        fc.constantFrom(22, 25, 443, 4444),
        fc.constantFrom('ACCEPT' as const, 'REJECT' as const),
        fc.integer({ min: 0, max: 200_000 }),
        fc.boolean(),
      )
      .map(([eni, port, action, at, out]) =>
        out
          ? flowRecord({ eni, from: ['10.0.0.5', 40_000], to: ['198.51.100.66', port], action, at })
          : flowRecord({ eni, from: ['198.51.100.66', 40_000], to: ['10.0.0.5', port], action, at }),
      ),
  },
  { weight: 1, arbitrary: fc.constantFrom('', 'no record', '2 1 eni-1 - - - - - - - 1 2 - NODATA') },
);

interface Cuts extends IngestSizes {
  readonly window: number;
  readonly piece: number;
}

describe('the same logs and rules give the same report, byte for byte', () => {
  const inPieces = async (paths: readonly string[], cuts: Cuts): Promise<string> => {
    const detect = detector({
      rules: setup.rules,
      inventory: NO_INVENTORY,
      owners: NO_OWNERS,
      ownNetworks: addressSet(setup.config.networks),
      region: setup.config.aws.region,
    });
    async function* parts(): AsyncGenerator<Ingested> {
      for (const path of paths) {
        const chunks = readFile(path, { final: true, window: cuts.window, piece: cuts.piece });
        yield* ingest(chunks, detect, setup.config.window * 60_000, cuts);
      }
    }
    return JSON.stringify(await replayOf(setup, paths.length, parts()));
  };

  it('wherever the files are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(line, { maxLength: 80 }), { minLength: 1, maxLength: 3 }),
        fc.record({
          window: fc.integer({ min: 300, max: 3_000 }),
          piece: fc.integer({ min: 1, max: 700 }),
          held: fc.integer({ min: 1, max: 30 }),
          records: fc.integer({ min: 1, max: 60 }),
        }),
        async (contents, cuts) => {
          const paths = contents.map((lines) => file(lines));
          const whole = { window: 1_000_000, piece: 1_000_000, held: 1e9, records: 1e9 };
          expect(await inPieces(paths, cuts)).toBe(await inPieces(paths, whole));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('however many threads read', async () => {
    const contents = fc.sample(fc.array(line, { minLength: 300, maxLength: 600 }), { numRuns: 6, seed: 11 });
    const logins = Array.from({ length: 10 }, (_, minute) => failedLogin(`2026-11-24T09:0${minute}:00Z`));
    const paths = [...contents.map((lines) => file(lines)), file(logins, 'json')];
    const report = await replayed(paths, { threads: 1 });
    const one = JSON.stringify(report);
    for (const threads of [2, 3]) expect(JSON.stringify(await replayed(paths, { threads }))).toBe(one);
    expect(report.rules.map(({ rule }) => rule.id)).toContain('console-login-brute-force');
  });
});
