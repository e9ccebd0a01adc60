import type { Json } from '../../model/json.ts';

/** What CloudFormation or Cloud Control asks a Hook about. */
export interface HookRequest {
  readonly token: string;
  readonly target: HookTarget;
  readonly action: 'create' | 'update' | 'delete';
  readonly account: string;
  /** The name of the stack; none when Cloud Control asks. */
  readonly stack: string | undefined;
  readonly region: string | undefined;
  /** Cloud Control shows fewer characters of an answer. */
  readonly cloudControl: boolean;
}

export type HookTarget =
  | {
      readonly kind: 'resource';
      readonly type: string;
      readonly logicalId: string;
      readonly properties: Json | undefined;
    }
  | { readonly kind: 'stack' | 'change-set'; readonly name: string; readonly payload: string };

export interface UnreadableRequest {
  readonly token: string;
  readonly reason: string;
}

/** Deeper than the properties of any resource. */
const MAX_DEPTH = 100;
const POINTS: Readonly<Record<string, HookRequest['action']>> = {
  CREATE_PRE_PROVISION: 'create',
  UPDATE_PRE_PROVISION: 'update',
  DELETE_PRE_PROVISION: 'delete',
};

/**
 * Reads the event of a Lambda Hook. Source: CloudFormation Hooks User Guide, "Create Lambda functions to
 * evaluate resources for Lambda Hooks"; it writes `clientRequestToken` and `stackId` in two ways.
 */
export function readHookRequest(event: unknown): HookRequest | UnreadableRequest {
  const root = objectOf(event);
  const data = objectOf(root.requestData);
  const token = textOf(root.clientRequestToken ?? root.clientRequesttoken) ?? '';
  const unreadable = (reason: string): UnreadableRequest => ({ token, reason });
  const point = textOf(root.actionInvocationPoint);
  const type = textOf(data.targetType);
  const name = textOf(data.targetName);
  const logicalId = textOf(data.targetLogicalId) ?? '';
  const stackId = textOf(root.stackId ?? root.stackID) ?? '';
  const [, , , region, account = '', resource = ''] = stackId.split(':');
  const functionRegion = textOf(objectOf(root.hookModel).LambdaFunction)?.split(':')[3];
  const common = {
    token,
    account: textOf(root.awsAccountId) ?? account,
    stack: resource.split('/')[1],
    region: region || functionRegion || undefined,
    cloudControl: stackId === '',
  };
  if (type === undefined || name === undefined) return unreadable('the event has no target');
  if (type === 'STACK' || type === 'CHANGE_SET') {
    const action = point === undefined && type === 'CHANGE_SET' ? 'create' : POINTS[point ?? ''];
    const payload = textOf(data.payload);
    if (action === undefined) return unreadable('the event has no actionInvocationPoint that is known');
    if (payload === undefined && action !== 'delete') return unreadable('the event has no payload');
    const kind = type === 'STACK' ? 'stack' : 'change-set';
    return { ...common, action, target: { kind, name: logicalId, payload: payload ?? '' } };
  }
  const action = POINTS[point ?? ''];
  if (action === undefined) return unreadable('the event has no actionInvocationPoint that is known');
  const model = objectOf(data.targetModel);
  const properties = model.resourceProperties;
  if (action !== 'delete' && !isObject(properties)) return unreadable('the event has no resourceProperties');
  if (isDeeperThan(properties, MAX_DEPTH)) return unreadable('the properties are nested too deeply');
  const given = isObject(properties) ? (properties as Json) : undefined;
  return { ...common, action, target: { kind: 'resource', type: name, logicalId, properties: given } };
}

export function isDeeperThan(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((one) => isDeeperThan(one, limit - 1));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
