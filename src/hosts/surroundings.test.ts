import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flowRecord } from '../../test/scene.ts';
import { openTemporaryStore } from '../../test/temporary-store.ts';
import { configOf } from '../config/config.ts';
import type { Incident } from '../model/incident.ts';
import { INSTANCE, NETWORK_INTERFACE, type Subject } from '../model/subject.ts';
import { surroundingsOf } from './surroundings.ts';

const NOW = 1_795_500_000_000;
const MINUTE = 60_000;
const place = { account: '123456789012', region: 'us-east-1' };
const instance: Subject = { type: INSTANCE, id: 'i-1', ...place };
const incidentOf = (subject: Subject, id = 'case-1'): Incident => ({
  id,
  subject,
  state: 'responding',
  mode: 'enforce',
  openedAt: NOW,
  firstSeen: NOW,
  lastSeen: NOW,
  version: 1,
});

async function around(
  subject: Subject,
  contents: Readonly<Record<string, readonly string[]>>,
  settings: Parameters<typeof configOf>[0] = {},
) {
  const base = mkdtempSync(join(tmpdir(), 'cordon-around-'));
  const store = openTemporaryStore();
  const incident = incidentOf(subject);
  const other = { ...incidentOf(subject, 'case-0'), firstSeen: NOW - 5 * MINUTE, lastSeen: NOW - 5 * MINUTE };
  const old = {
    ...incidentOf(subject, 'case-00'),
    firstSeen: NOW - 99 * MINUTE,
    lastSeen: NOW - 99 * MINUTE,
  };
  const stranger = { ...incidentOf({ ...subject, id: 'i-2' }, 'case-x') };
  mkdirSync(join(base, 'logs'));
  await store.commit([
    ...[incident, other, old, stranger].map((one) => ({ kind: 'incident' as const, incident: one })),
    { kind: 'owner', part: { type: NETWORK_INTERFACE, id: 'eni-1', ...place }, owner: instance },
    { kind: 'owner', part: { type: NETWORK_INTERFACE, id: 'eni-2', ...place }, owner: stranger.subject },
    {
      kind: 'finding',
      finding: {
        id: 'f',
        caseId: 'case-1',
        rule: { id: 'r', title: 'R', level: 'high' },
        count: 1,
        firstSeen: NOW,
        lastSeen: NOW,
        branch: { selections: [], because: [] },
      },
    },
    ...Object.entries(contents).map(([name, lines]) => {
      const source = name.includes('://') ? name : join(base, 'logs', name);
      if (!name.includes('://')) writeFileSync(source, `${lines.join('\n')}\n`);
      const origin = { source, offset: 0, line: 1 };
      return { kind: 'sample' as const, sample: { findingId: 'f', origin, raw: lines[0] ?? '' } };
    }),
  ]);
  const config = configOf({ sources: [{ files: 'logs' }], ...settings }, base);
  return surroundingsOf(incident, store, config);
}

const record = (eni: string, at: number): string =>
  flowRecord({ eni, from: ['10.0.0.1', 40_000], to: ['192.0.2.1', 443], at });

describe('what is around an incident', () => {
  it('is what the subject and its parts did near the time, and its other cases of then', async () => {
    const found = await around(instance, {
      'a.log': [record('eni-1', 0), record('eni-2', 0), record('eni-1', -600), record('eni-1', -1_200)],
      'b.log': [record('eni-1', 600), record('eni-1', 1_200)],
    });
    expect(found.names).toEqual(['i-1', 'eni-1']);
    expect(found.records.map(({ origin }) => [origin.source.slice(-5), origin.line])).toEqual([
      ['a.log', 1],
      ['a.log', 3],
      ['b.log', 1],
    ]);
    expect(found.cases.map(({ incident }) => incident.id)).toEqual(['case-0']);
  });

  it('is as wide as the configuration says', async () => {
    const lines = [record('eni-1', 0), record('eni-1', -600), record('eni-1', -1_200)];
    const found = await around(instance, { 'a.log': lines }, { evidence: { around: 30 } });
    expect(found.records).toHaveLength(3);
  });

  it('is of a principal what CloudTrail has under its ARN', async () => {
    const arn = 'arn:aws:iam::123456789012:user/eve';
    const event = (who: string, minute: number): string =>
      JSON.stringify({
        eventTime: new Date(NOW + minute * MINUTE).toISOString(),
        eventSource: 'iam.amazonaws.com',
        eventName: 'CreateAccessKey',
        awsRegion: 'us-east-1',
        recipientAccountId: '123456789012',
        userIdentity: { type: 'IAMUser', arn: who },
      });
    const lines = [event(arn, 0), event('arn:aws:iam::123456789012:user/bob', 0), event(arn, 3)];
    const found = await around({ type: 'AWS::IAM::User', id: arn, ...place }, { 'trail.json': lines });
    expect(found.records).toHaveLength(2);
  });

  it('reads a file with the columns that its source has', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS writes the names of columns so
    const logFormat = '${interface-id} ${srcaddr} ${dstaddr} ${start} ${end} ${action}';
    const line = (eni: string): string => `${eni} 10.0.0.1 192.0.2.1 ${NOW / 1_000} ${NOW / 1_000} ACCEPT`;
    const settings = { sources: [{ files: 'logs', logFormat }] };
    const found = await around(instance, { 'a.log': [line('eni-1'), line('eni-2')] }, settings);
    expect(found.records.map(({ raw }) => raw)).toEqual([line('eni-1')]);
  });

  it('ends at its limit, and says so; it says what it could not read', async () => {
    const found = await around(instance, {
      'a.log': Array.from({ length: 6_000 }, () => record('eni-1', 0)),
      's3://bucket/key': [record('eni-1', 0)],
    });
    expect(found.records).toHaveLength(5_000);
    expect(found.sources).toEqual([
      { source: expect.stringContaining('a.log'), records: 5_000, left: 'as many records as are kept' },
      {
        source: 's3://bucket/key',
        records: 0,
        left: 'no file of this machine: only the records of the findings are kept',
      },
    ]);
  });
});
