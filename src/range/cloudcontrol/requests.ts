import { randomUUID } from 'node:crypto';
import type { HandlerErrorCode, Operation, ProgressEvent } from '@aws-sdk/client-cloudcontrol';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';
import { type Caller, serviceSession } from '../caller.ts';
import { actFor } from '../cloudtrail/call.ts';

/** A request to create, change or delete a resource: it is answered at once and done later. */
interface ResourceRequest {
  readonly token: string;
  readonly typeName: string;
  readonly operation: Operation;
  /** Simulated time, milliseconds since the epoch. */
  readonly doneAt: number;
  /** Does it; answers the identifier. */
  readonly work: () => string;
  readonly caller: Caller;
  identifier: string | undefined;
  readonly model: string | undefined;
  outcome?: { readonly at: number; readonly error?: AwsError };
}

/** As whom its handlers call other services: they are those of CloudFormation. */
const ACTS_AS = 'cloudformation.amazonaws.com';

interface Requests {
  readonly byToken: Map<string, ResourceRequest>;
  readonly byClientToken: Map<string, { readonly parameters: string; readonly request: ResourceRequest }>;
}

const requestsOf = accountState<Requests>(() => ({ byToken: new Map(), byClientToken: new Map() }));

/** Begins a request, or answers the earlier one of the same client token. */
export function beginRequest(
  account: Account,
  input: { readonly ClientToken?: string | undefined; readonly RoleArn?: string | undefined },
  caller: Caller,
  prepare: () => Pick<ResourceRequest, 'typeName' | 'operation' | 'work' | 'identifier' | 'model'>,
): ProgressEvent {
  const { byToken, byClientToken } = requestsOf(account);
  const { ClientToken, ...rest } = input;
  const parameters = JSON.stringify(rest);
  const earlier = ClientToken === undefined ? undefined : byClientToken.get(ClientToken);
  if (earlier !== undefined) {
    if (earlier.parameters === parameters) return progressOf(account, earlier.request);
    throw new AwsError(
      'ClientTokenConflictException',
      'The specified client token has already been used in another resource request.',
    );
  }
  const prepared = prepare();
  const busy = [...byToken.values()].find(
    ({ typeName, identifier, outcome }) =>
      outcome === undefined &&
      typeName === prepared.typeName &&
      identifier !== undefined &&
      identifier === prepared.identifier,
  );
  if (busy !== undefined)
    throw new AwsError(
      'ConcurrentOperationException',
      `Another resource operation is currently being performed on this resource (RequestToken: ${busy.token}).`,
    );
  const doneAt = account.clock.now() + account.settings.stackStepDuration;
  const { RoleArn } = input;
  const acting = RoleArn === undefined ? caller : serviceSession(account, RoleArn, 'AWSCloudFormation');
  const request: ResourceRequest = { ...prepared, caller: acting, token: randomUUID(), doneAt };
  byToken.set(request.token, request);
  if (ClientToken !== undefined) byClientToken.set(ClientToken, { parameters, request });
  return progressOf(account, request);
}

/** What only time brings about: requests are done. */
export function settleResourceRequests(account: Account): void {
  for (const request of requestsOf(account).byToken.values()) {
    if (request.outcome !== undefined || request.doneAt > account.clock.now()) continue;
    try {
      request.identifier = actFor(account, request.caller, ACTS_AS, request.work);
      request.outcome = { at: request.doneAt };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      request.outcome = { at: request.doneAt, error };
    }
  }
}

export function requestOf(account: Account, token: string | undefined): ProgressEvent {
  const request = requestsOf(account).byToken.get(token ?? '');
  if (request === undefined)
    throw new AwsError('RequestTokenNotFoundException', `Request with token ${token} was not found.`);
  return progressOf(account, request);
}

function progressOf(account: Account, request: ResourceRequest): ProgressEvent {
  const { typeName, token, operation, identifier, model, outcome } = request;
  const error = outcome?.error;
  return {
    TypeName: typeName,
    ...(identifier === undefined ? {} : { Identifier: identifier }),
    RequestToken: token,
    Operation: operation,
    OperationStatus: outcome === undefined ? 'IN_PROGRESS' : error === undefined ? 'SUCCESS' : 'FAILED',
    EventTime: new Date(outcome?.at ?? account.clock.now()),
    ...(model === undefined ? {} : { ResourceModel: model }),
    ...(error === undefined ? {} : { StatusMessage: error.message, ErrorCode: handlerErrorCode(error) }),
  };
}

/** Of an error of the service behind. Source: CloudFormation CLI User Guide, "Handler error codes". */
export function handlerErrorCode({ code, status }: AwsError): HandlerErrorCode {
  if (code === 'NotUpdatable') return 'NotUpdatable';
  if (
    /^(AlreadyExists|EntityAlreadyExists|.*\.Duplicate|.*AlreadyExists(Exception|Fault)?|Bucket.*Owned.*)$/.test(
      code,
    )
  )
    return 'AlreadyExists';
  if (/(NotFound|NoSuch|NonExistent|DoesNotExist)/.test(code)) return 'NotFound';
  if (/^(AccessDenied|Unauthorized)/.test(code)) return 'AccessDenied';
  if (/Throttl|RequestLimitExceeded|SlowDown/.test(code)) return 'Throttling';
  if (/LimitExceeded/.test(code)) return 'ServiceLimitExceeded';
  if (/^(DependencyViolation|.*InUse|DeleteConflict|BucketNotEmpty)/.test(code)) return 'ResourceConflict';
  if (status >= 500) return 'ServiceInternalError';
  return /^(Invalid|Validation|Malformed|Missing)/.test(code) ? 'InvalidRequest' : 'GeneralServiceException';
}
