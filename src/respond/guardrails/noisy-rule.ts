import { toJson } from '../../model/json.ts';
import type { Change, Store } from '../../store/store.ts';
import type { Person } from '../person.ts';
import { DAY, type Guardrail, type GuardrailStore, type GuardrailWorld, HOUR, isGrave } from './guardrail.ts';
import type { NoisyRuleSettings } from './settings.ts';

/** How far back what is usual is known. */
const HISTORY = 30 * DAY;
/**
 * What is usual is never taken from less than this: after a busy first hour nobody knows yet whether an hour
 * is always so busy. Days that Cordon did not see count as quiet, which only makes the guardrail stricter.
 */
const LEAST_HISTORY = 7 * DAY;
const WINDOWS = [
  { name: 'hour', length: HOUR },
  { name: 'day', length: DAY },
] as const;

/** What the store remembers of a rule under {@link memoryOf}. */
interface RuleStanding {
  /** It asks a person instead of enforcing, because of this. */
  readonly demoted?: string;
  /** Cases before this time are not held against it any more: a person has looked. */
  readonly rearmedAt?: number;
}

/**
 * A rule that suddenly finds many times its usual number of cases is more likely wrong, or played with, than
 * right: from then on it asks a person, until one arms it again. Counted are cases and not records, as one
 * subject can log any number. A case that also a quiet rule enforces is answered.
 */
export const noisyRule: Guardrail = {
  name: 'noisy-rule',
  yieldsToApproval: true,
  async ask(question, { noisyRule: settings }, world) {
    const { incident, rules } = question;
    if (settings === false || rules.length === 0 || !isGrave(question)) return [];
    const changes: Change[] = [];
    const reasons: string[] = [];
    for (const rule of rules) {
      const standing = await standingOf(world.store, rule);
      if (standing.demoted !== undefined) {
        reasons.push(`rule ${rule} only asks since it found ${standing.demoted}`);
        continue;
      }
      const noise = await noiseOf(rule, standing, settings, world);
      if (noise === undefined) continue;
      reasons.push(`rule ${rule} found ${noise}`);
      if (incident.mode === 'enforce') changes.push(...demotion(rule, noise, incident.id, world.now()));
    }
    if (reasons.length < rules.length)
      return [{ allowed: true, reason: 'a rule finds no more than usual', changes }];
    return [{ allowed: false, reason: reasons.join('; '), changes }];
  },
};

/** What a case that a rule found counts as. */
export function foundBy(rule: string, caseId: string, at: number): Change {
  const occurrence = { key: foundKey(rule), caseId, step: '', at };
  return { kind: 'occurrence', occurrence, forgetBefore: at - HISTORY - DAY };
}

/** Lets a rule enforce again; a sentence says why not. */
export async function rearmRule(
  store: Store,
  rule: string,
  { reason, ...person }: Person & { readonly reason: string },
  now: () => number,
): Promise<string | undefined> {
  const { demoted } = await standingOf(store, rule);
  if (demoted === undefined) return `rule ${rule} was not demoted: there is nothing to arm again`;
  const body = toJson({ ruleId: rule, ...person, reason, demoted });
  await store.commit([
    { kind: 'memory', name: memoryOf(rule), value: { rearmedAt: now() } },
    { kind: 'ledger', record: { at: now(), kind: 'guardrail.rule-rearmed', body } },
  ]);
  return undefined;
}

function demotion(rule: string, demoted: string, caseId: string, at: number): Change[] {
  const body = toJson({ ruleId: rule, found: demoted });
  return [
    { kind: 'memory', name: memoryOf(rule), value: { demoted } },
    { kind: 'ledger', record: { at, kind: 'guardrail.rule-demoted', caseId, body } },
  ];
}

/** `31 cases within an hour; 0.4 are usual`, when that is too many. */
async function noiseOf(
  rule: string,
  { rearmedAt = 0 }: RuleStanding,
  { factor, minimum }: NoisyRuleSettings,
  { store, now }: GuardrailWorld,
): Promise<string | undefined> {
  const end = now() + 1;
  for (const { name, length } of WINDOWS) {
    const from = end - length;
    const { count } = await store.occurrencesWithin(foundKey(rule), Math.max(from, rearmedAt), end);
    if (count < minimum) continue;
    const before = await store.occurrencesWithin(foundKey(rule), end - HISTORY, from);
    const known = Math.max(LEAST_HISTORY, from - (before.first ?? from));
    const usual = (before.count * length) / known;
    if (count >= factor * usual)
      return `${count} cases within ${name === 'hour' ? 'an hour' : 'a day'}; ${rounded(usual)} are usual`;
  }
  return undefined;
}

function rounded(usual: number): string {
  return usual >= 10 ? String(Math.round(usual)) : String(Math.round(usual * 10) / 10);
}

const foundKey = (rule: string): string => `found:${rule}`;
const memoryOf = (rule: string): string => `rule-standing:${rule}`;

async function standingOf(store: Pick<GuardrailStore, 'memory'>, rule: string): Promise<RuleStanding> {
  return ((await store.memory(memoryOf(rule))) ?? {}) as RuleStanding;
}
