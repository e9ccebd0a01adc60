import type { RecordedChange } from '../audit/actions/record-change.ts';
import { isAlike, membersOf, patchOf } from '../audit/patch.ts';
import type { Json } from '../model/json.ts';
import type { CaseFacts } from './case-report.ts';
import type { CaseStep } from './case-steps.ts';

/** The change of a resource that a case is about: who made it, what it was, and what became of it. */
export interface CaseChange {
  readonly callers: readonly ChangeCaller[];
  readonly properties: readonly ChangedProperty[];
  /** Whether a state before it is known. */
  readonly known: boolean;
  /** `brought-back`: it was taken back, and that was undone. */
  readonly state: 'there' | 'taken-back' | 'brought-back';
  /** What takes it back, or why it is still there. */
  readonly text: string;
  /** What was verified after it was taken back. */
  readonly proof?: string;
}

export interface ChangeCaller {
  /** Milliseconds since the epoch. */
  readonly at?: number;
  /** As IAM names it, e.g. `iam:CreatePolicyVersion`. */
  readonly call: string;
  /** ARN of who called. */
  readonly by: string;
  readonly from?: string;
}

export interface ChangedProperty {
  readonly name: string;
  /** Of a list only what is not on both sides. Absent where there was nothing, or where it is not known. */
  readonly before?: Json;
  readonly after?: Json;
  /** How many items of a list are on both sides. */
  readonly same: number;
}

/** Nothing where the case is about no change. The files of the case may have been tampered with. */
export function changeOf({ file }: CaseFacts, steps: readonly CaseStep[]): CaseChange | undefined {
  const record = lastOf(steps, 'record-change');
  if (record === undefined) return undefined;
  const { before, after, attributes, does } = membersOf(record.output ?? null) as Partial<
    Record<keyof RecordedChange, Json>
  >;
  const touched = list(attributes).filter((name) => typeof name === 'string');
  const back = lastOf(steps, 'roll-back-change');
  const proof = lastOf(steps, 'verify-way-back')?.proof;
  const state = back?.state === 'done' ? 'taken-back' : back?.state === 'undone' ? 'brought-back' : 'there';
  const why = back?.reason ?? record.reason ?? 'it was not taken back';
  const old = before ?? file('before.json') ?? null;
  const now = after ?? file('after.json') ?? null;
  return {
    callers: list(file('callers.json')).map(callerOf),
    properties: propertiesOf(old, now, touched),
    known: old !== null,
    state,
    text: state === 'there' ? why : state === 'taken-back' ? text(does) : (back?.proof ?? ''),
    ...(proof === undefined || state !== 'taken-back' ? {} : { proof }),
  };
}

function lastOf(steps: readonly CaseStep[], action: string): CaseStep | undefined {
  return steps.findLast((step) => step.action === action);
}

function propertiesOf(before: Json, after: Json, touched: readonly string[]): ChangedProperty[] {
  const [old, now] = [membersOf(before), membersOf(after)];
  return patchOf(before, after, touched).map(({ path }) => {
    const name = path.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
    const [was, is] = [old[name], now[name]];
    if (!Array.isArray(was) || !Array.isArray(is)) return propertyOf(name, was, is, 0);
    const [left, right] = [without(was, is), without(is, was)];
    return propertyOf(
      name,
      left.length === 0 ? undefined : left,
      right.length === 0 ? undefined : right,
      was.length - left.length,
    );
  });
}

function propertyOf(
  name: string,
  before: Json | undefined,
  after: Json | undefined,
  same: number,
): ChangedProperty {
  return {
    name,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    same,
  };
}

function without(items: readonly Json[], others: readonly Json[]): Json[] {
  return items.filter((item) => !others.some((other) => isAlike(item, other)));
}

function callerOf(caller: Json): ChangeCaller {
  const { at, call, by, from } = membersOf(caller);
  return {
    ...(typeof at === 'number' ? { at } : {}),
    call: text(call),
    by: text(by),
    ...(typeof from === 'string' ? { from } : {}),
  };
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
