import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { CLOUDTRAIL } from '../src/formats/cloudtrail/format.ts';
import { ALL_ACTIONS } from '../src/hosts/actions.ts';
import { auditorOf, selfOf, setUpAudit } from '../src/hosts/auditing.ts';
import { readPlaybooks } from '../src/hosts/playbook-files.ts';
import type { Event } from '../src/model/event.ts';
import { responder } from '../src/respond/responder.ts';
import type { Store } from '../src/store/store.ts';
import { type AuditStage, auditStage } from './audit-stage.ts';
import { Crash, dyingStore } from './dying-store.ts';
import { openTemporaryStore } from './temporary-store.ts';

/** One process: it notes the events of a trail, judges what they touched, and takes it back. */
async function process({ config, owner, folder }: AuditStage, store: Store, events: readonly Event[]) {
  const setup = setUpAudit(config);
  if (!setup.ok) throw new Error('the policies in the box are broken');
  const world = { store, aws: owner, now: Date.now, sleep: wait, judge: setup.value.judge };
  const self = await selfOf(config, owner);
  const auditing = auditorOf(config, setup.value, self, { ...world, onTrouble: () => {} });
  const responses = responder(
    {
      playbooks: readPlaybooks(config, []),
      actions: ALL_ACTIONS,
      guardrails: config.guardrails,
      bindingOf: () => ({ mode: 'enforce', playbook: 'roll-back' }),
      runner: { pollEvery: 10, retryAfter: 5, tries: 3 },
      settleTime: 100,
      cases: `${folder}/cases`,
    },
    world,
  );
  await store.commit(auditing.note(events));
  do {
    await responses.look();
    await responses.settled();
  } while ((await auditing.look(true)) > 0);
}

/** Dies at one commit, is started again, and looks at what AWS was asked to do. */
async function diesAt(when: 'before' | 'after', commit: number): Promise<'died' | 'survived'> {
  await using stage = await auditStage();
  const store = openTemporaryStore();
  for (const port of [22, 3389, 8080]) await stage.open(stage.actors.mallory, port);
  const events = stage.records().map((record, index): Event => {
    const raw = JSON.stringify(record);
    const origin = { source: 'trail.json', offset: 0, line: index + 1 };
    return {
      format: CLOUDTRAIL.name,
      time: Date.parse(record.eventTime),
      fields: JSON.parse(raw),
      raw,
      origin,
    };
  });
  const survived = await process(stage, dyingStore(store, when, commit), events)
    .then(() => true)
    .catch((error: unknown) => {
      if (error instanceof Crash) return false;
      throw error;
    });
  await process(stage, store, events);
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
