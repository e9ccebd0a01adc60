import type { GetCommandInvocationResult } from '@aws-sdk/client-ssm';
import type { AwsClients } from '../../aws/clients.ts';
import { awsErrorCode } from '../../aws/errors.ts';
import { toJson } from '../../model/json.ts';
import { INSTANCE } from '../../model/subject.ts';
import { defineAction, done } from '../action.ts';
import { NO_INPUT } from '../no-input.ts';

const UNDER_WAY = /^(Pending|InProgress|Delayed|Cancelling)$/;
/** GetCommandInvocation answers no more characters. Source: AWS Systems Manager API Reference. */
const OUTPUT_LIMIT = 24_000;

export const awaitLive = defineAction({
  name: 'await-live',
  title: 'Wait for what was collected',
  group: 'instance',
  subjects: [INSTANCE],
  effect: 'read',
  needs: ['collect-live'],
  permissions: ['ssm:GetCommandInvocation'],
  about: {
    precondition: 'the command was sent',
    effect: 'waits until the command has ended and writes its output and errors into the case',
    proof: 'its status and exit code; one that never reached the instance stops the playbook',
    idempotency: 'it only reads, and writes the same files again',
  },
  input: NO_INPUT,
  undo: { kind: 'nothing', why: 'it only reads' },
  plan: ({ id }) => `wait until the commands on ${id} have ended, and keep their output in the case`,
  async run({ aws, subject, caseFile, output }) {
    const { commandId } = (output('collect-live') ?? {}) as { readonly commandId?: string };
    if (commandId === undefined) return { status: 'ask', reason: 'collect-live has sent nothing' };
    const invocation = await commandInvocation(aws, commandId, subject.id);
    const { Status = 'Pending', StatusDetails = Status, ResponseCode = -1 } = invocation ?? {};
    if (invocation === undefined || UNDER_WAY.test(Status))
      return { status: 'waiting', progress: `command ${commandId} is ${StatusDetails}` };
    // Nothing ran: there is no exit code and nothing to keep.
    if (ResponseCode < 0 && (invocation.StandardOutputContent ?? '') === '')
      return { status: 'ask', reason: `command ${commandId} is ${StatusDetails}`, redo: 'collect-live' };
    const { StandardOutputContent: stdout = '', StandardErrorContent: stderr = '' } = invocation;
    caseFile.write('live-output.txt', stdout);
    caseFile.write('live-errors.txt', stderr);
    caseFile.writeJson(
      'live-command.json',
      toJson({ ...invocation, StandardOutputContent: undefined, StandardErrorContent: undefined }),
    );
    const cut =
      stdout.length >= OUTPUT_LIMIT ? ', cut at 24 000: the whole is in the bucket, if one was given' : '';
    return done(
      toJson({ commandId, status: Status, exitCode: ResponseCode, outputUrl: invocation.StandardOutputUrl }),
      `${StatusDetails}, exit code ${ResponseCode}, ${stdout.length} characters${cut}`,
    );
  },
});

/** Nothing as long as AWS does not show what was sent. */
async function commandInvocation(
  aws: AwsClients,
  CommandId: string,
  InstanceId: string,
): Promise<Omit<GetCommandInvocationResult, '$metadata'> | undefined> {
  const ssm = await aws.use('ssm');
  try {
    const { $metadata: _, ...invocation } = await ssm.getCommandInvocation({ CommandId, InstanceId });
    return invocation;
  } catch (error) {
    if (awsErrorCode(error) !== 'InvocationDoesNotExist') throw error;
    return undefined;
  }
}
