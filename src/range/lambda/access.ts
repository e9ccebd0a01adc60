import { createHash } from 'node:crypto';
import type {
  AddPermissionRequest,
  AddPermissionResponse,
  CreateFunctionUrlConfigRequest,
  CreateFunctionUrlConfigResponse,
  GetFunctionUrlConfigResponse,
  GetPolicyResponse,
  RemovePermissionRequest,
} from '@aws-sdk/client-lambda';
import type { Account } from '../account.ts';
import { conflict, functionOf, notFound, type SimulatedFunction } from './function.ts';

interface Named {
  readonly FunctionName?: string | undefined;
}

export function addPermission(account: Account, input: AddPermissionRequest): AddPermissionResponse {
  const one = functionOf(account, input.FunctionName);
  const { StatementId: Sid = '', Action, Principal = '', SourceArn, SourceAccount } = input;
  if (one.statements.has(Sid))
    throw conflict(
      `The statement id (${Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  const conditions = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'AWS:SourceArn': SourceArn } }),
    ...stringEquals({
      'AWS:SourceAccount': SourceAccount,
      'aws:PrincipalOrgID': input.PrincipalOrgID,
      'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType,
    }),
  };
  const statement = {
    Sid,
    Effect: 'Allow',
    Principal: principalOf(Principal),
    Action,
    Resource: one.arn,
    ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
  };
  one.statements.set(Sid, statement);
  return { Statement: JSON.stringify(statement) };
}

function stringEquals(values: Readonly<Record<string, string | undefined>>): object {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { StringEquals: Object.fromEntries(given) };
}

function principalOf(text: string): unknown {
  if (text === '*') return '*';
  if (/^\d{12}$/.test(text)) return { AWS: `arn:aws:iam::${text}:root` };
  return text.startsWith('arn:') ? { AWS: text } : { Service: text };
}

export function removePermission(
  account: Account,
  { FunctionName, StatementId = '' }: RemovePermissionRequest,
): object {
  if (!functionOf(account, FunctionName).statements.delete(StatementId))
    throw notFound(`Statement ${StatementId} is not found in resource policy.`);
  return {};
}

export function getPolicy(account: Account, { FunctionName }: Named): GetPolicyResponse {
  const { statements } = functionOf(account, FunctionName);
  if (statements.size === 0) throw notFound('The resource you requested does not exist.');
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Id: 'default',
    Statement: [...statements.values()],
  });
  return { Policy, RevisionId: createHash('md5').update(Policy).digest('hex') };
}

export function createFunctionUrlConfig(
  account: Account,
  { FunctionName, AuthType = 'AWS_IAM' }: CreateFunctionUrlConfigRequest,
): CreateFunctionUrlConfigResponse {
  const one = functionOf(account, FunctionName);
  if (one.url !== undefined)
    throw conflict(
      `Failed to create function url config for [functionArn = ${one.arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    );
  const id = createHash('sha256').update(one.arn).digest('hex').slice(0, 32);
  const url = `https://${id}.lambda-url.${account.region}.on.aws/`;
  one.url = { authType: AuthType, url, createdAt: account.clock.now() };
  return urlOf(one);
}

export function getFunctionUrlConfig(
  account: Account,
  { FunctionName }: Named,
): GetFunctionUrlConfigResponse {
  const shown = urlOf(functionOf(account, FunctionName));
  return { ...shown, LastModifiedTime: shown.CreationTime };
}

export function deleteFunctionUrlConfig(account: Account, { FunctionName }: Named): object {
  const one = functionOf(account, FunctionName);
  urlOf(one);
  delete one.url;
  return {};
}

function urlOf({ url, arn }: SimulatedFunction): CreateFunctionUrlConfigResponse {
  if (url === undefined) throw notFound('The resource you requested does not exist.');
  return {
    FunctionUrl: url.url,
    FunctionArn: arn,
    AuthType: url.authType,
    CreationTime: new Date(url.createdAt).toISOString(),
    InvokeMode: 'BUFFERED',
  };
}
