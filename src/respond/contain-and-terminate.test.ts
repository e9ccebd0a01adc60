import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flowRecord, type Stage, stage } from '../../test/scene.ts';
import { casesFolder, stateFolder } from '../hosts/state.ts';
import { openSqliteStore } from '../store/sqlite.ts';
import { decideByPerson } from './decision.ts';

const STRANGER = '192.0.2.99';
const LISTED = '198.51.100.66';

function beacon({ honeypot }: Stage, count = 1, at = 0): string[] {
  return Array.from({ length: count }, (_, index) =>
    flowRecord({
      eni: honeypot.interfaceId,
      from: [honeypot.address, 32_768 + (index % 28_000)],
      to: [STRANGER, 4444],
      at: at + Math.floor(index / 1_000),
    }),
  );
}

const stateOf = ({ range, honeypot }: Stage): string =>
  range.account.instances.get(honeypot.instanceId)?.ending?.to ?? 'running';

async function approve(scene: Stage, verdict: 'approve' | 'deny' = 'approve'): Promise<void> {
  await scene.inStore(async (store) => {
    const [incident] = await store.incidents();
    const decision = { verdict, by: 'ada', reason: 'I looked' };
    expect(await decideByPerson(store, incident?.id ?? '', decision, Date.now)).toBeUndefined();
  });
}

describe('an instance whose own traffic is rejected', () => {
  it('is isolated, its disks are kept, the evidence is sealed, it is terminated', async () => {
    await using scene = await stage();
    scene.log('a.log', beacon(scene));
    await scene.watchOnce();
    const order = [
      'GetConsoleOutput',
      // To the group that lets everything through, and to the one that lets nothing.
      'ModifyNetworkInterfaceAttribute',
      'ModifyNetworkInterfaceAttribute',
      'CreateSnapshots',
      'TerminateInstances',
    ];
    expect(
      scene.range.calls.map(({ operation }) => operation).filter((name) => order.includes(name)),
    ).toEqual(order);
    expect(stateOf(scene)).toBe('terminated');
    expect(
      [...scene.range.account.snapshots.values()].map(({ snapshot }) => snapshot.VolumeId).sort(),
    ).toEqual([...scene.honeypot.volumeIds].sort());
    expect(await scene.incidents()).toMatchObject([
      { state: 'closed', subject: { id: scene.honeypot.instanceId } },
    ]);
  });

  it('ten thousand records are one case, one set of snapshots, one termination', async () => {
    await using scene = await stage();
    scene.log('a.log', beacon(scene, 10_000));
    await scene.watchOnce();
    scene.log('b.log', beacon(scene, 500, 60));
    await scene.watchOnce();
    expect(await scene.incidents()).toHaveLength(1);
    expect(scene.made('CreateSnapshots')).toBe(1);
    expect(scene.made('TerminateInstances')).toBe(1);
    const findings = await scene.inStore(async (store) =>
      store.findings((await store.incidents())[0]?.id ?? ''),
    );
    expect(findings).toMatchObject([{ rule: { id: 'rejected-outbound-traffic' }, count: 10_500 }]);
  });

  it('is answered with tags that tie the snapshots to the case', async () => {
    await using scene = await stage();
    scene.log('a.log', beacon(scene));
    await scene.watchOnce();
    const [incident] = await scene.incidents();
    for (const id of scene.range.account.snapshots.keys()) {
      expect(scene.range.account.tags.get(id)?.get('cordon:case')).toBe(incident?.id);
    }
  });
});

describe('what anyone on the internet can cause never terminates anything', () => {
  const cases: [string, (scene: Stage) => string[]][] = [
    [
      'a scan that is rejected on its way in',
      ({ honeypot }) =>
        [23, 445, 3389, 40_000].map((port) =>
          flowRecord({ eni: honeypot.interfaceId, from: [STRANGER, 51_000], to: [honeypot.address, port] }),
        ),
    ],
    [
      'the same from an address on the threat list',
      ({ honeypot }) => [
        flowRecord({ eni: honeypot.interfaceId, from: [LISTED, 51_000], to: [honeypot.address, 3389] }),
      ],
    ],
    [
      'an answer that a network ACL rejects, to a connection that the security group let in',
      ({ honeypot }) => [
        flowRecord({ eni: honeypot.interfaceId, from: [honeypot.address, 80], to: [STRANGER, 51_000] }),
        flowRecord({ eni: honeypot.interfaceId, from: [honeypot.address, 22], to: [STRANGER, 10] }),
      ],
    ],
  ];
  it.each(cases)('%s', async (_, lines) => {
    await using scene = await stage();
    scene.log('a.log', lines(scene));
    await scene.watchOnce();
    expect(await scene.incidents()).toEqual([]);
    expect(stateOf(scene)).toBe('running');
  });
});

describe('a known-bad address', () => {
  it('that the instance talks with has it contained and terminated', async () => {
    await using scene = await stage();
    const { interfaceId: eni, address } = scene.honeypot;
    scene.log('a.log', [flowRecord({ eni, from: [address, 40_001], to: [LISTED, 443], action: 'ACCEPT' })]);
    await scene.watchOnce();
    expect(stateOf(scene)).toBe('terminated');
  });
});

