import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { publicKeysIn } from '../src/evidence/keys.ts';
import { type EvidenceVerdict, verifyEvidence } from '../src/evidence/verify-evidence.ts';
import { casesFolder, checkpointsFolder, keysFolder } from '../src/hosts/state.ts';
import { newBucket } from '../src/range/s3/bucket.ts';
import { decideByPerson } from '../src/respond/decision.ts';
import { cordon, crashingWatch } from './command.ts';
import { flowRecord, type Stage, stage } from './scene.ts';
import { timeStampingAuthority } from './time-stamping.ts';

const STRANGER = '192.0.2.99';

function beacon(scene: Stage, name = 'a.log'): void {
  const { interfaceId: eni, address } = scene.honeypot;
  const record = (from: [string, number], to: [string, number], at: number, action: 'ACCEPT' | 'REJECT') =>
    flowRecord({ eni, from, to, at, action });
  scene.log(name, [
    record([address, 40_000], [STRANGER, 4444], 0, 'REJECT'),
    record([STRANGER, 51_000], [address, 80], -600, 'ACCEPT'),
    record([STRANGER, 51_000], [address, 80], -3_600, 'ACCEPT'),
    flowRecord({ eni: 'eni-0another', from: ['10.0.0.9', 40_000], to: ['10.0.0.10', 443], action: 'ACCEPT' }),
  ]);
}

async function caseFolder(scene: Stage): Promise<string> {
  const [incident] = await scene.incidents();
  return join(casesFolder(scene.config), incident?.id ?? '');
}

async function verified(scene: Stage): Promise<EvidenceVerdict> {
  return verifyEvidence(await caseFolder(scene), publicKeysIn(keysFolder(scene.config)));
}

const namesOf = ({ files }: EvidenceVerdict): string[] => files.map(({ name }) => name);

describe('the evidence of a case', () => {
  it('is sealed and signed before the termination, and closed with its ledger after it', async () => {
    await using scene = await stage();
    beacon(scene);
    const entries = await scene.watchOnce();
    const verdict = await verified(scene);
    expect(verdict).toMatchObject({
      whole: true,
      signatures: [{ part: 1 }, { part: 3 }],
      ledger: { entries: entries.length, checkpoint: entries.length },
    });
    expect(namesOf(verdict)).toEqual(
      expect.arrayContaining([
        'instance.json',
        'instance-after.json',
        'network-interfaces-isolated.json',
        'snapshots.json',
        'records.jsonl',
        'around.jsonl',
        'ledger.jsonl',
        'checkpoints.jsonl',
      ]),
    );
    const folder = await caseFolder(scene);
    const [snapshot] = JSON.parse(readFileSync(join(folder, 'snapshots.json'), 'utf8'));
    expect(snapshot).toMatchObject({
      State: 'completed',
      VolumeSize: expect.any(Number),
      StartTime: expect.any(String),
    });
    expect(JSON.parse(readFileSync(join(folder, 'instance-after.json'), 'utf8'))).toMatchObject({
      State: { Name: 'terminated' },
    });
    expect(statSync(join(keysFolder(scene.config), 'ledger-ed25519')).mode & 0o777).toBe(0o600);
  });

  it('has what else the subject did near the time, and nothing of others or of long before', async () => {
    await using scene = await stage();
    beacon(scene);
    await scene.watchOnce();
    const folder = await caseFolder(scene);
    const around = readFileSync(join(folder, 'around.jsonl'), 'utf8').trim().split('\n');
    expect(around.map((line) => JSON.parse(line).line)).toEqual([1, 2]);
    expect(JSON.parse(readFileSync(join(folder, 'around.json'), 'utf8'))).toMatchObject({
      records: 2,
      names: [scene.honeypot.instanceId, scene.honeypot.interfaceId],
      sources: [{ source: join(scene.folder, 'logs', 'a.log'), records: 2 }],
      cases: [],
    });
  });

  it('of a case that a person denied is closed too, with who decided', async () => {
    await using scene = await stage({ mode: 'approve' });
    beacon(scene);
    await scene.watchOnce();
    const [incident] = await scene.incidents();
    await scene.inStore((store) =>
      decideByPerson(store, incident?.id ?? '', { verdict: 'deny', by: 'ada', reason: 'a test' }, Date.now),
    );
    await scene.watchOnce();
    expect(await verified(scene)).toMatchObject({ whole: true, signatures: [{ part: 1 }] });
    expect(readFileSync(join(await caseFolder(scene), 'ledger.jsonl'), 'utf8')).toContain('"by":"ada"');
  });

  it('that goes on after it was closed gets a further part', async () => {
    await using scene = await stage();
    beacon(scene);
    await scene.watchOnce();
    const before = await verified(scene);
    const { interfaceId: eni, address } = scene.honeypot;
    scene.log('b.log', [
      flowRecord({ eni, from: [address, 40_001], to: [STRANGER, 25], action: 'ACCEPT', at: 30 }),
    ]);
    await scene.watchOnce();
    const after = await verified(scene);
    expect(after).toMatchObject({ whole: true, signatures: [{ part: 1 }, { part: 3 }, { part: 4 }] });
    expect(namesOf(after)).toContain('ledger-2.jsonl');
    expect(after.ledger?.entries).toBeGreaterThan(before.ledger?.entries ?? 0);
    await scene.watchOnce();
    expect(await verified(scene)).toEqual(after);
  });

  it.each(['before', 'after'] as const)(
    'is whole and was closed once, wherever the process that closes it is killed (%s a commit)',
    async (when) => {
      for (let commit = 16; ; commit++) {
        await using scene = await stage();
        const { document: _, base: __, ...settings } = scene.config;
        scene.write('cordon.yaml', JSON.stringify(settings));
        beacon(scene);
        const first = await crashingWatch(scene.folder, `${when}:${commit}`);
        if (first.exitCode !== 0) await crashingWatch(scene.folder, 'never');
        const what = `killed ${when} commit ${commit}`;
        const { whole, signatures, faults } = await verified(scene);
        expect({ whole, faults }, what).toEqual({ whole: true, faults: [] });
        expect(signatures.length, what).toBeGreaterThanOrEqual(2);
        if (first.exitCode === 0) return expect(commit).toBeGreaterThan(18);
      }
    },
    120_000,
  );
});

