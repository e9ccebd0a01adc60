import { LEVELS, type RuleRef } from '../src/model/finding.ts';
import type { Mode } from '../src/model/incident.ts';
import type { Run } from '../src/model/run.ts';
import type { Account } from '../src/range/account.ts';
import type { GuardrailSettings, LimitSettings } from '../src/respond/guardrails/settings.ts';
import type { Binding } from '../src/respond/intake.ts';
import type { Playbook } from '../src/respond/playbook/playbook.ts';
import { type Fleet, PROTECTED_TAG } from './fleet.ts';
import { generatedPlaybook, shippedPlaybook } from './playbooks.ts';
import type { Random } from './random.ts';

/** What is to be done about what, how far Cordon may go, and what will be in the logs. */
export interface Policy {
  readonly playbooks: ReadonlyMap<string, Playbook>;
  bindingOf(ruleId: string): Binding;
  readonly guardrails: GuardrailSettings;
  /** Each is written to the logs at some time, in this order. */
  readonly logs: readonly Run[];
}

export function newPolicy(fleet: Fleet, account: Account, chance: Random): Policy {
  const all = [shippedPlaybook(), generatedPlaybook(chance), generatedPlaybook(chance)];
  const playbooks = new Map(all.map((one) => [one.name, one]));
  const rules = ['first', 'second', 'third'].map(
    (id): RuleRef => ({ id, title: id, level: chance.pick(LEVELS) }),
  );
  const bindings = new Map(rules.map(({ id }): [string, Binding] => [id, newBinding(all, chance)]));
  return {
    playbooks,
    bindingOf: (ruleId) => bindings.get(ruleId) ?? { mode: 'record' },
    guardrails: newGuardrails(fleet, chance),
    logs: newLogs(fleet, rules, account.clock.now(), chance),
  };
}

function newBinding(playbooks: readonly Playbook[], chance: Random): Binding {
  const mode = chance.weighted<Mode>([
    [8, 'enforce'],
    [3, 'approve'],
    [1, 'observe'],
    [1, 'record'],
  ]);
  const playbook = chance.pick(playbooks);
  if (mode === 'record') return { mode };
  const deep = Object.hasOwn(playbook.inputs, 'deep') && chance.chance(0.5);
  return { mode, playbook: playbook.name, ...(deep ? { with: { deep: chance.chance(0.5) } } : {}) };
}

function newGuardrails(fleet: Fleet, chance: Random): GuardrailSettings {
  const limits: LimitSettings[] = [];
  if (chance.chance(0.4))
    limits.push({ of: 'irreversible', per: chance.pick(['hour', 'day']), max: chance.between(0, 2) });
  if (chance.chance(0.2))
    limits.push({ of: 'action', only: 'isolate-instance', per: 'hour', max: chance.between(1, 2) });
  return {
    protectedTags: [PROTECTED_TAG],
    protectedAccounts: [],
    protectedResources: chance.chance(0.1) ? [`*${chance.pick(fleet.subjects).id}`] : [],
    responsesPerHour: chance.pick([1, 2, 3, 10]),
    limits,
    // It asks much of AWS: where there is no group that is seldom worth it.
    groupShare: chance.chance(fleet.groupOf.size > 0 ? 0.9 : 0.2) ? chance.pick([34, 50, 100]) : false,
    quietHours: chance.chance(0.1) ? [{ from: '10:00', to: '12:00', zone: 'UTC' }] : [],
    twoPersons: chance.chance(0.15),
    approvalExpires: chance.pick([1, 24]),
    noisyRule: chance.chance(0.1) ? { factor: 2, minimum: 2 } : false,
  };
}

const MINUTE = 60_000;

function newLogs(fleet: Fleet, rules: readonly RuleRef[], start: number, chance: Random): Run[] {
  const members = fleet.subjects.filter(({ id }) => fleet.groupOf.has(id));
  let time = start - MINUTE;
  return Array.from({ length: chance.pick([1, 1, 2, 2, 3]) }, (_, order): Run => {
    // Mostly of one incident after the other; sometimes hours later, which is a case of its own.
    time += chance.chance(0.2) ? 120 * MINUTE : chance.between(0, 5) * MINUTE;
    const subject = chance.pick(members.length > 0 && chance.chance(0.7) ? members : fleet.subjects);
    const rule = chance.pick(rules);
    const count = chance.between(1, 3);
    const samples = Array.from({ length: count }, (_, line) => ({
      raw: `record ${order}.${line}`,
      origin: { source: 'sim', offset: order * 10 + line, line: order * 10 + line },
    }));
    const times = { firstSeen: time, lastSeen: time + 1_000 };
    const branch = { selections: ['selection'], because: [] };
    const sighting = { rule, count, ...times, branch, samples, days: [], order };
    return { subject, seenOn: [], began: time, ...times, order, sightings: [sighting] };
  });
}