describe('an unexpected outbound port', () => {
  it('is recorded, nothing more', async () => {
    await using scene = await stage();
    const { interfaceId: eni, address } = scene.honeypot;
    scene.log('a.log', [flowRecord({ eni, from: [address, 40_001], to: [STRANGER, 25], action: 'ACCEPT' })]);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'recorded' }]);
    expect(scene.made('CreateSnapshots')).toBe(0);
  });

  it.each([
    ['NTP', 123],
    ['port 0', 0],
    ['a port that everybody uses', 443],
  ])('%s is expected', async (_, port) => {
    await using scene = await stage();
    const { interfaceId: eni, address } = scene.honeypot;
    const protocol = port === 123 ? 17 : 6;
    scene.log('a.log', [
      flowRecord({ eni, from: [address, 40_001], to: [STRANGER, port], action: 'ACCEPT', protocol }),
    ]);
    await scene.watchOnce();
    expect(await scene.incidents()).toEqual([]);
  });

  it('return traffic of a connection that came in is not outbound', async () => {
    await using scene = await stage();
    const { interfaceId: eni, address } = scene.honeypot;
    scene.log('a.log', [flowRecord({ eni, from: [address, 80], to: [STRANGER, 1022], action: 'ACCEPT' })]);
    await scene.watchOnce();
    expect(await scene.incidents()).toEqual([]);
  });
});

describe('the mode of a binding', () => {
  it('observe says what would be done, and does nothing', async () => {
    await using scene = await stage({ mode: 'observe' });
    scene.log('a.log', beacon(scene));
    const entries = await scene.watchOnce();
    expect(entries.find(({ kind }) => kind === 'response.observed')?.body).toMatchObject({
      playbook: 'contain-and-terminate',
      would: expect.arrayContaining([expect.stringContaining(`terminate ${scene.honeypot.instanceId}`)]),
    });
    expect(scene.range.calls.every(({ operation }) => operation.startsWith('Describe'))).toBe(true);
  });

  it('approve waits for a person, and goes on after a yes', async () => {
    await using scene = await stage({ mode: 'approve' });
    scene.log('a.log', beacon(scene));
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'awaiting-approval' }]);
    expect(stateOf(scene)).toBe('running');
    await approve(scene);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'closed', approval: { by: 'ada' } }]);
    expect(stateOf(scene)).toBe('terminated');
  });

  it('approve ends with a no', async () => {
    await using scene = await stage({ mode: 'approve' });
    scene.log('a.log', beacon(scene));
    await scene.watchOnce();
    await approve(scene, 'deny');
    scene.log('b.log', beacon(scene, 5, 60));
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'denied' }]);
    expect(stateOf(scene)).toBe('running');
  });

  it('is observe when nobody has said otherwise', async () => {
    await using scene = await stage();
    scene.log('a.log', beacon(scene));
    const entries = await scene.watchOnce({ bindings: undefined });
    expect(entries.map(({ kind }) => kind)).toContain('response.observed');
    expect(stateOf(scene)).toBe('running');
  });
});

describe('a guardrail', () => {
  it('keeps an instance with a protected tag from being touched until a person says yes', async () => {
    await using scene = await stage({ tags: [{ Key: 'cordon:protected', Value: 'true' }] });
    scene.log('a.log', beacon(scene));
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      { state: 'awaiting-approval', reason: expect.stringContaining('cordon:protected=true') },
    ]);
    expect(scene.range.calls.every(({ operation }) => operation.startsWith('Describe'))).toBe(true);
  });

  it('lets only so many responses begin in an hour', async () => {
    await using scene = await stage({ config: { guardrails: { responsesPerHour: 2 } } });
    const { createHoneypot } = await import('../range/honeypot.ts');
    const others = ['10.20.0.8', '10.20.0.9'].map((address) =>
      createHoneypot(scene.range.account, { address }),
    );
    scene.log('a.log', [
      ...beacon(scene),
      ...others.map(({ interfaceId, address }) =>
        flowRecord({ eni: interfaceId, from: [address, 40_000], to: [STRANGER, 4444] }),
      ),
    ]);
    await scene.watchOnce();
    expect((await scene.incidents()).map(({ state }) => state).sort()).toEqual([
      'awaiting-approval',
      'closed',
      'closed',
    ]);
    expect(scene.made('TerminateInstances')).toBe(2);
  });

  it('that cannot be asked says no', async () => {
    await using scene = await stage();
    scene.log('a.log', beacon(scene));
    scene.range.faults.add({ operation: 'DescribeInstances', fault: { kind: 'unauthorized' }, times: 99 });
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'awaiting-approval' }]);
  });
});

