import type { Json } from '../model/json.ts';
import type { ResourceChange, ResourceState } from '../model/resource.ts';
import { isAlike, only } from './patch.ts';

/** CloudTrail tells whole seconds: a call may have been so much later. Source: CloudTrail record contents, `eventTime`. */
const PRECISION = 1_000;

/**
 * The last state that was read before some changes, the oldest of them first. One that was read in the
 * second of the first change counts when it does not show what they did.
 */
export function stateBefore(
  states: readonly ResourceState[],
  changes: readonly ResourceChange[],
  after: Json,
): ResourceState | undefined {
  const [first] = changes;
  if (first === undefined) return undefined;
  const ids = new Set(changes.map(({ id }) => id));
  const attributes = changes.some((one) => one.attributes.length === 0)
    ? []
    : changes.flatMap((one) => one.attributes);
  const now = only(after, attributes);
  return states.findLast((state) => {
    if (state.at <= first.at) return true;
    if (state.at >= first.at + PRECISION || state.changes.some((id) => ids.has(id))) return false;
    return !isAlike(only(state.properties, attributes), now);
  });
}
