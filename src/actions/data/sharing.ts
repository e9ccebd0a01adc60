import { z } from 'zod';
import type { AwsClients } from '../../aws/clients.ts';
import { type Json, toJson } from '../../model/json.ts';
import type { Subject } from '../../model/subject.ts';
import { type ActionContext, type ActionOutcome, done, type UndoContext } from '../action.ts';

/** Everybody who has an AWS account. */
export const EVERYBODY = 'all';

/** Whom something is shared with: account ids, `all`, and ARNs of organizations and their units. */
export interface Sharing {
  read(): Promise<readonly string[]>;
  add(whom: readonly string[]): Promise<void>;
  remove(whom: readonly string[]): Promise<void>;
}

export type SharingOf = (aws: AwsClients, subject: Subject) => Sharing;

/** Whom it was shared with when it was found: what undoing brings back. */
export interface RecordedSharing {
  readonly subject: string;
  readonly sharedWith: readonly string[];
}

interface Unshared {
  readonly subject: string;
  readonly removed: readonly string[];
}

/** Accounts that may keep what is shared with them; the own account always may. */
export const KEEP = z.strictObject({
  keep: z.array(z.string().regex(/^\d{12}$/, 'the id of an account, 12 digits')).default([]),
});

export async function recordSharing(
  { aws, subject, caseFile }: ActionContext,
  sharingOf: SharingOf,
): Promise<ActionOutcome> {
  const sharedWith = await sharingOf(aws, subject).read();
  const recorded: RecordedSharing = { subject: subject.id, sharedWith };
  caseFile.writeJson('sharing.json', toJson(recorded));
  return done(toJson(recorded), `${subject.id} is shared with ${sharedWith.join(', ') || 'nobody'}`);
}

/** Takes it from everybody, and from every foreign account that may not keep it. */
export async function unshare(
  context: ActionContext<z.output<typeof KEEP>>,
  sharingOf: SharingOf,
  recorder: string,
): Promise<ActionOutcome> {
  const { aws, subject, input } = context;
  const recorded = context.output(recorder) as unknown as RecordedSharing | undefined;
  if (recorded?.subject !== subject.id)
    return { status: 'ask', reason: `${recorder} of ${subject.id} must come first in the playbook` };
  const sharing = sharingOf(aws, subject);
  const foreign = (whom: readonly string[]): string[] =>
    whom.filter(
      (one) =>
        one === EVERYBODY || (/^\d{12}$/.test(one) && one !== subject.account && !input.keep.includes(one)),
    );
  const unwanted = foreign(await sharing.read());
  if (unwanted.length > 0) await sharing.remove(unwanted);
  const after = await sharing.read();
  if (foreign(after).length > 0)
    return { status: 'waiting', progress: `${subject.id} is still shared with ${foreign(after).join(', ')}` };
  const unshared: Unshared = { subject: subject.id, removed: foreign(recorded.sharedWith) };
  const rest = after.length === 0 ? 'nobody' : after.join(', ');
  return done(toJson(unshared), `${subject.id} is shared with ${rest}`);
}

/** Shares it again with those it was taken from, whomever else it is shared with by now. */
export async function shareAgain(
  { aws, subject, undone }: UndoContext,
  sharingOf: SharingOf,
): Promise<ActionOutcome> {
  const { removed } = undone as unknown as Unshared;
  const sharing = sharingOf(aws, subject);
  const now = await sharing.read();
  const missing = removed.filter((one) => !now.includes(one));
  if (missing.length > 0) await sharing.add(missing);
  const output: Json = missing;
  return done(
    output,
    missing.length === 0
      ? `nobody is missing of those ${subject.id} was shared with`
      : `${subject.id} is shared with ${missing.join(', ')} again`,
  );
}
