import type { Parameter, Tag } from '@aws-sdk/client-cloudformation';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { objectOf } from '../s3/bucket.ts';
import { inOrder } from './order.ts';
import type { Deployment, SimulatedStack } from './stack.ts';
import { type CfnTemplate, type ParameterDeclaration, parseTemplate, validationError } from './template.ts';
import { typeOf } from './types.ts';

/** Source: AWS CloudFormation API Reference, "CreateStack". */
const MAX_BODY = 51_200;
const MAX_TEMPLATE = 1_048_576;

const UPDATABLE =
  /^(CREATE_COMPLETE|UPDATE_COMPLETE|UPDATE_ROLLBACK_COMPLETE|UPDATE_FAILED|IMPORT_(ROLLBACK_)?COMPLETE)$/;

export interface DeploymentRequest {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters?: readonly Parameter[] | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly RoleARN?: string | undefined;
  readonly Tags?: readonly Tag[] | undefined;
  readonly ClientRequestToken?: string | undefined;
  readonly OnFailure?: string | undefined;
  readonly OnStackFailure?: string | undefined;
}

/** What a request makes of a stack, or AWS's error. */
export function deploymentOf(
  account: Account,
  request: DeploymentRequest,
  stack: SimulatedStack | undefined,
): Deployment {
  const before = stack?.deployment;
  const template =
    request.UsePreviousTemplate === true ? before?.template : parseTemplate(bodyOf(account, request));
  if (template === undefined) throw validationError('UsePreviousTemplate is not valid for a new stack');
  const unknown = Object.values(template.resources)
    .map(({ Type }) => Type)
    .filter((type) => typeOf(type) === undefined);
  if (unknown.length > 0)
    throw validationError(
      `Template format error: Unrecognized resource types: [${[...new Set(unknown)].join(', ')}]`,
    );
  inOrder(template);
  checkCapabilities(template, request.Capabilities ?? []);
  const onFailure = request.OnStackFailure ?? request.OnFailure;
  return {
    template,
    parameters: parametersOf(template, request.Parameters ?? [], before),
    tags: request.Tags ?? before?.tags ?? [],
    capabilities: request.Capabilities ?? [],
    roleArn: request.RoleARN ?? before?.roleArn,
    token: request.ClientRequestToken,
    onFailure: onFailure === 'DELETE' || onFailure === 'DO_NOTHING' ? onFailure : 'ROLLBACK',
  };
}

function bodyOf(account: Account, { TemplateBody, TemplateURL }: DeploymentRequest): string {
  if ((TemplateBody === undefined) === (TemplateURL === undefined))
    throw validationError('Either Template URL or Template Body must be specified.');
  if (TemplateBody !== undefined) {
    if (Buffer.byteLength(TemplateBody) > MAX_BODY)
      throw validationError(
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200",
      );
    return TemplateBody;
  }
  const [, host = '', path = ''] = /^https:\/\/([^/]+)\/(.*)$/.exec(TemplateURL ?? '') ?? [];
  const [, inHost] = /^(.+)\.s3[.-][a-z0-9.-]*amazonaws\.com$/.exec(host) ?? [];
  const [bucket = '', key] = inHost === undefined ? splitOnce(path, '/') : [inHost, path];
  if (!/s3[a-z0-9.-]*\.amazonaws\.com$/.test(host) || !account.buckets.has(bucket))
    throw validationError('TemplateURL must be a supported URL.');
  const object = account.buckets.get(bucket);
  if (object === undefined) throw validationError('TemplateURL must be a supported URL.');
  const { body } = objectOf(object, decodeURIComponent(key ?? ''), undefined);
  if (body.length > MAX_TEMPLATE)
    throw validationError(`Template may not exceed ${MAX_TEMPLATE} bytes in size.`);
  return body.toString('utf8');
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function checkCapabilities({ resources }: CfnTemplate, given: readonly string[]): void {
  const iam = Object.values(resources).filter(({ Type }) => typeOf(Type)?.isIam === true);
  const isNamed = iam.some(({ Type, Properties }) => {
    const name = typeOf(Type)?.name;
    return name !== undefined && Properties?.[name] !== undefined;
  });
  const wanted = isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
  const has = given.includes('CAPABILITY_NAMED_IAM') || (!isNamed && given.includes('CAPABILITY_IAM'));
  if (iam.length > 0 && !has)
    throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${wanted}]`);
}

function parametersOf(
  { parameters }: CfnTemplate,
  given: readonly Parameter[],
  before: Deployment | undefined,
): Map<string, string> {
  const strangers = given.map(({ ParameterKey = '' }) => ParameterKey).filter((key) => !(key in parameters));
  if (strangers.length > 0)
    throw validationError(`Parameters: [${strangers.join(', ')}] do not exist in the template`);
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const [name, declared] of Object.entries(parameters)) {
    const own = given.find(({ ParameterKey }) => ParameterKey === name);
    const previous = own?.UsePreviousValue === true ? before?.parameters.get(name) : own?.ParameterValue;
    const value = previous ?? (declared.Default === undefined ? undefined : String(declared.Default));
    if (value === undefined) missing.push(name);
    else values.set(name, allowed(name, value, declared));
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

function allowed(
  name: string,
  value: string,
  { AllowedValues, AllowedPattern, Type }: ParameterDeclaration,
): string {
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(value))
    throw validationError(`Parameter '${name}' must be one of AllowedValues`);
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(value))
    throw validationError(`Parameter '${name}' must match pattern ${AllowedPattern}`);
  if (Type === 'Number' && (value === '' || Number.isNaN(Number(value))))
    throw validationError(`Parameter '${name}' must be a number.`);
  return value;
}

/** Secrets are not shown. */
export function shownParameters({ template, parameters }: Deployment): Parameter[] {
  return [...parameters].map(([ParameterKey, value]) => {
    const secret = String(template.parameters[ParameterKey]?.NoEcho) === 'true';
    return { ParameterKey, ParameterValue: secret ? '****' : value };
  });
}

export function mustBeUpdatable({ id, status }: SimulatedStack): void {
  if (!UPDATABLE.test(status))
    throw validationError(`Stack:${id} is in ${status} state and can not be updated.`);
}

export function mustKeepTypes(
  { resources }: SimulatedStack,
  template: { readonly resources: Readonly<Record<string, { readonly Type: string }>> },
): void {
  const changed = [...resources.values()]
    .filter(({ logicalId, type }) => (template.resources[logicalId]?.Type ?? type) !== type)
    .map(({ logicalId }) => logicalId);
  if (changed.length > 0)
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`,
    );
}
