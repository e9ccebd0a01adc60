import type { ResourceChange } from '../model/resource.ts';
import type { Subject } from '../model/subject.ts';
import type { JudgeResource, Violation } from '../model/violation.ts';
import type { ApiCall } from './api-call.ts';
import { mayHaveCaused } from './assessment.ts';
import { imageOf } from './images.ts';
import { membersOf } from './patch.ts';

/**
 * What a call breaks by what it itself says of the resource. A policy may want what the call does not speak
 * of: whether the resource has it is not known then.
 */
export function brokenByCall(call: ApiCall, subject: Subject, judge: JudgeResource): Violation[] {
  const image = imageOf(call, subject.type);
  if (image === undefined) return [];
  const said = membersOf(image);
  return judge(subject, image).filter(({ attribute }) => attribute !== '' && Object.hasOwn(said, attribute));
}

/**
 * The changes that a policy's violations are to be blamed on: those whose own calls say what is wrong, else
 * those that touched what is wrong. `broken`: ids of the policies that a change breaks by itself.
 */
export function blamed(
  changes: readonly ResourceChange[],
  violations: readonly Violation[],
  broken: (change: ResourceChange) => ReadonlySet<string>,
): readonly ResourceChange[] {
  const guilty = changes.filter((one) => violations.some((each) => mayHaveCaused(one, each)));
  const proven =
    guilty.length < 2
      ? []
      : guilty.filter((one) => violations.some(({ policy }) => broken(one).has(policy.id)));
  if (proven.length > 0) return proven;
  return guilty.length > 0 ? guilty : changes;
}
