import { toJson } from '../../model/json.ts';
import { type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { accountBlockOf } from './account-public-access.ts';
import { ALL_BLOCKED, blocksAll, blockText, type PublicAccessBlock } from './bucket.ts';
import { recordedPublicAccess } from './record-public-access.ts';

interface Blocked {
  readonly account: string;
  readonly before: PublicAccessBlock | null;
}

const PERMISSIONS = ['s3:GetAccountPublicAccessBlock', 's3:PutAccountPublicAccessBlock'];

export const blockPublicAccount = defineAction({
  name: 'block-public-account',
  title: 'Block public access to every bucket of the account',
  group: 'data',
  subjects: [],
  effect: 'reversible',
  needs: ['record-public-access'],
  permissions: PERMISSIONS,
  about: {
    precondition: 'none; buckets that are meant to be public are no longer',
    effect: 'switches all four settings of the public access block of the account on',
    proof: 'S3 shows all four settings switched on; it may take minutes until every region has them',
    idempotency: 'settings that are on are left alone, and putting them again changes nothing',
  },
  input: NO_INPUT,
  undo: {
    kind: 'by',
    how: 'put the recorded public access block back, or take it off where there was none',
    permissions: PERMISSIONS,
    run: putBack,
  },
  plan: ({ account }) => `block all public access to every bucket of account ${account}`,
  async run(context) {
    const { account } = context.subject;
    const recorded = recordedPublicAccess(context.output('record-public-access'), context.subject);
    if (recorded === undefined)
      return { status: 'ask', reason: `record-public-access of ${account} must come first in the playbook` };
    const control = await context.aws.use('s3control');
    if (!blocksAll(await accountBlockOf(context.aws, account)))
      await control.putPublicAccessBlock({
        AccountId: account,
        PublicAccessBlockConfiguration: ALL_BLOCKED,
      });
    if (!blocksAll(await accountBlockOf(context.aws, account)))
      return { status: 'waiting', progress: `${account} does not show its public access block yet` };
    const blocked: Blocked = { account, before: recorded.publicAccessBlock };
    return done(toJson(blocked), `${account} blocks all public access; before: ${blockText(blocked.before)}`);
  },
});

/** Only a block that is still whole is changed: what a person did stays. */
async function putBack({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const { account, before } = undone as unknown as Blocked;
  if (blocksAll(before)) return done(null, `${account} blocked all public access before`);
  if (!blocksAll(await accountBlockOf(aws, account)))
    return done(null, `${account} has another public access block meanwhile, which stays`);
  const control = await aws.use('s3control');
  if (before === null) await control.deletePublicAccessBlock({ AccountId: account });
  else {
    await control.putPublicAccessBlock({
      AccountId: account,
      PublicAccessBlockConfiguration: { ...before },
    });
  }
  return done(toJson(before), `${account} has ${blockText(before)} again`);
}
