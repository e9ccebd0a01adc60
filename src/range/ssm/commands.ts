import { randomUUID } from 'node:crypto';
import type {
  Command,
  CommandInvocationStatus,
  CommandStatus,
  GetCommandInvocationRequest,
  GetCommandInvocationResult,
  ListCommandsRequest,
  ListCommandsResult,
  SendCommandRequest,
  SendCommandResult,
} from '@aws-sdk/client-ssm';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { type Answer, isOnline, managedNodes } from './managed.ts';

interface SimulatedCommand {
  readonly id: string;
  readonly request: SendCommandRequest;
  /** Simulated milliseconds since the epoch. */
  readonly sentAt: number;
  readonly answers: ReadonlyMap<string, Answer>;
  /** Nobody fetched it in time: it is not run, whoever answers later. */
  lost?: boolean;
}

const commandsOf = accountState(() => new Map<string, SimulatedCommand>());
const DOCUMENTS = new Set(['AWS-RunShellScript', 'AWS-RunPowerShellScript']);
/** Characters of a command's output that GetCommandInvocation answers. */
const OUTPUT_LIMIT = 24_000;
const ERROR_LIMIT = 8_000;

/** The account's own documents, by their names. */
export const documentsOf = accountState(() => new Set<string>());

export function sendCommand(account: Account, input: SendCommandRequest): SendCommandResult {
  const { DocumentName = '', InstanceIds = [], Comment, Parameters } = input;
  if (!DOCUMENTS.has(DocumentName) && !documentsOf(account).has(DocumentName))
    throw new AwsError('InvalidDocument', `Document with name ${DocumentName} does not exist.`);
  if (Comment !== undefined && Comment.length > 100)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'comment' failed to satisfy constraint: Member must have length less than or equal to 100`,
    );
  const lost = InstanceIds.filter((id) => !isOnline(account, id));
  if (lost.length > 0 || InstanceIds.length === 0)
    throw new AwsError(
      'InvalidInstanceId',
      `Instances [[${lost.join(', ')}]] not in a valid state for account ${account.id}`,
    );
  const commands = Parameters?.commands ?? [];
  const answers = InstanceIds.map((id): [string, Answer] => [
    id,
    managedNodes(account).get(id)?.answer(commands) ?? { stdout: '' },
  ]);
  const id = randomUUID();
  const sentAt = account.clock.now();
  const command: SimulatedCommand = { id, request: input, sentAt, answers: new Map(answers) };
  commandsOf(account).set(id, command);
  return { Command: shown(account, command) };
}

/** Of a command and of its invocation. */
type Status = Extract<CommandInvocationStatus, CommandStatus>;

/** A command that nobody fetched ends undelivered after its timeout; one that was takes its time. */
function statusOf(account: Account, command: SimulatedCommand, instanceId: string): Status {
  const passed = account.clock.now() - command.sentAt;
  if (!isOnline(account, instanceId)) {
    if (passed < (command.request.TimeoutSeconds ?? 3_600) * 1_000) return 'Pending';
    command.lost = true;
  }
  if (command.lost) return 'TimedOut';
  if (passed < account.settings.stateChangeDuration) return 'InProgress';
  return (command.answers.get(instanceId)?.code ?? 0) === 0 ? 'Success' : 'Failed';
}

function shown(account: Account, command: SimulatedCommand): Command {
  const { DocumentName, InstanceIds = [], Comment, Parameters } = command.request;
  const Status = statusOf(account, command, InstanceIds[0] ?? '');
  return {
    CommandId: command.id,
    DocumentName,
    ...(Comment === undefined ? {} : { Comment }),
    ...(Parameters === undefined ? {} : { Parameters }),
    InstanceIds,
    RequestedDateTime: new Date(command.sentAt),
    Status,
    StatusDetails: detailsOf(Status),
    TargetCount: InstanceIds.length,
  };
}

function detailsOf(status: Status): string {
  return status === 'TimedOut' ? 'DeliveryTimedOut' : status;
}

export function listCommands(account: Account, input: ListCommandsRequest): ListCommandsResult {
  const visible = [...commandsOf(account).values()].filter(
    ({ sentAt }) => account.clock.now() - sentAt >= account.settings.visibilityLag,
  );
  const wanted = visible.filter(
    ({ id, request }) =>
      (input.CommandId === undefined || input.CommandId === id) &&
      (input.InstanceId === undefined || request.InstanceIds?.includes(input.InstanceId)),
  );
  return { Commands: wanted.map((command) => shown(account, command)).reverse() };
}

export function getCommandInvocation(
  account: Account,
  { CommandId = '', InstanceId = '' }: GetCommandInvocationRequest,
): GetCommandInvocationResult {
  const command = commandsOf(account).get(CommandId);
  const answer = command?.answers.get(InstanceId);
  if (command === undefined || answer === undefined) throw new AwsError('InvocationDoesNotExist', '');
  const Status = statusOf(account, command, InstanceId);
  const ended = Status === 'Success' || Status === 'Failed';
  return {
    CommandId,
    InstanceId,
    ...(command.request.Comment === undefined ? {} : { Comment: command.request.Comment }),
    DocumentName: command.request.DocumentName,
    PluginName: 'aws:runShellScript',
    ResponseCode: ended ? (answer.code ?? 0) : -1,
    ExecutionStartDateTime: new Date(command.sentAt).toISOString(),
    Status,
    StatusDetails: detailsOf(Status),
    StandardOutputContent: ended ? answer.stdout.slice(0, OUTPUT_LIMIT) : '',
    StandardErrorContent: ended ? (answer.stderr ?? '').slice(0, ERROR_LIMIT) : '',
  };
}
