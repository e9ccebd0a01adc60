import { randomUUID } from 'node:crypto';
import type {
  Output,
  ResourceStatus,
  StackEvent,
  StackResourceDrift,
  StackStatus,
  Tag,
} from '@aws-sdk/client-cloudformation';
import type { Account } from '../account.ts';
import { type Caller, serviceSession } from '../caller.ts';
import { actFor } from '../cloudtrail/call.ts';
import type { SimulatedChangeSet } from './change-set.ts';
import type { KnownResource, Scope } from './evaluate.ts';
import { type CfnTemplate, validationError } from './template.ts';

/** As whom its calls come to other services. */
const CLOUDFORMATION_HOST = 'cloudformation.amazonaws.com';

/** What CloudFormation has in an account. */
export interface CloudFormationState {
  /** By id: also those that are deleted. */
  readonly stacks: Map<string, SimulatedStack>;
  /** Resources of types that the range only remembers. */
  readonly records: Map<string, SimulatedRecord>;
  readonly driftDetections: Map<string, DriftDetection>;
}

export interface SimulatedRecord {
  readonly type: string;
  properties: Readonly<Record<string, unknown>>;
}

export interface DriftDetection {
  readonly stack: SimulatedStack;
  readonly startedAt: number;
  readonly drifts: readonly StackResourceDrift[];
}

/** What a stack is to become. */
export interface Deployment {
  readonly template: CfnTemplate;
  readonly parameters: ReadonlyMap<string, string>;
  readonly tags: readonly Tag[];
  readonly capabilities: readonly string[];
  readonly roleArn: string | undefined;
  /** Is shown with every event of the operation. */
  readonly token: string | undefined;
  readonly onFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
}

export interface SimulatedStack {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  updatedAt: number | undefined;
  deletedAt: number | undefined;
  status: StackStatus;
  statusReason: string | undefined;
  deployment: Deployment | undefined;
  changeSetId: string | undefined;
  readonly resources: Map<string, StackResource>;
  outputs: Output[];
  /** The newest last. */
  readonly events: StackEvent[];
  readonly changeSets: Map<string, SimulatedChangeSet>;
  drift: { readonly at: number; readonly drifts: readonly StackResourceDrift[] } | undefined;
  /** What is under way; it goes on as time passes. */
  operation: { readonly steps: Generator<number, void>; readonly caller: Caller; nextAt: number } | undefined;
}

export interface StackResource extends KnownResource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  readonly status: ResourceStatus;
  readonly statusReason: string | undefined;
  readonly changedAt: number;
}

export function newStack(account: Account, name: string, status: StackStatus): SimulatedStack {
  if (!/^[A-Za-z][A-Za-z0-9-]{0,127}$/.test(name)) {
    throw validationError(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  const stack: SimulatedStack = {
    id: `arn:aws:cloudformation:${account.region}:${account.id}:stack/${name}/${randomUUID()}`,
    name,
    createdAt: account.clock.now(),
    updatedAt: undefined,
    deletedAt: undefined,
    status,
    statusReason: undefined,
    deployment: undefined,
    changeSetId: undefined,
    resources: new Map(),
    outputs: [],
    events: [],
    changeSets: new Map(),
    drift: undefined,
    operation: undefined,
  };
  account.cloudformation.stacks.set(stack.id, stack);
  return stack;
}

/** By name, where it is not deleted, or by id. */
export function findStack(account: Account, nameOrId: string | undefined): SimulatedStack | undefined {
  settleStacks(account);
  for (const stack of account.cloudformation.stacks.values()) {
    if (stack.id === nameOrId) return stack;
    if (stack.name === nameOrId && stack.status !== 'DELETE_COMPLETE') return stack;
  }
  return undefined;
}

export function stackOf(account: Account, nameOrId: string | undefined): SimulatedStack {
  const stack = findStack(account, nameOrId);
  if (stack === undefined) throw validationError(`Stack with id ${nameOrId} does not exist`);
  return stack;
}

/** What only time brings about: operations go on. */
export function settleStacks(account: Account): void {
  const now = account.clock.now();
  for (const stack of account.cloudformation.stacks.values()) {
    for (let operation = stack.operation; operation !== undefined && operation.nextAt <= now; ) {
      const { steps, caller } = operation;
      const step = actFor(account, caller, CLOUDFORMATION_HOST, () => steps.next());
      if (step.done) {
        stack.operation = undefined;
        break;
      }
      operation.nextAt += step.value;
      operation = stack.operation;
    }
  }
}

/** Simulated time inside of an operation, milliseconds. */
export function timeIn(account: Account, stack: SimulatedStack): number {
  return Math.min(stack.operation?.nextAt ?? account.clock.now(), account.clock.now());
}

/** The caller, or the role that the stack has for it, makes the calls. */
export function begin(
  account: Account,
  stack: SimulatedStack,
  steps: Generator<number, void>,
  { caller, roleArn }: { readonly caller: Caller; readonly roleArn: string | undefined },
): void {
  const acting = roleArn === undefined ? caller : serviceSession(account, roleArn, 'AWSCloudFormation');
  stack.operation = { steps, caller: acting, nextAt: account.clock.now() };
  settleStacks(account);
}

export function note(
  account: Account,
  stack: SimulatedStack,
  event: {
    readonly logicalId: string;
    readonly physicalId: string;
    readonly type: string;
    readonly status: ResourceStatus;
    readonly reason?: string | undefined;
    readonly token?: string | undefined;
    readonly properties?: unknown;
  },
): void {
  stack.events.push({
    StackId: stack.id,
    StackName: stack.name,
    EventId: randomUUID(),
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    ResourceStatus: event.status,
    Timestamp: new Date(timeIn(account, stack)),
    ...(event.reason === undefined ? {} : { ResourceStatusReason: event.reason }),
    ...(event.token === undefined ? {} : { ClientRequestToken: event.token }),
    ...(event.properties === undefined ? {} : { ResourceProperties: JSON.stringify(event.properties) }),
  });
}

export function setStatus(
  account: Account,
  stack: SimulatedStack,
  status: StackStatus,
  { reason, token }: { readonly reason?: string | undefined; readonly token: string | undefined },
): void {
  stack.status = status;
  stack.statusReason = reason;
  note(account, stack, {
    logicalId: stack.name,
    physicalId: stack.id,
    type: 'AWS::CloudFormation::Stack',
    status: status as ResourceStatus,
    reason,
    token,
  });
}

/** What the functions of a deployment's template can see. */
export function scopeOf(
  account: Account,
  stack: Pick<SimulatedStack, 'id' | 'name'>,
  { template, parameters }: Pick<Deployment, 'template' | 'parameters'>,
  resource: Scope['resource'],
): Scope {
  return {
    template,
    parameters,
    resource,
    pseudo: {
      'AWS::AccountId': account.id,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': account.region,
      'AWS::StackId': stack.id,
      'AWS::StackName': stack.name,
      'AWS::URLSuffix': 'amazonaws.com',
    },
    exported: (name) =>
      [...account.cloudformation.stacks.values()]
        .filter(({ status }) => status !== 'DELETE_COMPLETE')
        .flatMap(({ outputs }) => outputs)
        .find(({ ExportName }) => ExportName === name)?.OutputValue,
  };
}
