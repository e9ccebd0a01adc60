import { caseFile, verifyCase } from '../src/evidence/case-file.ts';
import type { Incident } from '../src/model/incident.ts';
import type { JournalEntry } from '../src/model/journal.ts';
import { isQuiet } from '../src/respond/guardrails/quiet-hours.ts';
import { CASES } from './processes.ts';
import type { Life } from './scheduler.ts';
import type { SimulatedCall } from './wire.ts';
import type { World } from './world.ts';

/** What is known of a call that changes something, when it is sent. */
export interface Sent {
  readonly instanceId: string;
  readonly incident: Incident;
}

/** Operations that change something, and the action that each is part of. */
const ACTION_OF: Readonly<Record<string, string>> = {
  CreateSecurityGroup: 'isolate-instance',
  DeleteSecurityGroup: 'isolate-instance',
  AuthorizeSecurityGroupIngress: 'isolate-instance',
  AuthorizeSecurityGroupEgress: 'isolate-instance',
  RevokeSecurityGroupIngress: 'isolate-instance',
  RevokeSecurityGroupEgress: 'isolate-instance',
  ModifyNetworkInterfaceAttribute: 'isolate-instance',
  CreateSnapshots: 'snapshot-volumes',
  TerminateInstances: 'terminate-instance',
};
const READS = /^(Describe|Get)/;
/** From the permission of a step to its calls less time passes than this, unless it is asked again. */
export const SLACK = 20 * 60_000;

/** Looks at a call that is being sent; what it answers is kept with the call. */
export async function checkSent(
  world: World,
  life: Life,
  operation: string,
  body: URLSearchParams,
): Promise<Sent | undefined> {
  noteQuestions(world, operation, body);
  if (READS.test(operation)) return undefined;
  const action = ACTION_OF[operation];
  if (action === undefined) {
    world.violate('only known calls are made', `${life.name} calls ${operation}`);
    return undefined;
  }
  const undoes = life === world.undo;
  const instanceId = instanceOf(world, body);
  const standing = undoes ? ('undoing' as const) : ('responding' as const);
  const incidents = (await world.store.incidents([standing])).filter(
    ({ subject }) => instanceId === undefined || subject.id === instanceId,
  );
  const [incident] = incidents;
  if (incident === undefined) {
    world.violate(
      'only a case that is being answered, or taken back, changes something',
      `${life.name} calls ${operation} for ${instanceId ?? 'some instance'}, and no case of it is ${standing}`,
    );
    return undefined;
  }
  const sent = { instanceId: instanceId ?? incident.subject.id, incident };
  if (instanceId === undefined) return sent;
  const what = `${life.name} calls ${operation} for ${incident.id}`;
  const journal = await world.store.journal(incident.id);
  if (undoes) {
    nothingAgain(world, journal, 'undo/', action, what);
    return sent;
  }
  nothingAgain(world, journal, '', action, what);
  nothingWhileStopped(world, what);
  nothingProtected(world, sent, what);
  nothingUnapproved(world, sent, journal, operation, what);
  return sent;
}

/** Nothing is changed by a call that is sent while a person has stopped everything. */
function nothingWhileStopped(world: World, what: string): void {
  if (world.stopped) world.violate('nothing is changed while the global stop is on', what);
}

/** What the journal says is done is not done again. */
function nothingAgain(
  world: World,
  journal: readonly JournalEntry[],
  prefix: string,
  action: string,
  what: string,
): void {
  const own = journal.filter(
    (entry) => entry.action === action && entry.step.startsWith('undo/') === (prefix !== ''),
  );
  if (own.length > 0 && own.every(({ state }) => state === 'done'))
    world.violate('no effect twice', `${what}, and the journal says that ${action} is done`);
}

/** What is protected is touched only with a person's word. */
function nothingProtected(world: World, { instanceId, incident }: Sent, what: string): void {
  if (incident.approval !== undefined) return;
  const { protectedResources } = world.policy.guardrails;
  const named = protectedResources.some((one) => one.endsWith(instanceId));
  if (world.fleet.tagged.has(instanceId) || named)
    world.violate('what is protected is never touched', `${what}: ${instanceId} is protected`);
}

/** What waits for people does not happen without them. */
function nothingUnapproved(
  world: World,
  { incident }: Sent,
  journal: readonly JournalEntry[],
  operation: string,
  what: string,
): void {
  const { approval, approvals = [], mode } = incident;
  const violate = (why: string): void =>
    world.violate('nothing happens without the people it needs', `${what}: ${why}`);
  if (mode !== 'enforce' && approval === undefined) violate(`its mode is ${mode} and nobody approved it`);
  const playbook = world.policy.playbooks.get(incident.playbook ?? '');
  const place = playbook?.steps.findIndex(
    (step) => step.kind === 'action' && step.action.name === ACTION_OF[operation],
  );
  for (const step of playbook?.steps.slice(0, Math.max(0, place ?? 0)) ?? []) {
    if (step.kind !== 'approve') continue;
    const people = new Set(approvals.filter((one) => one.step === step.path).map(({ by }) => by));
    if (people.size < step.approvers) violate(`${people.size} of ${step.approvers} approved ${step.path}`);
    if (journal.find((entry) => entry.step === step.path)?.state !== 'done')
      violate(`${step.path} is not done`);
  }
  if (operation !== 'TerminateInstances') return;
  const { twoPersons, quietHours } = world.policy.guardrails;
  if (twoPersons && new Set(approvals.map(({ by }) => by)).size < 2) violate('two people must approve it');
  const { earliest, latest } = world.shown(SLACK);
  const wasQuiet = quietHours.some((one) => isQuiet(one, earliest) && isQuiet(one, latest));
  if (wasQuiet && latest - earliest <= SLACK && approval === undefined) violate('these are quiet hours');
}