describe('the ledger', () => {
  it('is signed up to its end when a watch ends, and verified against what was signed', async () => {
    await using scene = await stage();
    const { document: _, base: __, ...settings } = scene.config;
    scene.write('cordon.yaml', JSON.stringify(settings));
    beacon(scene);
    await scene.watchOnce();
    const verify = () => cordon(['ledger', 'verify', '--json'], { cwd: scene.folder });
    const whole = JSON.parse((await verify()).stdout);
    expect(whole).toMatchObject({
      whole: true,
      faults: [],
      checkpointFaults: [],
      signed: { seq: whole.entries },
    });

    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(scene.folder, 'state', 'cordon.db'));
    database.exec('DELETE FROM ledger WHERE seq > 10');
    database.close();
    writeFileSync(
      join(scene.folder, 'state', 'ledger-checkpoint.json'),
      JSON.stringify({ seq: 0, hash: '0'.repeat(64) }),
    );
    const cut = await verify();
    expect(cut.exitCode).toBe(1);
    expect(JSON.parse(cut.stdout).faults).toContainEqual({
      seq: whole.entries,
      fault: 'removed: it was signed, and the ledger ends before it',
    });

    const [checkpoint = ''] = globSync('*.json', { cwd: checkpointsFolder(scene.config) });
    writeFileSync(join(checkpointsFolder(scene.config), checkpoint), '{}');
    expect(JSON.parse((await verify()).stdout).checkpointFaults).toMatchObject([
      { file: checkpoint, fault: 'was changed: it is not a signed statement' },
    ]);
  });

  it('that was changed behind the last signature is not signed again', async () => {
    await using scene = await stage({ mode: 'approve' });
    beacon(scene);
    await scene.watchOnce();
    const before = globSync('*.json', { cwd: checkpointsFolder(scene.config) });
    await scene.inStore((store) =>
      store.commit([1, 2].map((at) => ({ kind: 'ledger', record: { at, kind: 'step.done', body: { at } } }))),
    );
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(join(scene.folder, 'state', 'cordon.db'));
    database.exec("UPDATE ledger SET body = '{}' WHERE seq = (SELECT max(seq) FROM ledger)");
    database.close();
    await scene.watchOnce();
    expect(globSync('*.json', { cwd: checkpointsFolder(scene.config) })).toEqual(before);
  });
});

