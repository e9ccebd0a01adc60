import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { caseFile } from '../src/evidence/case-file.ts';
import type { Incident } from '../src/model/incident.ts';
import { inputFaults, inputValues } from '../src/respond/playbook/inputs.ts';
import { journaled } from '../src/respond/playbook/journaled.ts';
import { fits, type Playbook } from '../src/respond/playbook/playbook.ts';
import { type PlaybookEnd, runPlaybook } from '../src/respond/playbook/run-playbook.ts';
import { type Acting, CASE, finding } from './acting.ts';
import type { PlaybookScene } from './playbook-scenes.ts';
import { openTemporaryStore } from './temporary-store.ts';

/** Runs a playbook as a watch would, in an account of a test, until it ends or asks. */
export async function play(
  playbook: Playbook,
  { aws, clock }: Acting,
  { subject, with: given = {}, found, records = [] }: PlaybookScene,
): Promise<PlaybookEnd> {
  const [fault] = inputFaults(playbook.inputs, given);
  if (fault !== undefined) throw new Error(fault.message);
  if (!fits(playbook, subject)) throw new Error(`${playbook.name} is not for ${subject.type}`);
  const folder = mkdtempSync(join(tmpdir(), 'cordon-play-'));
  const store = openTemporaryStore();
  const incident: Incident = {
    id: CASE,
    subject,
    state: 'responding',
    mode: 'enforce',
    playbook: playbook.name,
    openedAt: clock.now(),
    firstSeen: clock.now(),
    lastSeen: clock.now(),
    version: 1,
  };
  const time = {
    now: () => clock.now(),
    sleep: async (milliseconds: number) => clock.advance(milliseconds),
  };
  const origin = { source: 'trail.json', offset: 0, line: 1 };
  const world = {
    incident,
    subject,
    aws,
    caseFile: caseFile(folder, CASE),
    resources: store,
    judge: () => [],
    findings: async () => ({
      findings: [finding(found ?? {})],
      samples: records.map((raw) => ({ findingId: 'finding-1', origin, raw })),
    }),
    ...time,
    settleTime: 5_000,
    settings: { pollEvery: 15_000, retryAfter: 1_000, tries: 3 },
    beforeStep: async () => undefined,
    lastLook: async () => undefined,
  };
  try {
    const durable = await journaled(store, incident, time);
    return await runPlaybook(playbook, inputValues(playbook.inputs, given), world, durable);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
