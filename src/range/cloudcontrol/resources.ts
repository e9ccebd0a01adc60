import type {
  CreateResourceInput,
  DeleteResourceInput,
  GetResourceInput,
  GetResourceOutput,
  GetResourceRequestStatusInput,
  ListResourcesInput,
  ListResourcesOutput,
  ProgressEvent,
  UpdateResourceInput,
} from '@aws-sdk/client-cloudcontrol';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Caller } from '../caller.ts';
import { changedKeys, isSame } from '../cloudformation/compare.ts';
import { isRecorded } from '../cloudformation/types.ts';
import { patched } from './json-patch.ts';
import { beginRequest, handlerErrorCode, requestOf } from './requests.ts';
import type { Properties, ResourceType } from './resource-type.ts';
import { RESOURCE_TYPES } from './types.ts';

type Handlers = ResourceType & Required<Pick<ResourceType, 'read' | 'list'>>;

export function getResource(account: Account, { TypeName, Identifier }: GetResourceInput): GetResourceOutput {
  const type = handlersOf(TypeName, 'READ');
  const found = read(account, type, TypeName ?? '', Identifier ?? '');
  return {
    TypeName,
    ResourceDescription: { Identifier, Properties: JSON.stringify(found) },
  };
}

export function listResources(account: Account, input: ListResourcesInput): ListResourcesOutput {
  const type = handlersOf(input.TypeName, 'LIST');
  const { MaxResults = 100, NextToken } = input;
  const from = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString());
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError('InvalidRequestException', 'The next token is invalid.');
  const all = type.list(account);
  const to = from + MaxResults;
  return {
    TypeName: input.TypeName,
    ResourceDescriptions: all.slice(from, to).flatMap((Identifier) => {
      const found = type.read(account, Identifier);
      return found === undefined ? [] : [{ Identifier, Properties: JSON.stringify(shown(type, found)) }];
    }),
    ...(to < all.length ? { NextToken: Buffer.from(String(to)).toString('base64url') } : {}),
  };
}

export function createResource(
  account: Account,
  input: CreateResourceInput,
  _gone: AbortSignal,
  caller: Caller,
): { ProgressEvent: ProgressEvent } {
  const type = handlersOf(input.TypeName, 'CREATE');
  return {
    ProgressEvent: beginRequest(account, input, caller, () => {
      const desired = desiredState(input.DesiredState);
      const given = type.name === undefined ? undefined : desired[type.name];
      return {
        typeName: input.TypeName ?? '',
        operation: 'CREATE',
        identifier: given === undefined ? undefined : String(given),
        model: JSON.stringify(desired),
        work: () => type.create(account, desired, account.newId('resource').replace('-0', '-')).physicalId,
      };
    }),
  };
}

export function updateResource(
  account: Account,
  input: UpdateResourceInput,
  _gone: AbortSignal,
  caller: Caller,
): { ProgressEvent: ProgressEvent } {
  const { TypeName = '', Identifier = '', PatchDocument = '' } = input;
  const type = handlersOf(TypeName, 'UPDATE');
  return {
    ProgressEvent: beginRequest(account, input, caller, () => {
      const before = read(account, type, TypeName, Identifier);
      const after = patched(before, PatchDocument);
      return {
        typeName: TypeName,
        operation: 'UPDATE',
        identifier: Identifier,
        model: JSON.stringify(shown(type, after)),
        work: () => {
          update(account, type, Identifier, before, after);
          return Identifier;
        },
      };
    }),
  };
}

export function deleteResource(
  account: Account,
  input: DeleteResourceInput,
  _gone: AbortSignal,
  caller: Caller,
): { ProgressEvent: ProgressEvent } {
  const { TypeName = '', Identifier = '' } = input;
  const type = handlersOf(TypeName, 'DELETE');
  return {
    ProgressEvent: beginRequest(account, input, caller, () => ({
      typeName: TypeName,
      operation: 'DELETE',
      identifier: Identifier,
      model: undefined,
      work: () => {
        if (type.read(account, Identifier) === undefined)
          throw new AwsError('NotFound', `${TypeName} with identifier ${Identifier} was not found.`);
        type.delete(account, Identifier);
        return Identifier;
      },
    })),
  };
}

export function getResourceRequestStatus(
  account: Account,
  { RequestToken }: GetResourceRequestStatusInput,
): { ProgressEvent: ProgressEvent } {
  return { ProgressEvent: requestOf(account, RequestToken) };
}

function handlersOf(name: string | undefined, action: string): Handlers {
  const type = RESOURCE_TYPES.get(name ?? '');
  if (type?.read !== undefined && type.list !== undefined) return type as Handlers;
  if (type === undefined && !isRecorded(name ?? ''))
    throw new AwsError('TypeNotFoundException', `The type '${name}' cannot be found.`);
  throw new AwsError('UnsupportedActionException', `Resource type ${name} does not support ${action} action`);
}

/** An error of the service behind the read is AWS's exception of the same meaning. */
function read(account: Account, type: Handlers, typeName: string, id: string): Properties {
  let found: Properties | undefined;
  try {
    found = type.read(account, id);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const code = handlerErrorCode(error);
    if (code !== 'NotFound')
      throw new AwsError(code.endsWith('Exception') ? code : `${code}Exception`, error.message);
  }
  if (found === undefined)
    throw new AwsError(
      'ResourceNotFoundException',
      `Resource of type '${typeName}' with identifier '${id}' was not found.`,
    );
  return shown(type, found);
}

function update(account: Account, type: Handlers, id: string, before: Properties, after: Properties): void {
  const fixed = [...type.replacement, ...(type.readOnly ?? [])];
  const changed = changedKeys(before, after).filter((key) => fixed.includes(key));
  if (changed.length > 0)
    throw new AwsError(
      'NotUpdatable',
      `Invalid patch update: ${changed.map((key) => (type.readOnly?.includes(key) ? `readOnlyProperties [/properties/${key}]` : `createOnlyProperties [/properties/${key}]`)).join(', ')} cannot be updated`,
    );
  if (isSame(before, after)) return;
  const wanted = Object.entries(after).filter(([key]) => !type.readOnly?.includes(key));
  type.update(account, id, Object.fromEntries(wanted));
}

function desiredState(text: string | undefined): Properties {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text ?? '');
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new AwsError('InvalidRequestException', 'The desired state is not a JSON object.');
  return parsed as Properties;
}

function shown({ writeOnly = [] }: ResourceType, properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !writeOnly.includes(key)));
}
