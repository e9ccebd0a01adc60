import { awsErrorCode } from '../../aws/errors.ts';
import { ACCESS_KEY, USER } from '../../model/subject.ts';
import { defineAction, done, type UndoContext } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';
import { FIND_USER, findPrincipal } from './principal.ts';
import { loginProfile } from './record-identity.ts';
import { untilShown } from './settle.ts';

export const deleteLoginProfile = defineAction({
  name: 'delete-login-profile',
  title: 'Delete the password',
  group: 'identity',
  subjects: [USER, ACCESS_KEY],
  effect: 'irreversible',
  needs: ['seal-evidence'],
  permissions: [...FIND_USER, 'iam:GetLoginProfile', 'iam:DeleteLoginProfile'],
  about: {
    precondition: 'the subject is a user of this account',
    effect: 'deletes the password of the user: nobody signs in to the console with it any more',
    proof: 'IAM knows no login profile of the user',
    idempotency: 'a user without a password is left alone',
  },
  input: NO_INPUT,
  undo: {
    kind: 'none',
    why: 'AWS tells nobody a password: the user gets a new one',
    restore: newPassword,
  },
  plan: ({ id }) => `delete the console password of ${id}`,
  async run(context) {
    const { aws, subject } = context;
    const principal = await findPrincipal(aws, subject, 'user');
    if ('refused' in principal) return { status: 'ask', reason: principal.refused };
    const { name } = principal;
    const iam = await aws.use('iam');
    const had = (await loginProfile(iam, name)) !== undefined;
    if (had) {
      await iam.deleteLoginProfile({ UserName: name }).catch((error: unknown) => {
        if (awsErrorCode(error) !== 'NoSuchEntity') throw error;
      });
      const isGone = async (): Promise<boolean> => (await loginProfile(iam, name)) === undefined;
      await untilShown(context, isGone, 'the password is deleted');
    }
    return done({ userName: name, deleted: had }, `${name} has no password`);
  },
});

/** The name is one that IAM takes: it holds nothing that a shell would take for more than a word. */
function newPassword({ undone }: UndoContext): string[] {
  const { userName, deleted } = undone as { readonly userName: string; readonly deleted: boolean };
  return deleted
    ? [
        `aws iam create-login-profile --user-name ${userName} --password-reset-required --password NEW-PASSWORD`,
      ]
    : [];
}
