import { defineAction } from '../action.ts';
import { KEEP, type SharingOf, shareAgain, unshare } from './sharing.ts';

interface Shared {
  readonly name: string;
  /** What is shared, for a person: `the image`. */
  readonly what: string;
  /** Who knows it, and shows with whom it is shared. */
  readonly service: string;
  readonly subjects: readonly string[];
  /** The action that records with whom it was shared. */
  readonly recorder: string;
  readonly permissions: readonly string[];
  /** What is not ended by it. */
  readonly remains: string;
  readonly sharingOf: SharingOf;
}

/** An action that stops sharing one kind of thing. */
export function unshareAction(shared: Shared) {
  const { name, what, service, subjects, recorder, permissions, remains, sharingOf } = shared;
  return defineAction({
    name,
    title: `Stop sharing ${what}`,
    group: 'data',
    subjects,
    effect: 'reversible',
    needs: [recorder],
    permissions,
    about: {
      precondition: `${service} still knows ${what}`,
      effect: `takes it from everybody and from every other account but those that may keep it; ${remains}`,
      proof: `${service} shows nobody else`,
      idempotency: 'who has no share is not taken it from, and taking it twice changes nothing',
    },
    input: KEEP,
    undo: {
      kind: 'by',
      how: 'share it again with those it was taken from',
      permissions,
      run: (context) => shareAgain(context, sharingOf),
    },
    plan: ({ id }, { keep }) =>
      `share ${id} with ${keep.length === 0 ? 'nobody' : keep.join(', ')} but this account`,
    run: (context) => unshare(context, sharingOf, recorder),
  });
}