describe('a time-stamping authority', () => {
  it('that is out of order stops nothing; its stamp is added to the case when it comes', async () => {
    const authority = timeStampingAuthority();
    const server = await authority.serve();
    server.serving = false;
    await using scene = await stage({ config: { evidence: { tsa: server.url } } });
    beacon(scene);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
    expect(await verified(scene)).toMatchObject({ whole: true, timestamps: [] });
    server.serving = true;
    await scene.watchOnce();
    const folder = await caseFolder(scene);
    const keys = publicKeysIn(keysFolder(scene.config));
    expect(verifyEvidence(folder, keys, [authority.root])).toMatchObject({
      whole: true,
      timestamps: [{ file: 'timestamp.tsr', trusted: true }],
    });
    server.close();
  });
});

describe('a bucket with Object Lock', () => {
  const vault = (scene: Stage): void => {
    const bucket = newBucket(scene.range.account, 'evidence', { versioned: true });
    bucket.objectLock = { rule: undefined };
  };
  const config = { evidence: { bucket: 'evidence', retention: { mode: 'COMPLIANCE', days: 30 } } } as const;

  it('has a copy of what is sealed before the termination, and of the closing part after it', async () => {
    await using scene = await stage({ config });
    vault(scene);
    beacon(scene);
    await scene.watchOnce();
    const { folder, files } = await verified(scene);
    const objects = scene.range.account.buckets.get('evidence')?.objects ?? new Map();
    const caseId = folder.split('/').at(-1);
    for (const { name } of files) {
      const [object, ...more] = objects.get(`cordon/${caseId}/${name}`) ?? [];
      expect(object?.body.equals(readFileSync(join(folder, name))), name).toBe(true);
      expect(object?.retention).toMatchObject({ mode: 'COMPLIANCE' });
      expect(more).toEqual([]);
    }
    expect(objects.has(`cordon/${caseId}/manifest-3.json.sig`)).toBe(true);
    const order = scene.range.calls.map(({ operation }) => operation);
    expect(order.indexOf('PutObject')).toBeGreaterThan(0);
    expect(order.indexOf('PutObject')).toBeLessThan(order.indexOf('TerminateInstances'));
    expect(order.lastIndexOf('PutObject')).toBeGreaterThan(order.indexOf('TerminateInstances'));
  });

  it.each(['drop-after', 'internal-error'] as const)('takes each file once, %s or not', async (kind) => {
    await using scene = await stage({ config });
    vault(scene);
    beacon(scene);
    scene.range.faults.add({ operation: 'PutObject', fault: { kind }, times: 2 });
    scene.range.faults.add({ operation: 'GetObjectRetention', fault: { kind }, times: 7 });
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
    const { files } = await verified(scene);
    const objects = scene.range.account.buckets.get('evidence')?.objects ?? new Map();
    expect(objects.size).toBe(files.length + 4);
  });

  it.each([
    [
      'that locks nothing',
      (scene: Stage) => void newBucket(scene.range.account, 'evidence'),
      'InvalidRequest',
    ],
    ['that is not there', () => {}, 'NoSuchBucket'],
  ])('%s stops the response before anything is lost', async (_, prepare, code) => {
    await using scene = await stage({ config });
    prepare(scene);
    beacon(scene);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      { state: 'needs-decision', reason: expect.stringContaining(code) },
    ]);
    expect(scene.made('TerminateInstances')).toBe(0);
  });
});

describe('a key of KMS', () => {
  it('signs instead of one in the state folder', async () => {
    await using scene = await stage();
    const kms = new KMS({
      endpoint: scene.range.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIA', secretAccessKey: 'x' },
    });
    const made = await kms.createKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    kms.destroy();
    beacon(scene);
    await scene.watchOnce({ evidence: { kms: made.KeyMetadata?.Arn ?? '' } });
    expect(await verified(scene)).toMatchObject({ whole: true, signatures: [{ part: 1 }, { part: 3 }] });
    expect(existsSync(join(keysFolder(scene.config), 'ledger-ed25519'))).toBe(false);
    expect(scene.made('Sign')).toBe(4);
  });

  it('that cannot be used stops the watch before it begins, with the reason', async () => {
    await using scene = await stage();
    const kms = 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555';
    await expect(scene.watchOnce({ evidence: { kms } })).rejects.toThrow(
      /the key that signs the evidence cannot be used: NotFoundException/,
    );
  });
});
