import { createHash, randomUUID } from 'node:crypto';
import type {
  CreateFunctionRequest,
  FunctionConfiguration,
  GetFunctionResponse,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import type { Account } from '../account.ts';
import { accountState } from '../account-state.ts';
import { AwsError } from '../aws-error.ts';

export interface SimulatedFunction {
  readonly name: string;
  readonly arn: string;
  configuration: FunctionConfiguration;
  readonly tags: Readonly<Record<string, string>>;
  /** When its configuration was last changed, simulated milliseconds since the epoch. */
  changedAt: number;
  reserved?: number;
  /** Statements of its resource policy, by their ids. */
  readonly statements: Map<string, unknown>;
  url?: { readonly authType: 'NONE' | 'AWS_IAM'; readonly url: string; readonly createdAt: number };
}

/** Every function by its name. */
export const functionsOf = accountState(() => new Map<string, SimulatedFunction>());

export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404);
}

export function conflict(message: string): AwsError {
  return new AwsError('ResourceConflictException', message, 409);
}

/** A function by its name, its ARN or `account:function:name`, with or without a qualifier. */
export function functionOf(account: Account, name: string | undefined): SimulatedFunction {
  const parts = (name ?? '').split(':');
  const at = parts.indexOf('function');
  const own = (at < 0 ? parts[0] : parts[at + 1]) ?? '';
  const found = functionsOf(account).get(own);
  if (found === undefined) throw notFound(`Function not found: ${arnOf(account, own)}`);
  return found;
}

function arnOf({ region, id }: Account, name: string): string {
  return `arn:aws:lambda:${region}:${id}:function:${name}`;
}

export function createFunction(account: Account, input: CreateFunctionRequest): FunctionConfiguration {
  const { FunctionName: name = '', Code, Tags, Publish: _, Layers, Environment, ...rest } = input;
  if (functionsOf(account).has(name)) throw conflict(`Function already exist: ${name}`);
  const zip = Code?.ZipFile ?? new Uint8Array();
  const configuration: FunctionConfiguration = {
    FunctionName: name,
    FunctionArn: arnOf(account, name),
    Role: rest.Role,
    Runtime: rest.Runtime,
    Handler: rest.Handler,
    Description: rest.Description ?? '',
    Timeout: rest.Timeout ?? 3,
    MemorySize: rest.MemorySize ?? 128,
    CodeSize: zip.length,
    CodeSha256: createHash('sha256').update(zip).digest('base64'),
    PackageType: rest.PackageType ?? 'Zip',
    Architectures: rest.Architectures ?? ['x86_64'],
    Version: '$LATEST',
    ...(Layers === undefined ? {} : { Layers: Layers.map((Arn) => ({ Arn })) }),
    ...(Environment === undefined ? {} : { Environment: { Variables: Environment.Variables } }),
    ...(rest.KMSKeyArn === undefined ? {} : { KMSKeyArn: rest.KMSKeyArn }),
  };
  const made: SimulatedFunction = {
    name,
    arn: arnOf(account, name),
    configuration,
    tags: Tags ?? {},
    changedAt: account.clock.now(),
    statements: new Map(),
  };
  revise(account, made, {});
  functionsOf(account).set(name, made);
  return shown(account, made, 'Pending');
}

function revise(account: Account, one: SimulatedFunction, change: Partial<FunctionConfiguration>): void {
  one.changedAt = account.clock.now();
  const LastModified = new Date(one.changedAt).toISOString().replace('Z', '+0000');
  one.configuration = { ...one.configuration, ...change, LastModified, RevisionId: randomUUID() };
}

/** Source: AWS Lambda Developer Guide, "Lambda function states". */
function shown(account: Account, one: SimulatedFunction, state?: 'Pending'): FunctionConfiguration {
  const settled = account.clock.now() - one.changedAt >= account.settings.stateChangeDuration;
  return {
    ...one.configuration,
    State: state ?? 'Active',
    LastUpdateStatus: settled ? 'Successful' : 'InProgress',
  };
}

export function getFunction(
  account: Account,
  { FunctionName }: { FunctionName?: string | undefined },
): GetFunctionResponse {
  const one = functionOf(account, FunctionName);
  return {
    Configuration: shown(account, one),
    Code: {
      RepositoryType: 'S3',
      Location: `https://prod-04-2014-tasks.s3.${account.region}.amazonaws.com/snapshots/${account.id}/${one.name}`,
    },
    Tags: { ...one.tags },
    ...(one.reserved === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: one.reserved } }),
  };
}

export function getFunctionConfiguration(
  account: Account,
  { FunctionName }: { FunctionName?: string | undefined },
): FunctionConfiguration {
  return shown(account, functionOf(account, FunctionName));
}

export function updateFunctionConfiguration(
  account: Account,
  input: UpdateFunctionConfigurationRequest,
): FunctionConfiguration {
  const one = functionOf(account, input.FunctionName);
  const { FunctionName: _, RevisionId, Layers, Environment, Role, Handler, Runtime } = input;
  if (account.clock.now() - one.changedAt < account.settings.stateChangeDuration)
    throw conflict(
      `The operation cannot be performed at this time. An update is in progress for resource: ${one.arn}`,
    );
  if (RevisionId !== undefined && RevisionId !== one.configuration.RevisionId)
    throw new AwsError(
      'PreconditionFailedException',
      'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      412,
    );
  const { Timeout, MemorySize, Description, KMSKeyArn } = input;
  const plain = { Role, Handler, Runtime, Timeout, MemorySize, Description, KMSKeyArn };
  const given = Object.entries(plain).filter(([, value]) => value !== undefined);
  revise(account, one, {
    ...Object.fromEntries(given),
    ...(Layers === undefined ? {} : { Layers: Layers.map((Arn) => ({ Arn })) }),
    ...(Environment === undefined ? {} : { Environment: { Variables: Environment.Variables } }),
  });
  return shown(account, one);
}
