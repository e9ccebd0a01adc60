import type { Output, ResourceStatus } from '@aws-sdk/client-cloudformation';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Properties } from '../cloudcontrol/resource-type.ts';
import { changedKeys, isSame } from './compare.ts';
import { evaluate, isPresent, type Scope } from './evaluate.ts';
import { inOrder } from './order.ts';
import { destroy, failureOf, remove } from './remove.ts';
import {
  type Deployment,
  note,
  type SimulatedStack,
  type StackResource,
  scopeOf,
  setStatus,
  timeIn,
} from './stack.ts';
import type { ResourceDeclaration } from './template.ts';
import { typeOf } from './types.ts';

/** Undone when something fails later. */
type Undo = () => Generator<number, void>;

const REPLACING = 'Requested update requires the creation of a new physical resource; hence creating one.';

/**
 * Creates or updates a stack, a resource after the other, and takes it back when one fails. Each value
 * is how long what comes next takes, in simulated milliseconds.
 */
export function* deploy(
  account: Account,
  stack: SimulatedStack,
  deployment: Deployment,
  kind: 'CREATE' | 'UPDATE',
): Generator<number, void> {
  const duration = account.settings.stackStepDuration;
  const { token } = deployment;
  const before = stack.deployment;
  const outputs = stack.outputs;
  const undo: Undo[] = [];
  const leftovers: StackResource[] = [];
  setStatus(account, stack, `${kind}_IN_PROGRESS`, { reason: 'User Initiated', token });
  stack.deployment = deployment;
  if (kind === 'UPDATE') stack.updatedAt = account.clock.now();
  const scope = scopeOf(account, stack, deployment, (id) => stack.resources.get(id));
  let failed: string | undefined;
  for (const id of inOrder(deployment.template)) {
    const declared = deployment.template.resources[id];
    if (declared === undefined || !isPresent(declared, scope)) continue;
    failed = yield* make(id, declared);
    if (failed !== undefined) break;
  }
  if (failed === undefined) {
    stack.outputs = outputsOf(deployment, scope);
    if (kind === 'CREATE') setStatus(account, stack, 'CREATE_COMPLETE', { token });
    else yield* cleanUp();
    return;
  }
  if (kind === 'CREATE' && deployment.onFailure === 'DO_NOTHING') {
    const reason = `The following resource(s) failed to create: [${failed}]. `;
    setStatus(account, stack, 'CREATE_FAILED', { reason, token });
    return;
  }
  yield* rollBack(failed);

  function* make(id: string, declared: ResourceDeclaration): Generator<number, string | undefined> {
    const existing = stack.resources.get(id);
    const type = typeOf(declared.Type);
    let properties: Properties = {};
    const tell = (status: ResourceStatus, physicalId: string, reason?: string): void =>
      note(account, stack, {
        logicalId: id,
        physicalId,
        type: declared.Type,
        status,
        reason,
        token,
        properties,
      });
    let verb: 'CREATE' | 'UPDATE' = 'CREATE';
    try {
      properties = evaluate(declared.Properties ?? {}, scope) as Properties;
      if (type === undefined) throw new AwsError('NotFound', `${declared.Type} is not simulated`);
      const keep = (made: Pick<StackResource, 'physicalId' | 'attributes'>, status: ResourceStatus): void => {
        stack.resources.set(id, {
          ...made,
          logicalId: id,
          type: declared.Type,
          properties,
          deletionPolicy: declared.DeletionPolicy ?? 'Delete',
          updateReplacePolicy: declared.UpdateReplacePolicy ?? 'Delete',
          status,
          statusReason: undefined,
          changedAt: timeIn(account, stack),
        });
        tell(status, made.physicalId);
      };
      if (existing !== undefined && isSame(existing.properties, properties)) {
        stack.resources.set(id, { ...existing, deletionPolicy: declared.DeletionPolicy ?? 'Delete' });
        return undefined;
      }
      const replaced =
        existing !== undefined &&
        changedKeys(existing.properties, properties).some((key) => type.replacement.includes(key));
      if (existing !== undefined && !replaced) {
        verb = 'UPDATE';
        tell('UPDATE_IN_PROGRESS', existing.physicalId);
        yield duration;
        type.update(account, existing.physicalId, properties);
        keep(existing, 'UPDATE_COMPLETE');
        undo.push(function* () {
          tell('UPDATE_IN_PROGRESS', existing.physicalId);
          yield duration;
          type.update(account, existing.physicalId, existing.properties);
          stack.resources.set(id, existing);
          tell('UPDATE_COMPLETE', existing.physicalId);
        });
        return undefined;
      }
      verb = existing === undefined ? 'CREATE' : 'UPDATE';
      tell(`${verb}_IN_PROGRESS`, existing?.physicalId ?? '', existing === undefined ? undefined : REPLACING);
      yield duration;
      const made = type.create(account, properties, newName(account, stack, id));
      keep(made, `${verb}_COMPLETE`);
      if (existing !== undefined) leftovers.push(existing);
      const now = stack.resources.get(id);
      undo.push(function* () {
        if (existing !== undefined) stack.resources.set(id, existing);
        if (now !== undefined)
          yield* remove(account, stack, now, { token, duration, keepEntry: existing !== undefined });
      });
      return undefined;
    } catch (error) {
      const reason = failureOf(error);
      tell(`${verb}_FAILED`, existing?.physicalId ?? '', reason);
      return id;
    }
  }

  function* cleanUp(): Generator<number, void> {
    const present = new Set(
      Object.entries(deployment.template.resources).flatMap(([id, declared]) =>
        isPresent(declared, scope) ? [id] : [],
      ),
    );
    const removed = [...stack.resources.values()].filter(({ logicalId }) => !present.has(logicalId));
    if (removed.length + leftovers.length > 0) {
      setStatus(account, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', { token });
      for (const one of leftovers.toReversed())
        yield* remove(account, stack, one, {
          token,
          duration,
          keepEntry: true,
          policy: one.updateReplacePolicy,
        });
      for (const one of removed.toReversed())
        yield* remove(account, stack, one, { token, duration, policy: one.deletionPolicy });
    }
    setStatus(account, stack, 'UPDATE_COMPLETE', { token });
  }

  function* rollBack(id: string): Generator<number, void> {
    const prefix = kind === 'CREATE' ? '' : 'UPDATE_';
    const verb = kind === 'CREATE' ? 'create' : 'update';
    const ending = kind === 'CREATE' ? 'Rollback requested by user.' : '';
    const reason = `The following resource(s) failed to ${verb}: [${id}]. ${ending}`;
    setStatus(account, stack, `${prefix}ROLLBACK_IN_PROGRESS`, { reason, token });
    for (const step of undo.toReversed()) yield* step();
    stack.outputs = outputs;
    if (kind === 'CREATE') {
      setStatus(account, stack, 'ROLLBACK_COMPLETE', { token });
      if (deployment.onFailure === 'DELETE') yield* destroy(account, stack, token);
      return;
    }
    stack.deployment = before;
    setStatus(account, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', { token });
    setStatus(account, stack, 'UPDATE_ROLLBACK_COMPLETE', { token });
  }
}

function newName(account: Account, { name }: SimulatedStack, logicalId: string): string {
  return `${name}-${logicalId}-${account.newId('n').slice(3, 15).toUpperCase()}`;
}

function outputsOf({ template }: Deployment, scope: Scope): Output[] {
  return Object.entries(template.outputs).flatMap(([key, declared]) => {
    const output = declared as {
      Value: unknown;
      Description?: string;
      Export?: { Name: unknown };
      Condition?: string;
    };
    if (output.Condition !== undefined && !isPresent({ Type: '', Condition: output.Condition }, scope))
      return [];
    return [
      {
        OutputKey: key,
        OutputValue: String(evaluate(output.Value, scope)),
        ...(output.Description === undefined ? {} : { Description: output.Description }),
        ...(output.Export === undefined ? {} : { ExportName: String(evaluate(output.Export.Name, scope)) }),
      },
    ];
  });
}
