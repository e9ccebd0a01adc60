import type { CloudTrail } from '@aws-sdk/client-cloudtrail';
import { z } from 'zod';
import { awsErrorCode } from '../../aws/errors.ts';
import type { Subject } from '../../model/subject.ts';
import { type ActionContext, type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';

export const TRAIL = 'AWS::CloudTrail::Trail';

interface Started {
  readonly trail: string;
  /** When Cordon started it, milliseconds since the epoch; nothing when it was on already. */
  readonly startedAt: number | null;
}

interface Status {
  readonly isLogging: boolean;
  /** Milliseconds since the epoch; 0 when it was never started. */
  readonly startedAt: number;
}

export const startLogging = defineAction({
  name: 'start-logging',
  title: 'Start the trail again',
  group: 'trail',
  subjects: [],
  effect: 'reversible',
  needs: [],
  permissions: ['cloudtrail:GetTrailStatus', 'cloudtrail:StartLogging'],
  about: {
    precondition:
      'the subject is a trail of this region, or the playbook names one; a deleted one is asked about',
    effect: 'StartLogging: the trail records from now on; what was not recorded stays unknown',
    proof: 'CloudTrail says that the trail is logging',
    idempotency: 'a trail that is logging is left alone',
  },
  input: z.strictObject({
    /** Name or ARN; the subject without it. */
    trail: z.string().min(3).max(256).optional(),
  }),
  undo: {
    kind: 'by',
    how: 'stop the trail, where it was off before and nobody has started it anew since',
    permissions: ['cloudtrail:GetTrailStatus', 'cloudtrail:StopLogging'],
    run: stopAgain,
  },
  plan: (subject, { trail }) =>
    `start the trail ${trailOf(subject, trail) ?? '(which?)'} again (StartLogging)`,
  async run(context) {
    const trail = trailOf(context.subject, context.input.trail);
    if (trail === undefined)
      return { status: 'ask', reason: `${context.subject.id} is no trail, and the playbook names none` };
    const cloudtrail = await context.aws.use('cloudtrail');
    const before = await statusOf(cloudtrail, trail);
    if (before === undefined)
      return {
        status: 'ask',
        reason: `there is no trail ${trail} in ${context.aws.region}: create it again`,
      };
    if (!before.isLogging) await cloudtrail.startLogging({ Name: trail });
    const after = await statusOf(cloudtrail, trail);
    if (after?.isLogging !== true)
      return { status: 'waiting', progress: `the trail ${trail} is not logging yet` };
    const ours = !before.isLogging || isOurs(context, before);
    const output: Started = { trail, startedAt: ours ? after.startedAt : null };
    return done({ ...output }, `the trail ${trail} is logging`);
  },
});

function trailOf({ type, id }: Subject, named: string | undefined): string | undefined {
  return named ?? (type === TRAIL ? id : undefined);
}

/** An earlier try may have started it: then it was since the case was opened. */
function isOurs({ earlierTry, incident }: ActionContext, { startedAt }: Status): boolean {
  return earlierTry !== 'none' && startedAt >= incident.openedAt;
}

async function statusOf(cloudtrail: CloudTrail, Name: string): Promise<Status | undefined> {
  try {
    const { IsLogging = false, StartLoggingTime } = await cloudtrail.getTrailStatus({ Name });
    return { isLogging: IsLogging, startedAt: StartLoggingTime?.getTime() ?? 0 };
  } catch (error) {
    if (awsErrorCode(error) === 'TrailNotFoundException') return undefined;
    throw error;
  }
}

async function stopAgain({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const { trail, startedAt } = undone as unknown as Started;
  if (startedAt === null) return done(null, `the trail ${trail} was logging before`);
  const cloudtrail = await aws.use('cloudtrail');
  const now = await statusOf(cloudtrail, trail);
  if (now === undefined) return done(null, `there is no trail ${trail} any more`);
  if (!now.isLogging) return done(null, `the trail ${trail} is off`);
  if (now.startedAt !== startedAt) return done(null, `somebody started the trail ${trail} anew: it stays on`);
  await cloudtrail.stopLogging({ Name: trail });
  return done(null, `the trail ${trail} is off again, as it was`);
}