describe('evidence before damage', () => {
  it('a snapshot that errs stops the response; a yes makes a new set', async () => {
    await using scene = await stage();
    const [, second = ''] = scene.honeypot.volumeIds;
    scene.range.account.failingVolumes.add(second);
    scene.log('a.log', beacon(scene));
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      {
        state: 'needs-decision',
        reason: expect.stringMatching(/await-snapshots: snap-\w+ of vol-\w+ is in state error/),
      },
    ]);
    expect(stateOf(scene)).toBe('running');

    await approve(scene);
    await scene.watchOnce();
    expect(stateOf(scene)).toBe('running');

    scene.range.account.failingVolumes.clear();
    await approve(scene);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
    expect(stateOf(scene)).toBe('terminated');
  });

  it('a volume that was attached after the snapshots stops the termination', async () => {
    await using scene = await stage();
    scene.log('a.log', beacon(scene));
    scene.range.faults.add({ operation: 'TerminateInstances', fault: { kind: 'unauthorized' } });
    await scene.watchOnce();
    const { createVolume } = await import('../range/operations/volumes.ts');
    createVolume(scene.range.account, {
      Size: 1,
      attach: { InstanceId: scene.honeypot.instanceId, Device: '/dev/sdz', DeleteOnTermination: true },
      tags: [],
    });
    await approve(scene);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      { state: 'needs-decision', reason: expect.stringContaining('no completed snapshot of vol-') },
    ]);
    expect(stateOf(scene)).toBe('running');
  });

  it.each([
    ['changed evidence', 'instance.json'],
    ['a rewritten manifest', 'manifest.json'],
  ])('%s stops the termination', async (_, name) => {
    await using scene = await stage();
    scene.log('a.log', beacon(scene));
    scene.range.faults.add({ operation: 'TerminateInstances', fault: { kind: 'unauthorized' } });
    await scene.watchOnce();
    const [incident] = await scene.incidents();
    const path = join(casesFolder(scene.config), incident?.id ?? '', name);
    writeFileSync(path, `${readFileSync(path, 'utf8')}\n`);
    await approve(scene);
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'needs-decision' }]);
    expect(stateOf(scene)).toBe('running');
  });

  it('termination protection is respected, and said', async () => {
    await using scene = await stage();
    const simulated = scene.range.account.instances.get(scene.honeypot.instanceId);
    if (simulated) simulated.terminationProtected = true;
    scene.log('a.log', beacon(scene));
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      { state: 'needs-decision', reason: expect.stringContaining('OperationNotPermitted') },
    ]);
  });
});

describe('a call to AWS that goes wrong', () => {
  const operations = [
    'DescribeInstances',
    'DescribeVolumes',
    'CreateSecurityGroup',
    'ModifyNetworkInterfaceAttribute',
    'CreateSnapshots',
    'DescribeSnapshots',
    'TerminateInstances',
  ];
  const kinds = ['throttle', 'internal-error', 'drop-before', 'drop-after'] as const;
  const all = operations.flatMap((operation) => kinds.map((kind) => [operation, kind] as const));
  it.each(all)('%s, %s: done once nevertheless', async (operation, kind) => {
    await using scene = await stage();
    scene.log('a.log', beacon(scene));
    scene.range.faults.add({ operation, fault: { kind }, times: 2 });
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([{ state: 'closed' }]);
    expect(scene.range.account.snapshots.size).toBe(2);
    expect(stateOf(scene)).toBe('terminated');
  });

  it('a snapshot set whose answer was lost is found again, although AWS shows it late', async () => {
    await using scene = await stage({ settings: { visibilityLag: 60 } });
    // The honeypot itself is there long since.
    scene.range.account.clock.advance(60);
    scene.log('a.log', beacon(scene));
    scene.range.faults.add({ operation: 'CreateSnapshots', fault: { kind: 'drop-after' } });
    await scene.watchOnce();
    expect(scene.range.account.snapshots.size).toBe(2);
    expect(stateOf(scene)).toBe('terminated');
  });

  it('for ever: it stops and asks, with the reason of AWS', async () => {
    await using scene = await stage();
    scene.log('a.log', beacon(scene));
    scene.range.faults.add({ operation: 'CreateSnapshots', fault: { kind: 'unauthorized' }, times: 99 });
    await scene.watchOnce();
    expect(await scene.incidents()).toMatchObject([
      { state: 'needs-decision', reason: expect.stringContaining('snapshot-volumes: UnauthorizedOperation') },
    ]);
    expect(stateOf(scene)).toBe('running');
  });
});

describe('the store', () => {
  it('is worked in by one process only', async () => {
    await using scene = await stage();
    const { watchLocally } = await import('../hosts/local.ts');
    const { AlreadyRunning } = await import('../hosts/lock.ts');
    const { setUp } = await import('../hosts/setup.ts');
    const ready = setUp(scene.config);
    if (!ready.ok) throw new Error('the setup is broken');
    const { signal } = new AbortController();
    const first = watchLocally(ready.value, { signal });
    expect(() => watchLocally(ready.value, { signal })).toThrow(AlreadyRunning);
    await first.close();
    openSqliteStore(stateFolder(scene.config)).close();
  });
});
