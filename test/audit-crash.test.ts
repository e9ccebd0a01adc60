import { describe, expect, it } from 'vitest';
import { auditOnce, eventsOf } from './audit-process.ts';
import { auditStage } from './audit-stage.ts';
import { Crash, dyingStore } from './dying-store.ts';
import { openTemporaryStore } from './temporary-store.ts';

/** Dies at one commit, is started again, and looks at what AWS was asked to do. */
async function diesAt(when: 'before' | 'after', commit: number): Promise<'died' | 'survived'> {
  await using stage = await auditStage();
  const store = openTemporaryStore();
  for (const port of [22, 3389, 8080]) await stage.open(stage.actors.mallory, port);
  const events = eventsOf(stage.records());
  const survived = await auditOnce(stage, dyingStore(store, when, commit), events)
    .then(() => true)
    .catch((error: unknown) => {
      if (error instanceof Crash) return false;
      throw error;
    });
  await auditOnce(stage, store, events);
  const what = `died ${when} commit ${commit}`;
  const incidents = await store.incidents();
  expect(
    incidents.map(({ state }) => state),
    what,
  ).toEqual(['closed']);
  expect(stage.made('RevokeSecurityGroupIngress'), what).toBe(3);
  expect(await stage.rules(), what).toEqual(['tcp 443 10.0.0.0/8']);
  const ends: string[] = [];
  for await (const { kind, body } of store.ledger()) {
    if (kind === 'step.done') ends.push((body as { step: string }).step);
  }
  expect(ends, what).toEqual(['record-change', 'seal-evidence', 'roll-back-change', 'verify-way-back']);
  await store.close();
  return survived ? 'survived' : 'died';
}

describe('an audit that dies at any write and is started again', () => {
  it.each(['before', 'after'] as const)(
    'takes each change back once (%s each commit)',
    async (when) => {
      let died = 0;
      while (died < 60 && (await diesAt(when, died + 1)) === 'died') died++;
      expect(died).toBeGreaterThan(9);
      expect(died).toBeLessThan(60);
    },
    120_000,
  );
});