/** Looks at a call just before it has its effect. */
export async function checkArriving(world: World, call: SimulatedCall, body: URLSearchParams): Promise<void> {
  const { operation, about } = call;
  if (about === undefined) return;
  const { instanceId, incident } = about as Sent;
  if (operation === 'TerminateInstances') await evidenceIsSealed(world, instanceId, incident);
  if (operation !== 'ModifyNetworkInterfaceAttribute') return;
  const interfaceId = body.get('NetworkInterfaceId') ?? '';
  const before = world.groupsBefore.get(incident.id) ?? new Map<string, string[]>();
  world.groupsBefore.set(incident.id, before);
  if (!before.has(interfaceId)) before.set(interfaceId, groupsOf(world, interfaceId));
}

/** Before a machine is terminated its evidence is complete, sealed and in the ledger. */
async function evidenceIsSealed(world: World, instanceId: string, incident: Incident): Promise<void> {
  const { account } = world.range;
  const violate = (why: string): void =>
    world.violate(
      'evidence before damage',
      `${instanceId} is about to be terminated for ${incident.id}: ${why}`,
    );
  if (account.instances.get(instanceId)?.ending?.to === 'terminated') return;
  const file = caseFile(`${world.folder}/${CASES}`, incident.id);
  const faults = verifyCase(file);
  if (faults.length > 0) violate(faults.join(', '));
  const hash = file.manifest()?.hash;
  let sealed = false;
  for await (const { kind, body } of world.store.ledger(incident.id)) {
    const { output } = body as { readonly output?: { readonly manifest?: string } };
    if (kind === 'step.done' && output?.manifest === hash && hash !== undefined) sealed = true;
  }
  if (!sealed) violate('the ledger has no seal of it');
  const now = world.clock.now();
  const kept = new Set(
    [...account.snapshots.values()]
      .filter(
        ({ snapshot, createdAt, fails }) =>
          !fails &&
          now - createdAt >= account.settings.snapshotDuration &&
          account.tags.get(snapshot.SnapshotId ?? '')?.get('cordon:case') === incident.id,
      )
      .map(({ snapshot }) => snapshot.VolumeId),
  );
  const askedAt = world.volumesAskedAt.get(instanceId) ?? 0;
  for (const [id, { Attachments }] of account.volumes) {
    const here = Attachments?.some(({ InstanceId }) => InstanceId === instanceId);
    // AWS cannot be told to terminate only what has no other volumes: one that came since the last look is lost.
    const seen = (world.attachedAt.get(id) ?? 0) <= askedAt;
    if (here && seen && !kept.has(id)) violate(`no completed snapshot of ${id}`);
  }
}

/** Looks at what a call has done. */
export async function checkArrived(world: World, call: SimulatedCall): Promise<void> {
  const { operation, about, record, life } = call;
  if (about === undefined || record?.status !== 200) return;
  const { instanceId, incident } = about as Sent;
  if (operation === 'CreateSnapshots') oneSetOfSnapshots(world, incident.id);
  if (life === world.undo || !['ModifyNetworkInterfaceAttribute', 'TerminateInstances'].includes(operation))
    return;
  const { earliest, latest } = world.shown(SLACK);
  const approved = incident.approval !== undefined;
  const effect = {
    operation,
    caseId: incident.id,
    instanceId,
    earliest,
    latest,
    turn: world.scheduler.turns(),
    approved,
  };
  const known = world.effects.some((one) => one.operation === operation && one.caseId === incident.id);
  if (!known) world.effects.push(effect);
}

/** A case has one set of snapshots, unless one of the set before has failed. */
function oneSetOfSnapshots(world: World, caseId: string): void {
  const { account } = world.range;
  const sets = world.snapshotSets.get(caseId) ?? [];
  world.snapshotSets.set(caseId, sets);
  const before = new Set(sets.flat());
  const made = [...account.snapshots.keys()].filter(
    (id) => !before.has(id) && account.tags.get(id)?.get('cordon:case') === caseId,
  );
  const last = sets.at(-1);
  const failed = last?.some((id) => account.snapshots.get(id)?.fails);
  if (made.length > 0 && last !== undefined && !failed)
    world.violate(
      'no effect twice',
      `CreateSnapshots for ${caseId} once more, and none of ${last.join(', ')} failed`,
    );
  if (made.length > 0) sets.push(made);
}

export function groupsOf(world: World, interfaceId: string): string[] {
  const groups = world.range.account.networkInterfaces.get(interfaceId)?.Groups ?? [];
  return groups.map(({ GroupId }) => GroupId ?? '');
}

/** When volumes were last asked for: what is attached later nobody could know of. */
function noteQuestions(world: World, operation: string, body: URLSearchParams): void {
  if (operation !== 'DescribeVolumes') return;
  const instanceId = body.get('Filter.1.Value.1');
  if (instanceId !== null) world.volumesAskedAt.set(instanceId, world.scheduler.turns());
}

/** The instance that a call is about, where it names one. */
function instanceOf(world: World, body: URLSearchParams): string | undefined {
  const interfaceId = body.get('NetworkInterfaceId');
  if (interfaceId !== null) return world.fleet.ownerOf.get(interfaceId);
  return body.get('InstanceId.1') ?? body.get('InstanceSpecification.InstanceId') ?? undefined;
}
