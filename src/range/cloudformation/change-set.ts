import { randomUUID } from 'node:crypto';
import type {
  Change,
  ChangeSetStatus,
  ExecutionStatus,
  PolicyAction,
  Replacement,
  ResourceChange,
} from '@aws-sdk/client-cloudformation';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Properties, ResourceType } from '../cloudcontrol/resource-type.ts';
import { changedKeys } from './compare.ts';
import { evaluate, isPresent, KNOWN_LATER, type KnownResource } from './evaluate.ts';
import { inOrder } from './order.ts';
import {
  type Deployment,
  findStack,
  type SimulatedStack,
  type StackResource,
  scopeOf,
  settleStacks,
} from './stack.ts';
import { type ResourceDeclaration, validationError } from './template.ts';
import { typeOf } from './types.ts';

export interface SimulatedChangeSet {
  readonly id: string;
  readonly name: string;
  readonly kind: 'CREATE' | 'UPDATE';
  readonly description: string | undefined;
  readonly token: string | undefined;
  readonly deployment: Deployment;
  readonly createdAt: number;
  /** When it is worked out. */
  readonly readyAt: number;
  readonly changes: readonly Change[];
  /** Why it is of no use. */
  readonly failure: string | undefined;
  execution: ExecutionStatus;
}

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

export function newChangeSet(
  account: Account,
  stack: SimulatedStack,
  given: Pick<SimulatedChangeSet, 'name' | 'kind' | 'description' | 'token' | 'deployment'>,
): SimulatedChangeSet {
  const changes = changesOf(account, stack, given.deployment);
  const now = account.clock.now();
  const changeSet: SimulatedChangeSet = {
    ...given,
    id: `arn:aws:cloudformation:${account.region}:${account.id}:changeSet/${given.name}/${randomUUID()}`,
    createdAt: now,
    readyAt: now + account.settings.stackStepDuration,
    changes,
    failure: changes.length === 0 ? NO_CHANGES : undefined,
    execution: changes.length === 0 ? 'UNAVAILABLE' : 'AVAILABLE',
  };
  stack.changeSets.set(given.name, changeSet);
  return changeSet;
}

export function changeSetOf(
  account: Account,
  nameOrId: string | undefined,
  stackName: string | undefined,
): { readonly stack: SimulatedStack; readonly changeSet: SimulatedChangeSet } {
  settleStacks(account);
  if (nameOrId?.startsWith('arn:') !== true && stackName === undefined)
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  for (const stack of account.cloudformation.stacks.values()) {
    for (const changeSet of stack.changeSets.values()) {
      const named = stack === findStack(account, stackName) && changeSet.name === nameOrId;
      if (changeSet.id === nameOrId || named) return { stack, changeSet };
    }
  }
  throw new AwsError('ChangeSetNotFound', `ChangeSet [${nameOrId}] does not exist`, 404);
}

export function statusOf(
  account: Account,
  { readyAt, failure, execution }: SimulatedChangeSet,
): { readonly status: ChangeSetStatus; readonly execution: ExecutionStatus } {
  if (account.clock.now() < readyAt) return { status: 'CREATE_IN_PROGRESS', execution: 'UNAVAILABLE' };
  return { status: failure === undefined ? 'CREATE_COMPLETE' : 'FAILED', execution };
}

/** What a deployment would do to the resources of a stack. */
function changesOf(account: Account, stack: SimulatedStack, deployment: Deployment): Change[] {
  const known = new Map<string, KnownResource>();
  const scope = scopeOf(account, stack, deployment, (id) => known.get(id));
  const changes: Change[] = [];
  const present = new Set<string>();
  const add = (change: ResourceChange): void => {
    changes.push({ Type: 'Resource', ResourceChange: change });
  };
  for (const id of inOrder(deployment.template)) {
    const declared = deployment.template.resources[id];
    const type = declared === undefined ? undefined : typeOf(declared.Type);
    if (declared === undefined || type === undefined || !isPresent(declared, scope)) continue;
    present.add(id);
    const after = evaluate(declared.Properties ?? {}, scope) as Properties;
    const existing = stack.resources.get(id);
    if (existing === undefined) {
      add({
        Action: 'Add',
        LogicalResourceId: id,
        ResourceType: declared.Type,
        Scope: [],
        Details: [],
        AfterContext: contextOf(declared, after),
      });
      continue;
    }
    const change = modification(existing, declared, after, type);
    if (change !== undefined) add(change);
    if (change?.Replacement !== 'True') known.set(id, existing);
  }
  for (const existing of stack.resources.values()) {
    if (present.has(existing.logicalId)) continue;
    add({
      Action: 'Remove',
      LogicalResourceId: existing.logicalId,
      PhysicalResourceId: existing.physicalId,
      ResourceType: existing.type,
      PolicyAction: existing.deletionPolicy as PolicyAction,
      Scope: [],
      Details: [],
      BeforeContext: contextOf(declaredOf(stack, existing), existing.properties),
    });
  }
  return changes;
}

function modification(
  existing: StackResource,
  declared: ResourceDeclaration,
  after: Properties,
  type: ResourceType,
): ResourceChange | undefined {
  const keys = changedKeys(existing.properties, after);
  if (keys.length === 0) return undefined;
  const anew = keys.filter((key) => type.replacement.includes(key));
  const open = anew.every((key) => JSON.stringify(after[key])?.includes(KNOWN_LATER) === true);
  const replacement: Replacement = anew.length === 0 ? 'False' : open ? 'Conditional' : 'True';
  const policy = `ReplaceAnd${declared.UpdateReplacePolicy ?? 'Delete'}` as PolicyAction;
  return {
    Action: 'Modify',
    LogicalResourceId: existing.logicalId,
    PhysicalResourceId: existing.physicalId,
    ResourceType: existing.type,
    Replacement: replacement,
    ...(replacement === 'False' ? {} : { PolicyAction: policy }),
    Scope: ['Properties'],
    Details: keys.map((key) => ({
      Target: {
        Attribute: 'Properties',
        Name: key,
        Path: `/Properties/${key}`,
        RequiresRecreation: anew.includes(key) ? (open ? 'Conditionally' : 'Always') : 'Never',
        ...(existing.properties[key] === undefined ? {} : { BeforeValue: textOf(existing.properties[key]) }),
        ...(after[key] === undefined ? {} : { AfterValue: textOf(after[key]) }),
      },
      Evaluation: JSON.stringify(after[key])?.includes(KNOWN_LATER) === true ? 'Dynamic' : 'Static',
      ChangeSource: 'DirectModification',
    })),
    BeforeContext: contextOf(declared, existing.properties),
    AfterContext: contextOf(declared, after),
  };
}

function declaredOf(stack: SimulatedStack, { logicalId, type }: StackResource): ResourceDeclaration {
  return stack.deployment?.template.resources[logicalId] ?? { Type: type };
}

/** Every number and truth value is a text there. */
function contextOf(
  { DeletionPolicy, UpdateReplacePolicy, Metadata }: ResourceDeclaration,
  properties: Properties,
): string {
  return JSON.stringify({
    Properties: texts(properties),
    ...(DeletionPolicy === undefined ? {} : { DeletionPolicy }),
    ...(UpdateReplacePolicy === undefined ? {} : { UpdateReplacePolicy }),
    ...(Metadata === undefined ? {} : { Metadata }),
  });
}

function texts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, texts(item)]));
  return String(value);
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(texts(value)) : String(value);
}
