import type { CloudFormation, CreateChangeSetInput, Parameter } from '@aws-sdk/client-cloudformation';
import { awsErrorCode, describeAwsError } from '../../aws/errors.ts';
import type { Subject } from '../subject.ts';
import type { Door } from './door.ts';
import { Ended, sentence, usedBefore } from './ended.ts';
import type { DoorRequest } from './request.ts';
import { describeStack } from './stack-state.ts';
import { handOver } from './template-text.ts';

/** What a change set is made of. */
export interface NewChangeSet {
  readonly request: DoorRequest;
  readonly text: string;
  readonly subject: Subject;
  readonly name: string;
  readonly digest: string;
  readonly isNew: boolean;
}

export async function createChangeSet(
  { request, text, subject, name, digest, isNew }: NewChangeSet,
  door: Door,
): Promise<string> {
  const { cloudformation, settings } = door;
  const { stackName, tags, capabilities } = request;
  const description = `Cordon door, request ${digest}`;
  const known = await describedOrNot(cloudformation, stackName, name);
  if (known !== undefined) {
    if (known.Description !== description) throw usedBefore();
    return known.ChangeSetId ?? '';
  }
  const source = await handOver(text, settings.uploadBucket, door.region, door.s3);
  if ('reason' in source) throw new Ended('invalid', sentence(source.reason));
  const input: CreateChangeSetInput = {
    StackName: stackName,
    ChangeSetName: name,
    ChangeSetType: isNew ? 'CREATE' : 'UPDATE',
    ClientToken: name,
    Description: description,
    ...source,
    Parameters: await parametersFor(request, subject, isNew, door),
    Capabilities: capabilities,
    ...(Object.keys(tags).length === 0
      ? {}
      : { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
    ...(settings.deployRole === undefined ? {} : { RoleARN: settings.deployRole }),
  };
  try {
    const { Id = '' } = await cloudformation.createChangeSet(input);
    return Id;
  } catch (error) {
    const code = awsErrorCode(error);
    if (code === 'AlreadyExistsException') {
      // The same request came twice at once.
      const twin = await describedOrNot(cloudformation, stackName, name);
      if (twin?.Description === description) return twin.ChangeSetId ?? '';
      throw usedBefore();
    }
    if (code === 'ValidationError' || code === 'InsufficientCapabilitiesException')
      throw new Ended('invalid', `CloudFormation does not take it: ${describeAwsError(error)}`);
    throw error;
  }
}

/** Parameters of the template that are not given keep the values that they have. */
async function parametersFor(
  { parameters, stackName }: DoorRequest,
  subject: Subject,
  isNew: boolean,
  { cloudformation }: Door,
): Promise<Parameter[]> {
  const given = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
  if (isNew) return given;
  const { Parameters = [] } = (await describeStack(cloudformation, stackName)) ?? {};
  const kept = Parameters.flatMap(({ ParameterKey = '' }) =>
    ParameterKey in parameters || subject.typeOf(ParameterKey) === undefined
      ? []
      : [{ ParameterKey, UsePreviousValue: true }],
  );
  return [...given, ...kept];
}

async function describedOrNot(cloudformation: CloudFormation, StackName: string, ChangeSetName: string) {
  try {
    return await cloudformation.describeChangeSet({ StackName, ChangeSetName });
  } catch (error) {
    if (/ChangeSetNotFound/.test(awsErrorCode(error))) return undefined;
    if (awsErrorCode(error) === 'ValidationError' && /does not exist/.test(String(error))) return undefined;
    throw error;
  }
}
