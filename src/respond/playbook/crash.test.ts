import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Crash, dyingStore } from '../../../test/dying-store.ts';
import { actionThat, caseOf, INCIDENT, playbookOf, playbookText } from '../../../test/playbook.ts';
import { done } from '../../actions/action.ts';
import { ACTIONS } from '../../actions/registry.ts';
import { awsClients } from '../../aws/clients.ts';
import { caseFile, verifyCase } from '../../evidence/case-file.ts';
import { createHoneypot } from '../../range/honeypot.ts';
import { startRange } from '../../range/range.ts';

const CONTAIN = playbookOf(
  playbookText(`- action: record-instance
- parallel:
    network: [{action: isolate-instance}]
    disks: [{action: snapshot-volumes}, {action: await-snapshots, if: {incident.mode: enforce}}]
- wait: {until: '2026-11-24T09:00:00Z'}
- action: seal-evidence
  if: {subject.type: AWS::EC2::Instance}
- action: terminate-instance
  if: {subject.type: AWS::EC2::Instance}
- action: verify-terminated
  on_failure: continue`),
  [...ACTIONS.values()],
);

/** Dies at one commit, is run again, and looks at what AWS was asked to do. */
async function diesAt(when: 'before' | 'after', commit: number): Promise<'died' | 'survived'> {
  const range = await startRange({ settings: { snapshotDuration: 20, stateChangeDuration: 10 } });
  const folder = mkdtempSync(join(tmpdir(), 'cordon-crash-'));
  const aws = awsClients({ region: 'us-east-1', endpoint: range.endpoint });
  await using the = caseOf(CONTAIN);
  try {
    const { instanceId, volumeIds } = createHoneypot(range.account);
    const subject = { ...INCIDENT.subject, id: instanceId };
    const evidence = caseFile(folder, INCIDENT.id);
    const world = {
      subject,
      incident: { ...INCIDENT, subject },
      aws,
      caseFile: evidence,
      now: Date.now,
      sleep: wait,
      settings: { pollEvery: 10, retryAfter: 5, tries: 3 },
    };
    const survived = await the
      .run(world, dyingStore(the.store, when, commit))
      .then(() => true)
      .catch((error: unknown) => {
        if (error instanceof Crash) return false;
        throw error;
      });
    const what = `died ${when} commit ${commit}`;
    expect(await the.run(world), what).toEqual({ status: 'done' });
    const made = (operation: string): number =>
      range.calls.filter((call) => call.operation === operation && call.status === 200).length;
    // Quarantine has a group of its own and one on the way there.
    const effects = {
      CreateSecurityGroup: 2,
      DeleteSecurityGroup: 1,
      CreateSnapshots: 1,
      TerminateInstances: 1,
    };
    for (const [operation, times] of Object.entries(effects))
      expect(made(operation), `${what}: ${operation}`).toBe(times);
    expect(range.account.snapshots.size, what).toBe(volumeIds.length);
    expect(range.account.instances.get(instanceId)?.ending?.to, what).toBe('terminated');
    expect(verifyCase(evidence), what).toEqual([]);
    const ends = (await the.ledger()).filter((line) => line.startsWith('step.done'));
    expect(ends.toSorted(), what).toEqual([...new Set(ends)].toSorted());
    return survived ? 'survived' : 'died';
  } finally {
    aws.close();
    await range.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a process that dies at any write of the journal and is started again', () => {
  it.each(['before', 'after'] as const)(
    'has AWS do each thing once (%s each commit)',
    async (when) => {
      let died = 0;
      while (died < 100 && (await diesAt(when, died + 1)) === 'died') died++;
      // Two commits a step, and those of what is worked out once.
      expect(died).toBeGreaterThan(18);
      expect(died).toBeLessThan(100);
    },
    120_000,
  );

  it('however often, and whatever the steps are: what has an effect has it once', async () => {
    const step = fc.oneof(
      fc.constant('effect'),
      fc.constant('wait'),
      fc.constant('condition'),
      fc.constant('continue'),
      fc.constant('mend'),
    );
    const list = fc.array(step, { minLength: 1, maxLength: 4 });
    const crashes = fc.array(
      fc.record({
        when: fc.constantFrom('before' as const, 'after' as const),
        commit: fc.integer({ min: 1, max: 30 }),
      }),
      {
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(list, list, list, crashes, async (first, left, right, dies) => {
        const aws = new Map<string, number>();
        const effect = actionThat('effect', ({ input }) => {
          const id = String(input.id);
          // It looks before it acts.
          if (!aws.has(id)) aws.set(id, 1);
          return done({ id }, id);
        });
        const broken = actionThat('broken', () => {
          throw new Error('broke');
        });
        let number = 0;
        const written = (one: string): string => {
          const id = `s${number++}`;
          if (one === 'wait') return `{id: ${id}, wait: {for: 1h}}`;
          if (one === 'effect') return `{id: ${id}, action: effect, with: {id: ${id}}}`;
          if (one === 'condition')
            return `{id: ${id}, action: effect, with: {id: ${id}}, if: {incident.mode: enforce}}`;
          const mend = `{steps: [{id: ${id}m, action: effect, with: {id: ${id}m}}], afterwards: continue}`;
          return `{id: ${id}, action: broken, retry: {tries: 2}, on_failure: ${one === 'continue' ? 'continue' : mend}}`;
        };
        const lines = first.map((one) => `- ${written(one)}`);
        const branches = [left, right].map((steps) => `[${steps.map(written).join(', ')}]`);
        const text = playbookText([...lines, `- parallel: [${branches.join(', ')}]`].join('\n'));
        await using the = caseOf(playbookOf(text, [effect, broken]));
        for (const { when, commit } of dies) {
          await the.run({}, dyingStore(the.store, when, commit)).catch((error: unknown) => {
            if (!(error instanceof Crash)) throw error;
          });
        }
        expect(await the.run()).toEqual({ status: 'done' });
        const wanted = text.match(/action: effect/g)?.length ?? 0;
        expect([...aws.values()]).toEqual(Array(wanted).fill(1));
        const ends = (await the.ledger()).filter((line) => line.startsWith('step.done'));
        expect(ends).toHaveLength(new Set(ends).size);
        // Nothing more happens when it is run once more.
        const before = (await the.ledger()).length;
        await the.run();
        expect(await the.ledger()).toHaveLength(before);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
