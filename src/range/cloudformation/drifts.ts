import { randomUUID } from 'node:crypto';
import type {
  DescribeStackDriftDetectionStatusInput,
  DescribeStackResourceDriftsInput,
  DetectStackDriftInput,
  StackDriftDetectionStatus,
  StackDriftStatus,
} from '@aws-sdk/client-cloudformation';
import type { Account } from '../account.ts';
import { driftsOf } from './drift.ts';
import { stackOf } from './stack.ts';
import { validationError } from './template.ts';

export function detectStackDrift(
  account: Account,
  { StackName }: DetectStackDriftInput,
): { StackDriftDetectionId: string } {
  const stack = stackOf(account, StackName);
  if (!/^((CREATE|UPDATE|UPDATE_ROLLBACK|ROLLBACK)_(COMPLETE|FAILED))$/.test(stack.status))
    throw validationError(
      `Drift detection cannot be performed on stack [${stack.id}] in state ${stack.status}`,
    );
  const id = randomUUID();
  const startedAt = account.clock.now();
  account.cloudformation.driftDetections.set(id, { stack, startedAt, drifts: driftsOf(account, stack) });
  return { StackDriftDetectionId: id };
}

export function describeStackDriftDetectionStatus(
  account: Account,
  { StackDriftDetectionId: id = '' }: DescribeStackDriftDetectionStatusInput,
) {
  const detection = account.cloudformation.driftDetections.get(id);
  if (detection === undefined) throw validationError(`Drift detection with id ${id} does not exist`);
  const { stack, startedAt, drifts } = detection;
  const common = { StackId: stack.id, StackDriftDetectionId: id, Timestamp: new Date(startedAt) };
  if (account.clock.now() < startedAt + account.settings.stackStepDuration) {
    const DetectionStatus: StackDriftDetectionStatus = 'DETECTION_IN_PROGRESS';
    return { ...common, DetectionStatus };
  }
  stack.drift = { at: startedAt, drifts };
  const drifted = drifts.filter(
    ({ StackResourceDriftStatus: one }) => one === 'MODIFIED' || one === 'DELETED',
  );
  const StackDriftStatus: StackDriftStatus = drifted.length > 0 ? 'DRIFTED' : 'IN_SYNC';
  const DetectionStatus: StackDriftDetectionStatus = 'DETECTION_COMPLETE';
  return { ...common, DetectionStatus, StackDriftStatus, DriftedStackResourceCount: drifted.length };
}

export function describeStackResourceDrifts(
  account: Account,
  { StackName, StackResourceDriftStatusFilters }: DescribeStackResourceDriftsInput,
) {
  const { drift } = stackOf(account, StackName);
  const wanted = new Set<string>(StackResourceDriftStatusFilters ?? []);
  return {
    StackResourceDrifts: (drift?.drifts ?? []).filter(
      ({ StackResourceDriftStatus }) => wanted.size === 0 || wanted.has(StackResourceDriftStatus ?? ''),
    ),
  };
}
