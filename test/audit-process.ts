import { setTimeout as wait } from 'node:timers/promises';
import type { AwsClients } from '../src/aws/clients.ts';
import { CLOUDTRAIL } from '../src/formats/cloudtrail/format.ts';
import { ALL_ACTIONS } from '../src/hosts/actions.ts';
import { auditorOf, selfOf, setUpAudit } from '../src/hosts/auditing.ts';
import { readPlaybooks } from '../src/hosts/playbook-files.ts';
import type { Event } from '../src/model/event.ts';
import type { CloudTrailRecord } from '../src/range/cloudtrail/record.ts';
import { responder } from '../src/respond/responder.ts';
import type { Store } from '../src/store/store.ts';
import type { AuditStage } from './audit-stage.ts';

/** Records as the format reads them. */
export function eventsOf(records: readonly CloudTrailRecord[]): Event[] {
  return records.map((record, index) => {
    const raw = JSON.stringify(record);
    const origin = { source: 'trail.json', offset: 0, line: index + 1 };
    const time = Date.parse(record.eventTime);
    return { format: CLOUDTRAIL.name, time, fields: JSON.parse(raw), raw, origin };
  });
}

/** One process: it notes the events of a trail, judges what they touched, and takes it back; as the owner, or as somebody with fewer rights. */
export async function auditOnce(
  { config, owner, folder }: AuditStage,
  store: Store,
  events: readonly Event[],
  aws: AwsClients = owner,
): Promise<void> {
  const setup = setUpAudit(config);
  if (!setup.ok) throw new Error('the policies in the box are broken');
  const world = { store, aws, now: Date.now, sleep: wait, judge: setup.value.judge };
  const self = await selfOf(config, aws);
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
