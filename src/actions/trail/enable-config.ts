import type { ConfigService } from '@aws-sdk/client-config-service';
import { z } from 'zod';
import { type ActionContext, type ActionOutcome, defineAction, done, type UndoContext } from '../action.ts';

interface Started {
  readonly recorder: string;
  /** When Cordon started it, milliseconds since the epoch; nothing when it was on already. */
  readonly startedAt: number | null;
}

interface Status {
  readonly name: string;
  readonly recording: boolean;
  /** Milliseconds since the epoch; 0 when it was never started. */
  readonly startedAt: number;
}

export const enableConfig = defineAction({
  name: 'enable-config',
  title: 'Start AWS Config again',
  group: 'trail',
  subjects: [],
  effect: 'reversible',
  needs: [],
  permissions: ['config:DescribeConfigurationRecorderStatus', 'config:StartConfigurationRecorder'],
  about: {
    precondition: 'the region has a configuration recorder; a deleted one is asked about',
    effect: 'StartConfigurationRecorder: AWS Config records from now on',
    proof: 'AWS Config says that the recorder is recording',
    idempotency: 'a recorder that is recording is left alone',
  },
  input: z.strictObject({
    /** The one of the region without it. */
    recorder: z.string().min(1).max(256).optional(),
  }),
  undo: {
    kind: 'by',
    how: 'stop the recorder, where it was off before and nobody has started it anew since',
    permissions: ['config:DescribeConfigurationRecorderStatus', 'config:StopConfigurationRecorder'],
    run: stopAgain,
  },
  plan: (_, { recorder }) =>
    `start the configuration recorder ${recorder ?? 'of the region'} (StartConfigurationRecorder)`,
  async run(context) {
    const { aws, input } = context;
    const config = await aws.use('config');
    const before = await statusOf(config, input.recorder);
    if (before === undefined)
      return {
        status: 'ask',
        reason: `there is no configuration recorder ${input.recorder ?? ''} in ${aws.region}: create it again, with its role and delivery channel`,
      };
    const { name } = before;
    if (!before.recording) await config.startConfigurationRecorder({ ConfigurationRecorderName: name });
    const after = await statusOf(config, name);
    if (after?.recording !== true) return { status: 'waiting', progress: `${name} is not recording yet` };
    const ours = !before.recording || isOurs(context, before);
    const output: Started = { recorder: name, startedAt: ours ? after.startedAt : null };
    return done({ ...output }, `the configuration recorder ${name} is recording`);
  },
});

/** An earlier try may have started it: then it was since the case was opened. */
function isOurs({ earlierTry, incident }: ActionContext, { startedAt }: Status): boolean {
  return earlierTry !== 'none' && startedAt >= incident.openedAt;
}

/** Of a recorder, or of the one that the region has. */
async function statusOf(config: ConfigService, wanted: string | undefined): Promise<Status | undefined> {
  const { ConfigurationRecordersStatus: all = [] } = await config.describeConfigurationRecorderStatus({});
  const found = all.find(({ name }) => wanted === undefined || name === wanted);
  if (found === undefined) return undefined;
  const { name = '', recording = false, lastStartTime } = found;
  return { name, recording, startedAt: lastStartTime?.getTime() ?? 0 };
}

async function stopAgain({ aws, undone }: UndoContext): Promise<ActionOutcome> {
  const { recorder, startedAt } = undone as unknown as Started;
  if (startedAt === null) return done(null, `the configuration recorder ${recorder} was recording before`);
  const config = await aws.use('config');
  const now = await statusOf(config, recorder);
  if (now === undefined) return done(null, `there is no configuration recorder ${recorder} any more`);
  if (!now.recording) return done(null, `the configuration recorder ${recorder} is off`);
  if (now.startedAt !== startedAt)
    return done(null, `somebody started the configuration recorder ${recorder} anew: it stays on`);
  await config.stopConfigurationRecorder({ ConfigurationRecorderName: recorder });
  return done(null, `the configuration recorder ${recorder} is off again, as it was`);
}
