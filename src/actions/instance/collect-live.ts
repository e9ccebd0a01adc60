import type { Command } from '@aws-sdk/client-ssm';
import { z } from 'zod';
import { INSTANCE } from '../../model/subject.ts';
import { type ActionContext, defineAction, done } from '../action.ts';

const SETTLE_POLLS = 5;
/** Of commands that the instance never got: they are as if they had not been sent. */
const UNDELIVERED = /^(Undeliverable|DeliveryTimedOut|InvalidPlatform|AccessDenied)$/;

export const collectLive = defineAction({
  name: 'collect-live',
  title: 'Collect from the running instance',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'reversible',
  needs: [],
  permissions: ['ssm:DescribeInstanceInformation', 'ssm:ListCommands', 'ssm:SendCommand'],
  about: {
    precondition:
      'the agent of Systems Manager is online, and the instance is not isolated yet: an isolated agent hears nothing',
    effect: 'runs a document of Run Command on the instance, such as a memory dump or a live response script',
    proof: 'the id of the command; await-live waits for its end',
    idempotency: 'the comment of the command names the case: one that has it was sent already',
  },
  input: z
    .strictObject({
      document: z
        .string()
        .min(3)
        .default('AWS-RunShellScript')
        .describe('Name or ARN of the document of Systems Manager'),
      commands: z.array(z.string().min(1)).min(1).optional().describe('Lines of the script that it runs'),
      parameters: z
        .record(z.string(), z.array(z.string()))
        .optional()
        .describe('Other parameters of the document'),
      bucket: z.string().optional().describe('S3 bucket for what is longer than 24 000 characters'),
    })
    .refine(({ commands, parameters }) => commands !== undefined || parameters !== undefined, {
      message: 'commands or parameters',
    }),
  undo: {
    kind: 'nothing',
    why: 'what the commands do on the instance is theirs: they should only read',
  },
  plan: ({ id }, { document }) => `run ${document} on ${id} by Systems Manager and keep what it answers`,
  async run(context) {
    const { aws, subject, input } = context;
    const sent = await sentCommand(context, context.earlierTry === 'none' ? 1 : SETTLE_POLLS);
    if (sent?.CommandId !== undefined)
      return done({ commandId: sent.CommandId }, `command ${sent.CommandId} was sent already`);
    if (context.output('isolate-instance') !== undefined)
      return { status: 'ask', reason: `${subject.id} is isolated: its agent cannot be reached` };
    const status = await pingStatus(context);
    if (status !== 'Online')
      return { status: 'ask', reason: `the agent of Systems Manager on ${subject.id} is ${status}` };
    const ssm = await aws.once('ssm');
    const Parameters = {
      ...input.parameters,
      ...(input.commands === undefined ? {} : { commands: input.commands }),
    };
    const { Command } = await ssm.sendCommand({
      InstanceIds: [subject.id],
      DocumentName: input.document,
      Comment: commentOf(context),
      Parameters,
      ...(input.bucket === undefined ? {} : { OutputS3BucketName: input.bucket }),
    });
    return done({ commandId: Command?.CommandId ?? '' }, `sent as command ${Command?.CommandId}`);
  },
});

/** The token: SendCommand has none of its own. AWS allows 100 characters. */
function commentOf({ incident }: ActionContext): string {
  return `Cordon ${incident.id}`.slice(0, 100);
}

async function sentCommand(context: ActionContext, polls: number): Promise<Command | undefined> {
  const ssm = await context.aws.use('ssm');
  const comment = commentOf(context);
  for (let poll = 1; ; poll++) {
    for await (const page of ssm.paginateListCommands({ InstanceId: context.subject.id })) {
      const found = page.Commands?.find(
        ({ Comment, StatusDetails }) => Comment === comment && !UNDELIVERED.test(StatusDetails ?? ''),
      );
      if (found !== undefined) return found;
    }
    if (poll === polls) return undefined;
    await context.sleep(context.settleTime / (SETTLE_POLLS - 1));
  }
}

async function pingStatus({ aws, subject }: ActionContext): Promise<string> {
  const ssm = await aws.use('ssm');
  const Filters = [{ Key: 'InstanceIds', Values: [subject.id] }];
  const { InstanceInformationList } = await ssm.describeInstanceInformation({ Filters });
  return InstanceInformationList?.[0]?.PingStatus ?? 'not registered';
}
