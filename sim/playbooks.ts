import { readFileSync } from 'node:fs';
import { ACTIONS } from '../src/actions/registry.ts';
import { parsePlaybook } from '../src/respond/playbook/parse.ts';
import type { Playbook } from '../src/respond/playbook/playbook.ts';
import { type Random, random } from './random.ts';

const SHIPPED = new URL('../playbooks/contain-and-terminate.yml', import.meta.url);
/** Of so many generated playbooks each world takes some: they are read once a thread. */
const GENERATED = 200;

const known = new Map<number | 'shipped', Playbook>();

/** The playbook in the box. */
export function shippedPlaybook(): Playbook {
  return remembered('shipped', () => readFileSync(SHIPPED, 'utf8'));
}

/** A playbook that no one would write, and that the reader of playbooks lets pass. */
export function generatedPlaybook(chance: Random): Playbook {
  const number = chance.below(GENERATED);
  return remembered(number, () => textOf(number, random(number + 1)));
}

function remembered(key: number | 'shipped', text: () => string): Playbook {
  const found = known.get(key);
  if (found !== undefined) return found;
  const source = { file: `${key}.yml`, text: text() };
  const parsed = parsePlaybook(source, ACTIONS);
  if (!parsed.ok) throw new Error(`${parsed.problems[0]?.message}\n${source.text}`);
  known.set(key, parsed.value);
  return parsed.value;
}

/** Conditions that are the same wherever a playbook has them, so that what needs a step is under its condition. */
const CONDITIONS = ['incident.mode: enforce', 'incident.level: [high, critical]', 'inputs.deep: true'];

function textOf(number: number, chance: Random): string {
  const retry = (): string => (chance.chance(0.3) ? ', retry: {tries: 2, after: 10s}' : '');
  const action = (name: string, more = ''): string => `{action: ${name}${retry()}${more}}`;
  const isolateAgain = '{id: isolate-again, action: isolate-instance}';
  const failing = chance.weighted([
    [5, ''],
    [2, ', on_failure: continue'],
    [1, `, on_failure: {steps: [${isolateAgain}], afterwards: ask}`],
    [1, `, on_failure: {steps: [${isolateAgain}], afterwards: continue}`],
  ]);
  const condition = chance.chance(0.3) ? `, if: {${chance.pick(CONDITIONS)}}` : '';
  const isolate = action('isolate-instance', `${failing}${chance.chance(0.2) ? condition : ''}`);
  const disks = [action('snapshot-volumes'), action('await-snapshots', ', timeout: 120')];
  const pause = (id: string): string =>
    `{id: ${id}, wait: ${chance.chance(0.5) ? `{for: ${chance.between(5, 300)}s}` : '{until: "2026-11-24T09:04:00Z"}'}}`;
  const ask = (id: string): string =>
    `{id: ${id}, approve: {message: "go on with \${subject.id}?", expires: ${chance.pick(['30m', '6h'])}, approvers: ${chance.between(1, 2)}}}`;
  const steps: string[] = [action('record-instance')];
  if (chance.chance(0.25)) steps.push(pause('first-wait'));
  if (chance.chance(0.5)) {
    const branches = [[isolate], disks, ...(chance.chance(0.3) ? [[pause('branch-wait')]] : [])];
    if (chance.chance(0.2)) branches[0]?.push(ask('branch-approval'));
    steps.push(`{parallel: [${branches.map((one) => `[${one.join(', ')}]`).join(', ')}]}`);
  } else {
    const order = chance.chance(0.5) ? [isolate, ...disks] : [...disks, isolate];
    if (chance.chance(0.2)) order.splice(1, 0, pause('wait-between'));
    steps.push(...order);
  }
  if (chance.chance(0.3)) steps.push(ask('approval'));
  steps.push(action('seal-evidence', condition));
  if (chance.chance(0.8)) {
    if (chance.chance(0.2)) steps.push(pause('last-wait'));
    steps.push(action('terminate-instance', condition));
    if (chance.chance(0.7)) steps.push('{action: verify-terminated, timeout: 30, on_failure: continue}');
  }
  const inputs = 'inputs: {deep: {type: boolean, default: true}}';
  return `name: generated-${number}\ntitle: Generated\n${inputs}\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
}
