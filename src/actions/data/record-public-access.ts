import { type Json, toJson } from '../../model/json.ts';
import type { Subject } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { accountBlockOf } from './account-public-access.ts';
import { blockText, type PublicAccessBlock } from './bucket.ts';

/** What the account blocked when it was found: what undoing puts back. */
export interface RecordedPublicAccess {
  readonly account: string;
  readonly publicAccessBlock: PublicAccessBlock | null;
}

export const recordPublicAccess = defineAction({
  name: 'record-public-access',
  title: 'Record the public access block of the account',
  group: 'data',
  subjects: [],
  effect: 'read',
  needs: [],
  permissions: ['s3:GetAccountPublicAccessBlock'],
  about: {
    precondition: 'none',
    effect: 'writes what S3 says of the public access block of the whole account into the case',
    proof: 'the file is in the case folder',
    idempotency: 'it only reads, and writes the same file again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ account }) => `record the public access block of account ${account}`,
  async run({ aws, subject: { account }, caseFile }) {
    const publicAccessBlock = (await accountBlockOf(aws, account)) ?? null;
    const recorded: RecordedPublicAccess = { account, publicAccessBlock };
    caseFile.writeJson('account-public-access.json', toJson(recorded));
    return done(toJson(recorded), `${account}: ${blockText(publicAccessBlock)}`);
  },
});

/** What {@link recordPublicAccess} found; nothing when it was another account. */
export function recordedPublicAccess(
  output: Json | undefined,
  { account }: Subject,
): RecordedPublicAccess | undefined {
  const recorded = output as unknown as RecordedPublicAccess | undefined;
  return recorded?.account === account ? recorded : undefined;
}
