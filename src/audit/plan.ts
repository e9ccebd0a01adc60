import type { Json } from '../model/json.ts';
import type { ResourceChange } from '../model/resource.ts';
import type { Subject } from '../model/subject.ts';
import { type ApiCall, operationName } from './api-call.ts';
import { membersOf, patchOf } from './patch.ts';
import type { BackCall, Inverse, States, WayBack } from './way-back.ts';

/** A change with the call that made it. */
export interface ChangeToUndo {
  readonly change: ResourceChange;
  readonly call: ApiCall;
}

export interface PlanSettings {
  /** For the resource's type: a call may touch several resources, and be taken back differently for each. */
  inverseOf(call: ApiCall, type: string): Inverse | undefined;
  /** Makes the token that lets AWS know a repeated request, e.g. from the id of the case. */
  readonly token: string;
}

/**
 * How the changes of one resource are taken back, the newest first. A call without an inverse of its own,
 * or whose inverse needs what is not known, is taken back by a patch of the properties that it touched to
 * what they were in the last compliant state before them; where there is none, in the last state.
 */
export function planWayBack(
  subject: Subject,
  changes: readonly ChangeToUndo[],
  states: States & { readonly compliant?: Json },
  { inverseOf, token }: PlanSettings,
): WayBack {
  const inBurst = new Set(changes.map(({ call }) => operationName(call)));
  const calls: BackCall[] = [];
  const does: string[] = [];
  const patched = new Set<string>();
  for (const { change, call } of changes.toReversed()) {
    const own = inverseOf(call, subject.type)?.plan(call, states, subject) ?? {
      kind: 'unknown',
      why: 'it has no inverse of its own',
    };
    if (own.kind === 'none') return own;
    if (own.kind === 'calls' && states.before === undefined && changes.length > 1) {
      const repeated = own.calls.find(({ operation }) => inBurst.has(operation));
      if (repeated !== undefined)
        return {
          kind: 'unknown',
          why: `the calls undo each other (${repeated.operation}), and what was before them is not known`,
        };
    }
    if (own.kind === 'calls') {
      calls.push(...own.calls);
      does.push(own.does);
      continue;
    }
    if (change.change !== 'changed')
      return {
        kind: 'none',
        why: `${change.call} ${change.change} ${subject.id}, and ${own.why}`,
        instead: [],
      };
    if (change.attributes.length === 0)
      return { kind: 'unknown', why: `${change.call}: ${own.why}, and what it touched is not known` };
    for (const attribute of change.attributes) patched.add(attribute);
  }
  if (patched.size > 0) {
    const patch = genericPatch(subject, states, [...patched], token);
    if (patch.kind !== 'calls') return patch;
    calls.push(...patch.calls);
    does.push(patch.does);
  }
  return calls.length === 0
    ? { kind: 'unknown', why: 'nothing is left to be taken back' }
    : { kind: 'calls', calls, does: does.join('; ') };
}

function genericPatch(
  subject: Subject,
  { before, after, compliant }: States & { readonly compliant?: Json },
  attributes: readonly string[],
  token: string,
): WayBack {
  if (after === undefined || after === null) return { kind: 'unknown', why: `${subject.id} cannot be read` };
  const wanted = compliant ?? before ?? undefined;
  if (wanted === undefined)
    return {
      kind: 'unknown',
      why: `no state of ${subject.id} before the change is known; cordon audit baseline takes it`,
    };
  const patch = patchOf(after, wanted, attributes);
  if (patch.length === 0) return { kind: 'unknown', why: `${attributes.join(', ')} are as they were` };
  return {
    kind: 'calls',
    does: `set ${attributes.filter((name) => name in { ...membersOf(after), ...membersOf(wanted) }).join(', ')} of ${subject.id} to ${compliant === undefined ? 'what they were' : 'the last compliant state'}`,
    calls: [
      {
        service: 'cloudcontrol',
        operation: 'UpdateResource',
        input: {
          TypeName: subject.type,
          Identifier: subject.id,
          ClientToken: token,
          PatchDocument: JSON.stringify(patch),
        },
      },
    ],
  };
}
