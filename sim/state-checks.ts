import { verifyLedger } from '../src/evidence/ledger.ts';
import type { JournalEntry } from '../src/model/journal.ts';
import { subjectKey } from '../src/model/subject.ts';
import { groupsOf, SLACK } from './call-checks.ts';
import type { Effect, World } from './world.ts';

const HOUR = 3_600_000;

/** What holds at any time: looked at after every death and at the end. */
export async function checkState(world: World): Promise<void> {
  await ledgerVerifies(world);
  limitsHold(world);
  groupsAreNotLost(world);
}

/** What holds once nothing goes wrong any more and people have answered. */
export async function checkEnd(world: World): Promise<void> {
  await checkState(world);
  await everyCaseHasEnded(world);
  await nothingIsLost(world);
}

async function ledgerVerifies({ store, violate }: World): Promise<void> {
  const { faults } = await verifyLedger(store.ledger(), await store.checkpoint());
  const [fault] = faults;
  if (fault !== undefined) violate('the ledger verifies', `entry ${fault.seq}: ${fault.fault}`);
}

/** Of what nobody approved, no more happens within an hour or a day than the guardrails allow. */
function limitsHold(world: World): void {
  const { limits, responsesPerHour } = world.policy.guardrails;
  const responses = world.effects.filter(({ operation }) => operation === 'response');
  checkLimit(world, responses, HOUR, responsesPerHour, 'responses per hour');
  for (const { of, only, per, max } of limits) {
    const operation =
      of === 'irreversible'
        ? 'TerminateInstances'
        : only === 'isolate-instance'
          ? 'ModifyNetworkInterfaceAttribute'
          : undefined;
    if (operation === undefined) continue;
    const length = per === 'hour' ? HOUR : 24 * HOUR;
    const effects = world.effects.filter((one) => one.operation === operation && !one.approved);
    checkLimit(world, effects, length, max, `${only ?? of} per ${per}`);
  }
}

/** In the order in which they happened: each, with those of the time before it, may be one of `max`. */
function checkLimit(
  world: World,
  effects: readonly Effect[],
  length: number,
  max: number,
  limit: string,
): void {
  for (const [index, effect] of effects.entries()) {
    // Only those that were certainly within the time, whatever the clock showed.
    const since = effect.latest - length + SLACK;
    const before = effects.slice(0, index).filter(({ earliest }) => earliest >= since);
    if (before.length < max) continue;
    const cases = [...before, effect].map(({ caseId, turn }) => `${caseId} (turn ${turn})`).join(', ');
    world.violate('guardrail limits are never exceeded', `at most ${max} ${limit}: ${cases}`);
  }
}

/** Of an Auto Scaling group no more is lost without a person's word than may be. */
function groupsAreNotLost(world: World): void {
  const { groupShare } = world.policy.guardrails;
  if (groupShare === false) return;
  const groups = Map.groupBy(
    world.effects.filter(({ instanceId, approved }) => !approved && world.fleet.groupOf.has(instanceId)),
    ({ instanceId }) => world.fleet.groupOf.get(instanceId)?.name,
  );
  for (const [name, effects] of groups) {
    const size = world.fleet.groupOf.get(effects[0]?.instanceId ?? '')?.size ?? 0;
    const lost = new Set(effects.map(({ instanceId }) => instanceId));
    const most = Math.floor((size * groupShare) / 100);
    const first =
      Math.max(...effects.map(({ latest }) => latest)) - Math.min(...effects.map(({ earliest }) => earliest));
    if (lost.size > most && first < 24 * HOUR - SLACK)
      world.violate(
        'guardrail limits are never exceeded',
        `${lost.size} of ${size} of ${name} are lost, at most ${most} may be`,
      );
  }
}

/** Every incident ends in a state that has a name and a reason, and nothing is left in the middle. */
async function everyCaseHasEnded({ store, violate }: World): Promise<void> {
  for (const { id, state, reason } of await store.incidents()) {
    if (['new', 'responding', 'awaiting-approval', 'undoing', 'needs-decision'].includes(state))
      violate('every incident ends', `${id} is still ${state} when all is calm: ${reason}`);
    else if (reason === undefined) violate('every incident ends', `${id} is ${state}, and nothing says why`);
  }
}

/** Whatever was in the logs is counted once. */
async function nothingIsLost({ store, policy, violate }: World): Promise<void> {
  const written = new Map<string, number>();
  for (const { subject, sightings } of policy.logs) {
    const key = subjectKey(subject);
    const count = sightings.reduce((sum, one) => sum + one.count, 0);
    written.set(key, (written.get(key) ?? 0) + count);
  }
  for (const { id, subject } of await store.incidents()) {
    const key = subjectKey(subject);
    const found = (await store.findings(id)).reduce((sum, { count }) => sum + count, 0);
    written.set(key, (written.get(key) ?? 0) - found);
  }
  for (const [key, left] of written)
    if (left !== 0)
      violate('no finding is lost or counted twice', `${key}: ${left} more were in the logs than are found`);
}

/** What the journal says is done is not begun again; but for a set of snapshots of which one has failed. */
export function nothingBegunAgain(world: World, { caseId, step, state, action }: JournalEntry): void {
  const key = `${caseId} ${step}`;
  // What is only worked out, or asked of people, may be asked again.
  if (action === undefined) return;
  if (state === 'done') world.done.add(key);
  else if (world.done.delete(key)) {
    const last = world.snapshotSets.get(caseId)?.at(-1) ?? [];
    const failed = last.some((id) => world.range.account.snapshots.get(id)?.fails);
    if (action !== 'snapshot-volumes' || !failed)
      world.violate('no effect twice', `${step} of ${caseId} is done, and ${state} again`);
  }
}

/** What an undo says it has taken back is as it was. */
export function undoKeepsItsPromise(world: World, caseId: string, undone: readonly string[]): void {
  if (!undone.some((step) => step.endsWith('isolate-instance') || step.endsWith('isolate-again'))) return;
  for (const [id, groups] of world.groupsBefore.get(caseId) ?? []) {
    const now = groupsOf(world, id);
    if (world.meddledWith.has(id) || !world.range.account.networkInterfaces.has(id)) continue;
    if (now.join() !== groups.join())
      world.violate(
        'undo brings back what it promised',
        `${id} was in ${groups.join()} before ${caseId} and is in ${now.join()} after its undo`,
      );
  }
}
